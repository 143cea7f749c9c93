"""What the dashboards ask of the sums. Days are UTC; a span is compared with the one before, of the same length."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from enablement.models import MartState, SalesFact, SalesSum
from s2b2c.tenancy.models import Reseller
from supplier.models import Category, Product, Stock

Grain = SalesSum.Grain
SPANS = (7, 28, 91)  # days: whole weeks, so that as many weekends are compared


@dataclass(frozen=True, slots=True)
class Span:
    """``days`` days up to ``last``."""

    last: date
    days: int

    @property
    def first(self) -> date:
        return self.last - timedelta(days=self.days - 1)

    @property
    def before(self) -> Span:
        return Span(self.last - timedelta(days=self.days), self.days)

    @property
    def weeks(self) -> tuple[date, date]:
        """Give where its whole weeks begin and end: a Monday and the one after; the same day twice if it has none."""
        after = self.last + timedelta(days=1)
        monday = min(self.first + timedelta(days=-self.first.weekday() % 7), after)
        return monday, max(monday, after - timedelta(days=after.weekday()))

    def each(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(self.days)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Sums of a span, of a day or of a thing; minor units. ``sales`` is without tax, after what went back."""

    orders: int = 0
    refunds: int = 0
    pieces: int = 0
    back_pieces: int = 0
    sales_minor: int = 0
    back_minor: int = 0
    discount_minor: int = 0
    wholesale_minor: int = 0
    margin_minor: int = 0
    fee_minor: int = 0
    tax_minor: int = 0

    @property
    def sold_minor(self) -> int:
        """What was sold before anything went back."""
        return self.sales_minor + self.back_minor

    @property
    def back_rate(self) -> float | None:
        """Give what went back of what was sold, in percent."""
        return self.back_minor * 100 / self.sold_minor if self.sold_minor > 0 else None

    @property
    def basket_minor(self) -> int:
        return self.sold_minor // self.orders if self.orders else 0


_NAMES = tuple(field.name for field in fields(Figures))
_TOTALS: dict[str, Any] = {f"x_{name}": Sum(name) for name in _NAMES}


def _figures(row: Mapping[str, Any]) -> Figures:
    return Figures(**{name: int(row.get(f"x_{name}") or 0) for name in _NAMES})


def _sums(grain: str, currency: str, span: Span) -> QuerySet[SalesSum]:
    return SalesSum.objects.filter(grain=grain, currency=currency, day__range=(span.first, span.last))


def by_day(span: Span, currency: str, reseller_id: int | None = None) -> dict[date, Figures]:
    """Give the figures of each day that has some: of the network, or of one shop."""
    rows = _sums(Grain.RESELLER if reseller_id else Grain.ALL, currency, span).filter(thing_id=reseller_id or 0)
    return {row["day"]: _figures(row) for row in rows.values("day").annotate(**_TOTALS)}


def total(days: Iterable[Figures]) -> Figures:
    """Add figures up."""
    listed = list(days)
    return Figures(**{name: sum(getattr(each, name) for each in listed) for name in _NAMES})


_TOP = f"""
    SELECT thing_id, {", ".join(f"sum({name}) AS x_{name}" for name in _NAMES)} FROM (
        SELECT thing_id, {", ".join(_NAMES)} FROM enablement_salesweek
        WHERE grain = %(grain)s AND currency = %(currency)s AND day >= %(monday)s AND day < %(until)s
        UNION ALL
        SELECT thing_id, {", ".join(_NAMES)} FROM enablement_salessum
        WHERE grain = %(grain)s AND currency = %(currency)s
          AND (day >= %(first)s AND day < %(monday)s OR day >= %(until)s AND day <= %(last)s)
    ) parts GROUP BY thing_id ORDER BY x_sales_minor DESC, thing_id LIMIT %(limit)s
"""


def top(grain: str, span: Span, currency: str, limit: int = 8) -> list[tuple[Any, Figures]]:
    """Give the things that sold most, with their figures: resellers, products or categories.

    Asked of the span's whole weeks, and of the days before and after them.
    """
    monday, until = span.weeks
    asked: dict[str, str | int | date] = {
        "grain": grain,
        "currency": currency,
        "limit": limit,
        "monday": monday,
        "until": until,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TOP, {**asked, "first": span.first, "last": span.last})
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    model = {Grain.RESELLER: Reseller, Grain.PRODUCT: Product, Grain.CATEGORY: Category}[Grain(grain)]
    things: dict[int, Any] = model.objects.in_bulk([row["thing_id"] for row in rows])  # type: ignore[attr-defined]
    return [(things[row["thing_id"]], _figures(row)) for row in rows if row["thing_id"] in things]


def best_of(reseller_id: int, span: Span, currency: str, limit: int = 8) -> list[tuple[Product, Figures]]:
    """Give a shop's products that sold most; asked of its own facts."""
    back = ~Q(kind=SalesFact.Kind.SOLD)
    own = SalesFact.objects.filter(
        reseller_id=reseller_id, day__range=(span.first, span.last), currency=currency, product_id__isnull=False
    )
    rows = own.values("product_id").annotate(
        x_pieces=Sum("pieces"),
        x_back_pieces=-Sum("pieces", filter=back, default=0),
        x_sales_minor=Sum("sales_minor"),
        x_margin_minor=Sum("margin_minor"),
        x_back_minor=-Sum("sales_minor", filter=back, default=0),
        x_orders=Count("cause", filter=~back),
    )
    found = list(rows.order_by("-x_sales_minor")[:limit])
    things = Product.objects.in_bulk([row["product_id"] for row in found])
    return [(things[row["product_id"]], _figures(row)) for row in found if row["product_id"] in things]


def sell_through(products: Iterable[int], pieces: dict[int, int]) -> dict[int, float]:
    """Give per product, in percent, what sold of what could have been sold: pieces sold ÷ (sold + still free)."""
    rows = Stock.objects.filter(variant__product__in=list(products)).values_list("variant__product")
    free = dict(rows.annotate(n=Sum("available")))
    return {
        key: sold * 100 / (sold + free.get(key, 0))
        for key, sold in pieces.items()
        if sold > 0 and sold + free.get(key, 0) > 0
    }


def currencies(reseller_id: int | None = None) -> list[str]:
    """Give the currencies anything was sold in."""
    grain = Grain.RESELLER if reseller_id else Grain.ALL
    rows = SalesSum.objects.filter(grain=grain, thing_id=reseller_id or 0)
    return sorted(rows.values_list("currency", flat=True).distinct())


def summed_at() -> datetime | None:
    """Give when facts were summed last."""
    return MartState.objects.values_list("summed_at", flat=True).first()
