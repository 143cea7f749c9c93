"""How sales answer to prices: one number per product, pulled towards what all products show, with how sure it is.

Within each shop and product, weeks are compared with each other: log pieces on log price (constant elasticity). What few
weeks say is shrunk to the mean of all products, and that to what is known of retail prices at large: about −2, give or
take 1 (Tellis 1988; Bijmolt, van Heerde and Pieters 2005). Stays wide where prices hardly moved: then nobody knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log, sqrt
from statistics import fmean

WEEKS = 8  # of a shop's product, at least
MOVED = 0.02  # of a price, as a standard deviation of its logarithm, at least
PRIOR, PRIOR_SD = -2.0, 1.0
SURE_SD = 0.7  # above it is not known
STEPS = (-1_000, -500, 500, 1_000)  # basis points; a shop's price is never moved further at a time
PESSIMIST = 0.84  # standard deviations: in four cases of five it is better than that
GAIN = 0.03  # less is not worth the trouble


@dataclass(frozen=True, slots=True)
class Week:
    """A week of a product in a shop: pieces, and what one was sold for."""

    shop: int
    product: int
    pieces: float
    price: float


@dataclass(frozen=True, slots=True)
class Elasticity:
    """By how many per cent more are sold if the price rises by one; ``sd`` is how unsure that is."""

    value: float
    sd: float
    weeks: int

    @property
    def known(self) -> bool:
        return self.sd <= SURE_SD


@dataclass(frozen=True, slots=True)
class Step:
    """A change of price worth trying: what is kept then, against now, as a share; ``least`` in four cases of five."""

    bps: int
    gain: float
    least: float


def estimate(weeks: Iterable[Week]) -> dict[int, Elasticity]:
    """Give the elasticity of each product that was sold at more than one price for long enough."""
    units: dict[tuple[int, int], list[Week]] = defaultdict(list)
    for week in weeks:
        units[week.shop, week.product].append(week)
    sums: dict[int, list[tuple[float, float, float, int]]] = defaultdict(list)
    for (_shop, product), listed in units.items():
        if (found := _within(listed)) is not None:
            sums[product].append(found)
    raw = {product: _raw(parts) for product, parts in sums.items()}
    mean, spread = _together(raw)
    return {product: _shrunk(value, sd, n, mean, spread) for product, (value, sd, n) in raw.items()}


def _within(listed: list[Week]) -> tuple[float, float, float, int] | None:
    if len(listed) < WEEKS:
        return None
    prices, pieces = [log(each.price) for each in listed], [log(each.pieces + 0.5) for each in listed]
    mean_price, mean_pieces = fmean(prices), fmean(pieces)
    xx = sum((each - mean_price) ** 2 for each in prices)
    if sqrt(xx / len(listed)) < MOVED:
        return None
    xy = sum((x - mean_price) * (y - mean_pieces) for x, y in zip(prices, pieces, strict=True))
    yy = sum((y - mean_pieces) ** 2 for y in pieces)
    return xx, xy, yy, len(listed)


def _raw(parts: list[tuple[float, float, float, int]]) -> tuple[float, float, int]:
    xx, xy, yy, weeks = (sum(each[at] for each in parts) for at in range(4))
    value = xy / xx
    left = max(yy - value * xy, 0.0) / max(weeks - len(parts) - 1, 1)
    return value, sqrt(max(left, 0.05) / xx), int(weeks)


def _together(raw: Mapping[int, tuple[float, float, int]]) -> tuple[float, float]:
    """Give mean and spread of products' elasticities, themselves pulled towards the prior (normal–normal)."""
    if not raw:
        return PRIOR, PRIOR_SD
    weights = [1 / (sd * sd + PRIOR_SD**2) for _value, sd, _n in raw.values()]
    mean = (
        PRIOR / PRIOR_SD**2 + sum(w * value for w, (value, _sd, _n) in zip(weights, raw.values(), strict=True))
    ) / (1 / PRIOR_SD**2 + sum(weights))
    return mean, PRIOR_SD


def _shrunk(value: float, sd: float, weeks: int, mean: float, spread: float) -> Elasticity:
    own, others = 1 / (sd * sd), 1 / (spread * spread)
    return Elasticity((value * own + mean * others) / (own + others), sqrt(1 / (own + others)), weeks)


def best_step(
    elasticity: Elasticity, price: int, wholesale: int, fee_bps: int, floor: int, ceiling: int
) -> Step | None:  # fmt: skip
    """Give the change of price after which most is kept, if that is worth it and likely; inside S's band only."""
    kept = price * (1 - fee_bps / 10_000) - wholesale
    if not elasticity.known or kept <= 0:
        return None
    found = [
        _tried(elasticity, bps, price, wholesale, fee_bps, kept)
        for bps in STEPS
        if floor <= price * (10_000 + bps) / 10_000 <= ceiling
    ]
    good = [each for each in found if each.gain >= GAIN and each.least > 0]
    return max(good, key=lambda each: each.gain, default=None)


def _tried(elasticity: Elasticity, bps: int, price: int, wholesale: int, fee_bps: int, kept: float) -> Step:
    times = 1 + bps / 10_000
    unit = (price * times * (1 - fee_bps / 10_000) - wholesale) / kept
    worse = elasticity.value - PESSIMIST * elasticity.sd if bps > 0 else elasticity.value + PESSIMIST * elasticity.sd
    return Step(bps, unit * times**elasticity.value - 1, unit * times**worse - 1)
