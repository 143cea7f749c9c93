"""What was counted of visits, and what they became: without cookies, so of visits, never of people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min, QuerySet, Sum

from enablement.models import SalesSum, Visits
from enablement.selectors.insights import Span

Kind, Grain = Visits.Kind, SalesSum.Grain


@dataclass(frozen=True, slots=True)
class Conversion:
    """Visits of a span, and the orders of the same days. ``since``: the first of them visits were counted on."""

    visits: int = 0
    orders: int = 0
    since: date | None = None

    @property
    def rate(self) -> float | None:
        """Give orders in a hundred visits; None where there were none."""
        return self.orders * 100 / self.visits if self.visits else None


def conversion(span: Span, reseller_id: int | None = None) -> Conversion:
    """Give visits and orders, of all currencies, of the network or of one shop. Two queries.

    Orders of days before anything was counted are left out: they would look like visits that bought more.
    """
    rows = _of(Visits.objects.filter(kind=Kind.SHOP, day__range=(span.first, span.last)), reseller_id)
    found = rows.aggregate(visits=Sum("count"), since=Min("day"))
    if not found["visits"]:
        return Conversion()
    sold = SalesSum.objects.filter(
        grain=Grain.RESELLER if reseller_id else Grain.ALL, thing_id=reseller_id or 0, day__range=(found["since"], span.last)
    )  # fmt: skip
    return Conversion(found["visits"], sold.aggregate(n=Sum("orders", default=0))["n"], found["since"])


def of_products(product_ids: Iterable[int], span: Span, reseller_id: int | None = None) -> dict[int, int]:
    """Give by product how often its page was opened. One query."""
    rows = _of(Visits.objects.filter(kind=Kind.PRODUCT, thing_id__in=list(product_ids)), reseller_id)
    rows = rows.filter(day__range=(span.first, span.last))
    return {row["thing_id"]: row["n"] for row in rows.values("thing_id").annotate(n=Sum("count"))}


@dataclass(frozen=True, slots=True)
class Opened:
    """How often a kit's story was opened, and the visits of the same shops in the days it was."""

    times: int = 0
    shops: int = 0
    first: date | None = None


def of_kit(kit_id: int, reseller_id: int | None = None, since: date | None = None) -> Opened:
    """Give how often a kit's story was opened: in all shops, or in one since a day. One query."""
    rows = _of(Visits.objects.filter(kind=Kind.STORY, thing_id=kit_id), reseller_id)
    if since is not None:
        rows = rows.filter(day__gte=since)
    by_shop = list(rows.values("reseller_id").annotate(n=Sum("count"), first=Min("day")))
    if not by_shop:
        return Opened()
    return Opened(sum(row["n"] for row in by_shop), len(by_shop), min(row["first"] for row in by_shop))


def _of(rows: QuerySet[Any], reseller_id: int | None) -> QuerySet[Any]:
    return rows.filter(reseller_id=reseller_id) if reseller_id else rows
