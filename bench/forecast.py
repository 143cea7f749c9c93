"""Forecasts on real sales: the variants of Online Retail sold on 100 days or more, their last 28 days held out.

Nothing of the arithmetic was chosen by looking at these 28 days: what had to be chosen was, on windows that end before
them. A series in which "the same as a week before" made no error at all, because nothing was sold, has no ratio.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

from bench import invoices
from bench.results import Result
from enablement.selectors import forecasting

SOLD_DAYS, MANY = 100, 4_000


def measure() -> Iterator[Result]:
    """Hide the last 28 days of each series, forecast them, compare."""
    if not invoices.FILE.exists():
        yield Result("forecast", 0, "%", note="no file: set ONLINE_RETAIL")
        return
    days = _by_day()
    seen, truth = days[:, : -forecasting.AHEAD], days[:, -forecasting.AHEAD :]
    made = forecasting.forecast(seen)
    yield from _errors(made, seen, truth)
    yield from _bands(made, truth)
    yield _speed(seen)


def _by_day() -> Any:
    """Give the pieces sold: variants × days, closed days too."""
    by_code: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for each in invoices.sold():
        by_code[each.code][each.on.toordinal()] += each.pieces
    first = min(min(on) for on in by_code.values())
    last = max(max(on) for on in by_code.values())
    often = sorted(code for code, on in by_code.items() if len(on) >= SOLD_DAYS)
    days = np.zeros((len(often), last - first + 1))
    for row, code in enumerate(often):
        for on, pieces in by_code[code].items():
            days[row, on - first] = pieces
    return days


def _errors(made: forecasting.Forecasts, seen: Any, truth: Any) -> Iterator[Result]:
    naive = np.tile(seen[:, -7:], truth.shape[1] // 7)
    theirs, ours = np.abs(naive - truth).mean(1), np.abs(made.middle - truth).mean(1)
    counted = theirs > 0
    ratio = ours[counted] / theirs[counted]
    share = float((ratio <= 0.9).mean())
    strict = float((ratio <= 0.9).sum() / len(truth))
    yield Result(
        "forecast: series with a MASE of ≤ 0.9 of seasonal naive's",
        share * 100,
        "%",
        goal="≥ 70 %",
        met=share >= 0.7,
        note=f"{len(ratio):,} series, median {np.median(ratio):.2f}; {strict:.1%} with {len(truth) - len(ratio)} "
        "that sold nothing counted as missed",
    )
    scale = np.abs(seen[:, 7:] - seen[:, :-7]).mean(1)
    yield Result(
        "forecast: MASE, median",
        float(np.median(ours / scale)),
        "MASE",
        note=f"seasonal naive {np.median(theirs / scale):.2f}",
    )
    sums, real = made.sums[28][:, 0], truth.sum(1)
    wrong, guessed = np.abs(sums - real).sum() / real.sum(), np.abs(naive.sum(1) - real).sum() / real.sum()
    yield Result(
        "forecast: sums of 28 days, error of all pieces", float(wrong) * 100, "%",
        note=f"seasonal naive {guessed:.0%}; expected {sums.sum() / real.sum():.0%} of what was sold",
    )  # fmt: skip


def _bands(made: forecasting.Forecasts, truth: Any) -> Iterator[Result]:
    inside = (truth >= made.low) & (truth <= made.high)
    open_days = made.expected.mean(0) > made.expected.mean() * forecasting.OPEN
    part = float(inside.mean())
    yield Result(
        "forecast: days within the 80 % band", part * 100, "%", goal="75–85 %", met=0.75 <= part <= 0.85,
        note=f"{inside[:, open_days].mean():.1%} without the day of the week on which nobody sells",
    )  # fmt: skip
    sums, real = made.sums[28], truth.sum(1)
    held = ((real >= sums[:, 1]) & (real <= sums[:, 2])).mean()
    yield Result(
        "forecast: sums of 28 days within their 80 % band",
        float(held) * 100,
        "%",
        note=f"at most what is “enough”: {(real <= sums[:, 3]).mean():.1%}",
    )


def _speed(seen: Any) -> Result:
    many = np.tile(seen, (-(-MANY // len(seen)), 1))[:MANY]
    began = time.process_time()
    forecasting.forecast(many)
    seconds = time.process_time() - began
    return Result(f"forecast: {MANY:,} series, CPU time", seconds, "s", goal="< 60 s", met=seconds < 60)
