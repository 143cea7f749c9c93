"""The arithmetic of forecasts: patterns found, rare sales met, bands that hold, nothing seen that is to come."""

from __future__ import annotations

import numpy as np
import pytest

from enablement.selectors import forecasting

WEEK = [4, 4, 4, 4, 8, 12, 0]


def poisson(mean: float, series: int = 200, days: int = 224, seed: int = 7) -> np.ndarray:
    return np.random.default_rng(seed).poisson(mean, (series, days)).astype(float)


def test_what_repeats_each_week_is_foretold_as_it_is() -> None:
    made = forecasting.forecast(np.tile(WEEK * 20, (3, 1)).astype(float))
    assert np.allclose(made.expected[0], WEEK * 4, atol=0.6)
    assert made.middle[0].tolist() == WEEK * 4
    assert made.error.max() == 0


def test_a_day_nobody_sells_on_stays_empty() -> None:
    made = forecasting.forecast(poisson(5) * np.tile([1, 1, 1, 1, 1, 1, 0], 32))
    assert made.expected[:, 6::7].max() < 0.5
    assert made.high[:, 6::7].max() == 0


@pytest.mark.parametrize("mean", [0.1, 0.6, 3, 40])
def test_means_are_met_and_bands_hold_four_days_of_five(mean: float) -> None:
    days = poisson(mean, days=252)
    made = forecasting.forecast(days[:, :-28])
    truth = days[:, -28:]
    assert made.expected.mean() == pytest.approx(mean, rel=0.1)
    inside = ((truth >= made.low) & (truth <= made.high)).mean()
    assert inside >= 0.74  # rarely sold: no sale at all is inside, and already more than four of five
    assert made.inside.mean() == pytest.approx(inside, abs=0.05)


def test_sums_have_bands_of_their_own_and_enough_is_more() -> None:
    days = poisson(3, series=400, days=252)
    made = forecasting.forecast(days[:, :-28])
    for span in forecasting.SPANS:
        truth, sums = days[:, -28:][:, :span].sum(1), made.sums[span]
        assert ((truth >= sums[:, 1]) & (truth <= sums[:, 2])).mean() == pytest.approx(0.8, abs=0.1)
        assert (truth <= sums[:, 3]).mean() == pytest.approx(0.95, abs=0.04)


def test_noise_is_foretold_better_than_by_the_week_before() -> None:
    made = forecasting.forecast(poisson(3))
    assert (made.error <= 0.9 * made.naive).mean() > 0.7


def test_the_back_test_tells_what_a_forecast_of_that_day_would_have_erred() -> None:
    days = poisson(3)
    tested = [forecasting.forecast(days[:, : days.shape[1] - back]) for back in forecasting.ORIGINS]
    truths = [days[:, days.shape[1] - back :][:, :28] for back in forecasting.ORIGINS]
    errors = np.mean([np.abs(m.middle - t).mean(1) for m, t in zip(tested, truths, strict=True)], 0)
    assert forecasting.forecast(days).error.mean() == pytest.approx(errors.mean(), rel=0.02)


def test_a_short_history_is_foretold_and_says_it_was_not_tested() -> None:
    made = forecasting.forecast(poisson(3, days=20))
    assert made.expected.mean() == pytest.approx(3, rel=0.15)
    assert np.isnan(made.error).all()


def test_one_series_alone_is_enough() -> None:
    made = forecasting.forecast(poisson(2, series=1, days=30))
    assert made.expected.shape == (1, 28)
    assert made.sums[28][0, 1] <= made.sums[28][0, 0] <= made.sums[28][0, 2] <= made.sums[28][0, 3]


def test_what_never_sold_is_not_expected() -> None:
    made = forecasting.forecast(np.vstack([poisson(3, series=5), np.zeros((1, 224))]))
    assert (made.expected[-1].sum(), made.high[-1].sum(), made.sums[28][-1, 0]) == (0, 0, 0)
