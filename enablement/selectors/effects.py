"""What changed after a shop took on a kit: its sales of the kit's products before and since, beside other shops'.

Before and since are equally long. Whatever else happened in those days is in the figures too, so the shops that sold
the same products without the kit are measured over the same days, if there are enough of them to name nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from enablement.models import KitUse, SalesFact
from s2b2c.kernel import clock

LONGEST, SHORTEST, FEWEST_SHOPS = 28, 7, 5
_SOLD = Q(kind=SalesFact.Kind.SOLD)


@dataclass(frozen=True, slots=True)
class Sales:
    """Orders with one of the products, pieces and money without tax, after what went back."""

    orders: int = 0
    pieces: int = 0
    sales_minor: int = 0


@dataclass(frozen=True, slots=True)
class Effect:
    """``days``: how long before and since are; 0: no whole day has passed. ``others``: None if they are too few."""

    days: int
    first: date
    currency: str
    before: Sales
    since: Sales
    others: tuple[Sales, Sales] | None

    @property
    def early(self) -> bool:
        return self.days < SHORTEST

    @property
    def change(self) -> int | None:
        """Give by how many percent the sales changed; None where there is nothing to compare with."""
        return _percent(self.before, self.since)

    @property
    def others_change(self) -> int | None:
        return _percent(*self.others) if self.others else None


def _percent(before: Sales, since: Sales) -> int | None:
    if before.sales_minor <= 0:
        return None
    return round((since.sales_minor - before.sales_minor) * 100 / before.sales_minor)


def of_use(use: KitUse, currency: str) -> Effect:
    """Give what changed in a shop. Three queries of the facts of at most eight weeks."""
    first = use.adopted_at.date()
    last = min(use.ended_at or clock.now(), clock.now()).date()
    days = max(0, min(LONGEST, (last - first).days))
    goods = list(use.kit.products.values_list("product_id", flat=True))
    facts = SalesFact.objects.filter(product_id__in=goods, currency=currency)
    mine = facts.filter(reseller_id=use.reseller_id)
    having = KitUse.objects.filter(kit_id=use.kit_id).values("reseller_id")
    return Effect(
        days=days,
        first=first,
        currency=currency,
        before=_sum(_span(mine, first - timedelta(days=days), days)),
        since=_sum(_span(mine, first, days)),
        others=_others(facts.exclude(reseller_id__in=having), first, days),
    )


def _span(facts: QuerySet[Any], first: date, days: int) -> QuerySet[Any]:
    return facts.filter(day__gte=first, day__lt=first + timedelta(days=days))


def _sum(facts: QuerySet[Any]) -> Sales:
    return _sales(facts.aggregate(**_TOTALS))


_TOTALS: dict[str, Any] = {
    "n": Count("order_number", filter=_SOLD, distinct=True), "p": Sum("pieces", default=0), "s": Sum("sales_minor", default=0),
}  # fmt: skip


def _sales(row: dict[str, Any]) -> Sales:
    return Sales(int(row["n"]), int(row["p"]), int(row["s"]))


def _others(facts: QuerySet[Any], first: date, days: int) -> tuple[Sales, Sales] | None:
    """Give what shops without the kit sold before and since, if at least ``FEWEST_SHOPS`` sold any."""
    every = facts.filter(day__gte=first - timedelta(days=days), day__lt=first + timedelta(days=days))
    before, since = Q(day__lt=first), Q(day__gte=first)
    found = every.aggregate(
        shops=Count("reseller_id", distinct=True),
        before=Sum("sales_minor", filter=before, default=0),
        since=Sum("sales_minor", filter=since, default=0),
    )
    if found["shops"] < FEWEST_SHOPS:
        return None
    return Sales(sales_minor=int(found["before"])), Sales(sales_minor=int(found["since"]))
