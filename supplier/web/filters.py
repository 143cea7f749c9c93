"""Filters of several lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import QueryDict

from s2b2c.tenancy.models import Reseller
from s2b2c.ui.table import Choice, Filter
from supplier.models import Warehouse
from supplier.web import shown

MOST = 200


@dataclass(frozen=True)
class Shop(Filter):
    """Shops by a part of their name, or by their address. There may be thousands: it is typed, not chosen."""

    template: ClassVar[str] = "supplier/_shop_filter.html"

    def read(self, query: QueryDict) -> str | None:
        return query.get(self.key, "").replace("\x00", "").strip()[:100] or None

    def narrow(self, rows: QuerySet[Any], asked: str) -> QuerySet[Any]:
        shops = Reseller.objects.filter(Q(slug=asked.lower()) | Q(name__icontains=asked))
        return rows.filter(**{f"{self.field or 'reseller'}__in": list(shops.values_list("pk", flat=True)[:MOST])})

    def word(self, asked: str) -> str:
        return asked


@dataclass(frozen=True)
class From(Choice):
    """Warehouses, by code; looked up only where they are needed."""

    def read(self, query: QueryDict) -> list[str] | None:
        return super().read(query) if self.key in query else None


def warehouses() -> list[tuple[str, str]]:
    """Give the warehouses to choose from, by code."""
    rows = Warehouse.objects.order_by("priority", "id")
    return [(each.code, f"{shown.local(each)} ({each.code})") for each in rows]
