"""The arithmetic of forecasts, of many series at once and without tables: daily pieces in, 28 days ahead out.

A series is a row of pieces by day, the last column is yesterday. What is known of all series together serves each one:
the pattern of the week, which weekdays are closed, how wide a band has to be. Models and sources are in the ADR on
forecasts. Nothing here looks at what comes after the last column: the back-test hides the end and forecasts it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[Any]]
AHEAD = 28
WEEK = 7
BAND = 0.80
SERVICE = 0.95  # what is kept for surprises is to be enough in so many of a hundred cases
SPANS = (7, 14, 28)  # sums of so many days have a band of their own
ORIGINS = (84, 56, 28)  # days before the end at which the back-test forecasts
MODELS = ("level", "trend", "theta", "rare", "slow", "mixed")
LEVELS = np.linspace(0.5, 0.98, 25)  # widths tried until four of five days lie within
OPEN = 0.3  # a weekday with less than this part of an average day counts as closed
HALVES = (5, 10, 20, 60)  # days after which a day counts half, where the middle is asked
LASTING = 28  # … and where the bounds are
MIDDLE = (0.40, 0.45, 0.50, 0.55, 0.60)  # the mean of these is steadier than the median alone
BEST = 4  # so many of the eight middles are averaged
OPEN = 0.3  # a weekday with less than this part of an average day counts as closed
RECENT = 10  # days after which a day counts half, where the middle is asked
LASTING = 28  # … and where the bounds are
MIDDLE = (0.40, 0.45, 0.50, 0.55, 0.60)  # the mean of these is steadier than the median alone
ENOUGH = 10  # sums to judge by
LEAST = 4 * WEEK  # days of history for a back-test


@dataclass(frozen=True, slots=True)
class Forecasts:
    """What is expected of each series (rows) on each day ahead (columns), and how well it did on days it did not see.

    ``expected`` is the mean, for sums; ``middle`` the median, for single days; ``low`` to ``high`` holds a day in
    four of five cases. ``sums[days]``: expected, low, high and the amount that is enough in 95 of 100 cases.
    ``model`` names the row of ``MODELS``. ``error`` and ``naive`` are mean absolute errors of the back-test, of the
    middle and of "the same as a week before"; ``inside`` is the part of its days within the band. NaN: not tested.
    """

    expected: Floats
    middle: Floats
    low: Floats
    high: Floats
    sums: dict[int, Floats]
    model: Floats
    error: Floats
    naive: Floats
    inside: Floats


def forecast(history: Floats, ahead: int = AHEAD) -> Forecasts:
    """Forecast each row of ``history`` (series × days, oldest first; missing days of young series are zero)."""
    series, days = history.shape
    origins = [days - back for back in ORIGINS if days - back >= LEAST]
    tests = [_Look(history[:, :cut], ahead) for cut in origins]
    now = _Look(history, ahead)
    truths = [history[:, cut : cut + ahead] for cut in origins]
    model, ways = _choose(tests, truths, series), _ways(tests, truths, series)
    level = _width(tests, truths)
    pairs = list(zip(tests, truths, strict=True))
    middle, low, high = now.middle(ways), *now.band(level)
    expected = now.expected(model)
    return Forecasts(
        expected=expected,
        middle=middle,
        low=low,
        high=np.maximum(high, np.ceil(middle)),
        sums=_sums(now, expected, model, tests, truths),
        model=model,
        error=_mean(tests, [np.abs(look.middle(ways) - truth).mean(1) for look, truth in pairs], series),
        naive=_mean(tests, [np.abs(look.naive() - truth).mean(1) for look, truth in pairs], series),
        inside=_mean(tests, [_inside(look.band(level), truth).mean(1) for look, truth in pairs], series),
    )


class _Look:
    """What is known on the evening of the last day: the pattern of the week, levels, weighted days."""

    def __init__(self, seen: Floats, ahead: int) -> None:
        self.seen, self.ahead = seen, ahead
        self.alive: Any = seen.any(1)  # nothing is tested where nothing had been sold yet
        days = seen.shape[1]
        self.week = weekly_pattern(seen)
        open_days = self.week.mean(0) > OPEN
        past = np.arange(days - 1, -1, -1)
        columns = np.flatnonzero(open_days[(WEEK - 1 - past) % WEEK])[-26 * WEEK :]
        self.age = past[columns]
        self.flat = seen[:, columns] / np.maximum(self.week[:, (WEEK - 1 - self.age) % WEEK], OPEN)
        self.shape = np.tile(self.week, -(-ahead // WEEK))[:, :ahead]
        order = np.argsort(self.flat, 1, kind="stable")
        self._ranked = np.take_along_axis(self.flat, order, 1)
        self._below = {half: _share_below(0.5 ** (self.age / half), order) for half in (*HALVES, LASTING)}

    def expected(self, model: Floats) -> Floats:
        levels = self.levels()
        return np.maximum(np.take_along_axis(levels, model[None, :, None], 0)[0], 0) * self.shape

    def levels(self) -> Floats:
        """Give the level of each day ahead by each model: models × series × days."""
        first = self.flat[:, : WEEK * 4].mean(1) if self.flat.shape[1] else np.zeros(len(self.seen))
        steps = np.arange(1, self.ahead + 1)
        flat = _smooth(self.flat, first, 0.08)
        slow = self.flat[:, -13 * WEEK :].mean(1)
        trend = _damped(self.flat, first, steps)
        theta = np.maximum(flat[:, None] + _slope(self.flat)[:, None] / 2 * np.minimum(steps, WEEK * 2), 0)
        rare = _rare(self.flat)
        ones = np.ones(self.ahead)
        mixed = (flat[:, None] + rare[:, None] + theta) / 3
        return np.stack([flat[:, None] * ones, trend, theta, rare[:, None] * ones, slow[:, None] * ones, mixed])

    def naive(self) -> Floats:
        return np.tile(self.seen[:, -WEEK:], -(-self.ahead // WEEK))[:, : self.ahead]

    def quantile(self, part: float, half: int = LASTING) -> Floats:
        """Give the quantile of the days seen, later ones weighing more, of each series."""
        at = np.minimum((self._below[half] < part - 1e-9).sum(1), self._ranked.shape[1] - 1)
        return np.take_along_axis(self._ranked, at[:, None], 1)[:, 0]

    def middles(self) -> Floats:
        """Give the middle of a day in eight ways (ways × series): weighted medians, and means of square roots."""
        found = [np.mean([self.quantile(part, half) for part in MIDDLE], 0) for half in HALVES]
        roots = np.sqrt(self.flat)
        for half in HALVES:
            weights = 0.5 ** (self.age / half)
            found.append((roots @ (weights / weights.sum())) ** 2)
        return np.stack(found)

    def middle(self, ways: Floats) -> Floats:
        """Give the middle of each day ahead as the chosen ways have it on average (chosen × series)."""
        return np.rint(np.take_along_axis(self.middles(), ways, 0).mean(0)[:, None] * self.shape)

    def band(self, level: float) -> tuple[Floats, Floats]:
        """Give the bounds within which a day lies; where a day without sales is common, the band begins at nothing."""
        below = self.quantile((1 - level) / 2)
        top = np.where(below > 0, self.quantile((1 + level) / 2), self.quantile(level))
        return np.floor(below[:, None] * self.shape), np.rint(top[:, None] * self.shape)

    def spread(self) -> Floats:
        """Give how much days differ, as a standard deviation, never nothing."""
        weights = 0.5 ** (self.age / (2 * LASTING))
        weights = weights / weights.sum()
        mean = self.flat @ weights
        return np.sqrt(np.maximum((self.flat - mean[:, None]) ** 2 @ weights, mean) + 0.01)


def _share_below(weights: Floats, order: Any) -> Floats:
    total = np.cumsum(weights[order], 1)
    return total / np.maximum(total[:, -1:], 1e-12)


def weekly_pattern(seen: Floats, own: float = 1000.0, weeks: int = 8) -> Floats:
    """Give each series' part of the week by day, its mean 1, oldest of the last seven days first.

    A series counts for itself by its days with sales, against ``own`` days of what all series show together.
    """
    weeks = max(1, min(weeks, seen.shape[1] // WEEK))
    cube = seen[:, -weeks * WEEK :].reshape(len(seen), weeks, WEEK)
    by_day, busy = cube.sum(1), (cube > 0).sum((1, 2))
    total = by_day.sum(1, keepdims=True)
    shares = by_day / np.maximum(total, 1e-9)
    sold = total[:, 0] > 0
    even = np.full(WEEK, 1 / WEEK)
    weight = np.minimum(busy[sold], 100)
    all_of_them = ((shares[sold] * weight[:, None]).sum(0) + 10 * even) / (weight.sum() + 10) if sold.any() else even
    part = (busy / (busy + own))[:, None]
    return (part * shares + (1 - part) * all_of_them) * WEEK


# --- Levels -----------------------------------------------------------------------------------------------
def _smooth(flat: Floats, first: Floats, alpha: float) -> Floats:
    """Simple exponential smoothing (Brown 1959)."""
    level = first
    for column in flat.T:
        level = level + alpha * (column - level)
    return level


def _damped(flat: Floats, first: Floats, steps: Floats, alpha: float = 0.08, beta: float = 0.02) -> Floats:
    """Smooth level and a trend that dies away (Gardner and McKenzie 1985)."""
    damping = 0.95
    level, trend = first, np.zeros_like(first)
    for column in flat.T:
        before = level
        level = level + damping * trend + alpha * (column - level - damping * trend)
        trend = damping * trend + beta * (level - before - damping * trend)
    reach = damping * (1 - damping**steps) / (1 - damping)
    return np.maximum(level[:, None] + trend[:, None] * reach, 0)


def _slope(flat: Floats, days: int = 91) -> Floats:
    """Give the straight line's rise by day: half of it is Theta's drift (Assimakopoulos and Nikolopoulos 2000)."""
    late = flat[:, -days:]
    if late.shape[1] < 2:
        return np.zeros(len(flat))
    at = np.arange(late.shape[1]) - (late.shape[1] - 1) / 2
    return (late @ at) / (at @ at)


def _rare(flat: Floats, often: float = 0.05, size: float = 0.1) -> Floats:
    """Smooth how often something sells and how much it is then (Teunter, Syntetos and Babai 2011)."""
    chance = (flat[:, :56] > 0).mean(1)
    amount = flat[:, :56].sum(1) / np.maximum((flat[:, :56] > 0).sum(1), 1)
    for column in flat.T:
        sold = column > 0
        chance = chance + often * (sold - chance)
        amount = np.where(sold, np.where(amount > 0, amount + size * (column - amount), column), amount)
    return chance * amount


# --- What the back-test decides ----------------------------------------------------------------------------
def _choose(tests: list[_Look], truths: list[Floats], series: int) -> Floats:
    """Give each series the model whose sums of 14 and 28 days erred least; all series together have a say."""
    if not tests:
        return np.full(series, MODELS.index("mixed"))
    loss = np.zeros((len(MODELS), series))
    scale = 1e-9 + sum(truth.sum(1) for truth in truths) / len(truths)
    for look, truth in zip(tests, truths, strict=True):
        ahead = np.maximum(look.levels(), 0) * look.shape
        for days in (14, look.ahead):
            loss += look.alive * np.abs(ahead[:, :, :days].sum(2) - truth[:, :days].sum(1)) / scale
    known = np.minimum(loss, np.quantile(loss, 0.95))
    together = known.mean(1, keepdims=True)
    best: Floats = (known + 2 * together).argmin(0)
    return best


def _ways(tests: list[_Look], truths: list[Floats], series: int) -> Floats:
    """Give each series the ways to its middle that erred least, against "the same as a week before"."""
    count = 2 * len(HALVES)
    if not tests:
        return np.tile(np.arange(count)[:, None], (1, series))
    loss = np.zeros((count, series))
    for look, truth in zip(tests, truths, strict=True):
        days = np.rint(look.middles()[:, :, None] * look.shape)
        base = np.maximum(np.abs(look.naive() - truth).mean(1), 0.2)
        loss += look.alive * np.abs(days - truth).mean(2) / base / len(tests)
    loss = np.minimum(loss, 3)
    best: Floats = (loss + 3 * loss.mean(1, keepdims=True)).argsort(0, kind="stable")[:BEST]
    return best


def _width(tests: list[_Look], truths: list[Floats]) -> float:
    """Give the level at which four of five days of the back-test lay within the band; closed days don't count."""
    if not tests:
        return BAND
    found = [(abs(_covered(tests, truths, level) - BAND), level) for level in LEVELS]
    return float(min(found)[1])


