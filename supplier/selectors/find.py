"""Find a thing by a few letters of its name: for the palette."""

from __future__ import annotations

from django.db.models import Q

from s2b2c.tenancy.models import Reseller
from supplier.models import FulfilmentOrder, SalesOrder, Variant

FEW = 5
SHORTEST = 2


def orders(text: str) -> list[SalesOrder]:
    """Give the newest orders whose number begins so."""
    rows = SalesOrder.objects.filter(order_number__startswith=text.upper()).select_related("reseller")
    return list(rows.order_by("-placed_at", "-id")[:FEW])


def fulfilments(text: str) -> list[FulfilmentOrder]:
    """Give fulfilment orders whose number begins so."""
    rows = FulfilmentOrder.objects.filter(number__startswith=text.upper()).select_related("warehouse")
    return list(rows.order_by("number")[:FEW])


def variants(text: str) -> list[Variant]:
    """Give variants by the beginning of their SKU, by barcode or by a part of the product's name."""
    wanted = Q(sku__istartswith=text) | Q(barcode=text) | Q(product__search_text__icontains=text.lower())
    return list(Variant.objects.filter(wanted).select_related("product").order_by("sku")[:FEW])


def resellers(text: str) -> list[Reseller]:
    """Give resellers by the beginning of their address or a part of their name."""
    rows = Reseller.objects.filter(Q(slug__startswith=text.lower()) | Q(name__icontains=text))
    return list(rows.order_by("name")[:FEW])
