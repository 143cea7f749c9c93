"""Advice as shops are given it, and what it was worth: those shown against those held back, decided by chance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from enablement.models import Advice, AdviceRun
from s2b2c.kernel import clock

KEPT = 8  # days after which advice that was not given again is no longer shown
DAYS = 28  # in which it is measured what became of it
SINCE = 182
ENOUGH = 10  # held back, below which nothing is said
SURE = 1.96  # standard errors: 95 of 100 such intervals hold the truth
_OUTCOME = """
    WITH given AS (
        SELECT a.id, a.kind, a.held, a.reseller_id, a.made_on, r.currency,
               CASE WHEN a.kind = 'pair' THEN a.other_id ELSE a.product_id END AS thing
        FROM enablement_advice a JOIN tenancy_reseller r ON r.id = a.reseller_id
        WHERE a.made_on >= %(since)s AND a.made_on <= %(until)s AND (%(shop)s::bigint IS NULL OR a.reseller_id = %(shop)s)
    ), brought AS (
        SELECT g.id, g.kind, g.held, g.currency, COALESCE(sum(f.margin_minor), 0) AS kept
        FROM given g LEFT JOIN enablement_salesfact f ON f.reseller_id = g.reseller_id AND f.product_id = g.thing
             AND f.currency = g.currency AND f.day >= g.made_on AND f.day < g.made_on + %(days)s AND f.day >= %(since)s
        GROUP BY 1, 2, 3, 4
    )
    SELECT kind, currency, held, count(*), avg(kept)::float, COALESCE(var_samp(kept), 0)::float FROM brought GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Uplift:
    """What a piece of advice of a kind brought in its four weeks more than one held back; minor units.

    ``more`` is the difference of the means, ``low`` to ``high`` its 95 % interval (Welch). Shown means shown: those
    not taken count too, else the keen would be compared with the rest.
    """

    kind: str
    currency: str
    shown: int
    held: int
    mean_shown: float
    mean_held: float
    low: float
    high: float

    @property
    def more(self) -> float:
        return self.mean_shown - self.mean_held

    @property
    def rounded(self) -> dict[str, int]:
        """Give the amounts in whole minor units."""
        amounts = {
            "shown": self.mean_shown,
            "held": self.mean_held,
            "more": self.more,
            "low": self.low,
            "high": self.high,
        }
        return {name: round(value) for name, value in amounts.items()}

    @property
    def known(self) -> bool:
        """Tell whether there are enough to say anything."""
        return min(self.shown, self.held) >= ENOUGH

    @property
    def sure(self) -> bool:
        """Tell whether it is not just chance."""
        return self.known and (self.low > 0 or self.high < 0)


@dataclass(frozen=True, slots=True)
class Decided:
    """How many pieces of advice of a kind were given, and what was decided."""

    kind: str
    given: int
    adopted: int
    dismissed: int
    held: int


def given(reseller_id: int, kind: str = "") -> QuerySet[Advice]:
    """Give what a shop is advised now, the best first; never what is held back."""
    fresh = clock.now().date() - timedelta(days=KEPT)
    rows = Advice.objects.filter(reseller_id=reseller_id, held=False, state=Advice.State.OPEN, seen_on__gte=fresh)
    return (rows.filter(kind=kind) if kind else rows).order_by("-score", "pk")


def of_product(reseller_id: int, product_id: int) -> list[Advice]:
    """Give what a shop is advised about one of its products."""
    rows = given(reseller_id).filter(product_id=product_id)
    return list(rows.exclude(kind=Advice.Kind.RANGE)[:6])


def uplift(reseller_id: int | None = None) -> list[Uplift]:
    """Tell what advice was worth, by kind and currency: of all shops, or of one. Of that given 28 days ago or more."""
    today = clock.now().date()
    asked = {
        "since": today - timedelta(days=SINCE),
        "until": today - timedelta(days=DAYS),
        "shop": reseller_id,
        "days": DAYS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OUTCOME, asked)
        rows = cursor.fetchall()
    arms: dict[tuple[str, str], dict[bool, tuple[int, float, float]]] = {}
    for kind, currency, held, n, mean, spread in rows:
        arms.setdefault((kind, currency), {})[held] = (n, mean, spread)
    return [_uplift(kind, currency, arm) for (kind, currency), arm in sorted(arms.items())]


def _uplift(kind: str, currency: str, arm: dict[bool, tuple[int, float, float]]) -> Uplift:
    shown, mean_shown, spread_shown = arm.get(False, (0, 0.0, 0.0))
    held, mean_held, spread_held = arm.get(True, (0, 0.0, 0.0))
    away = SURE * sqrt(spread_shown / max(shown, 1) + spread_held / max(held, 1))
    more = mean_shown - mean_held
    return Uplift(kind, currency, shown, held, mean_shown, mean_held, more - away, more + away)


def counts() -> list[Decided]:
    """Tell how many of each kind were given in the last half year, and what was decided on them."""
    rows = Advice.objects.filter(made_on__gte=clock.now().date() - timedelta(days=SINCE)).values("kind")
    state = Advice.State
    found: Any = rows.annotate(
        given=Count("pk", filter=Q(held=False)),
        adopted=Count("pk", filter=Q(state=state.ADOPTED)),
        dismissed=Count("pk", filter=Q(state=state.DISMISSED)),
        kept=Count("pk", filter=Q(held=True)),
    )
    return [
        Decided(row["kind"], row["given"], row["adopted"], row["dismissed"], row["kept"])
        for row in found.order_by("kind")
    ]


def last_run() -> AdviceRun | None:
    """Give the night of advice that was finished last."""
    return AdviceRun.objects.filter(finished_at__isnull=False).order_by("-made_on").first()


def measured_from(given_on: date) -> date:
    """Give the day from which advice can be measured."""
    return given_on + timedelta(days=DAYS)