def _covered(tests: list[_Look], truths: list[Floats], level: float) -> float:
    hits, days = 0.0, 0.0
    for look, truth in zip(tests, truths, strict=True):
        counted: Any = (look.shape > OPEN) & look.alive[:, None]
        hits += float((_inside(look.band(level), truth) & counted).sum())
        days += float(counted.sum())
    return hits / max(days, 1)


def _inside(band: tuple[Floats, Floats], truth: Floats) -> Floats:
    return (truth >= band[0]) & (truth <= band[1])


def _sums(
    now: _Look, expected: Floats, model: Floats, tests: list[_Look], truths: list[Floats]
) -> dict[int, Floats]:  # fmt: skip
    """Give expected, low, high and enough of sums; how far sums erred, in units of their spread, sets the bounds."""
    found = {}
    for days in SPANS:
        missed = [
            ((truth[:, :days].sum(1) - look.expected(model)[:, :days].sum(1)) / (look.spread() * np.sqrt(days)))[
                look.alive
            ]
            for look, truth in zip(tests, truths, strict=True)
        ]
        pool = np.concatenate(missed) if missed else np.empty(0)
        cuts = ((1 - BAND) / 2, (1 + BAND) / 2, SERVICE)
        low, high, enough = np.quantile(pool, cuts) if len(pool) >= ENOUGH else (-1.28, 1.28, 1.65)
        low, high, enough = min(low, 0.0), max(high, 0.0), max(enough, 0.0)
        mean, unit = expected[:, :days].sum(1), now.spread() * np.sqrt(days)
        bounds = [
            np.floor(np.maximum(mean + low * unit, 0)),
            np.ceil(mean + high * unit),
            np.ceil(mean + enough * unit),
        ]
        found[days] = np.stack([mean, *(np.maximum(each, 0) for each in bounds)], 1)
    return found


def _mean(tests: list[_Look], several: list[Floats], series: int) -> Floats:
    """Give the mean over the tests in which a series had been sold before; NaN where it had not in any."""
    if not tests:
        return np.full(series, np.nan)
    alive: Any = np.stack([look.alive for look in tests])
    total = (np.stack(several) * alive).sum(0)
    return np.where(alive.any(0), total / np.maximum(alive.sum(0), 1), np.nan)
