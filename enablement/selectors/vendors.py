"""Vendors and what they offer."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from enablement.models import PurchaseOrder, Vendor, VendorOffer
from enablement.selectors.purchases import OPEN
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound
from supplier.models import Company


def own_currency() -> str:
    """Give the currency S counts in."""
    found = Company.objects.values_list("currency", flat=True).first()
    return found or "USD"


def listed() -> QuerySet[Vendor]:
    """Give vendors with how much they offer and how many of their orders are open."""
    return Vendor.objects.annotate(
        offered=_many(VendorOffer.objects.all()),
        open_orders=_many(PurchaseOrder.objects.filter(state__in=OPEN)),
    )


def _many(rows: QuerySet[Any]) -> Coalesce:
    """Count the rows of each vendor by themselves: joined, offers times orders would be read."""
    counted = rows.filter(vendor_id=OuterRef("pk")).order_by().values("vendor_id").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


def find(vendor_id: int) -> Vendor:
    """Give a vendor. :raises NotFound: there is none."""
    found = listed().filter(pk=vendor_id).first()
    if found is None:
        raise NotFound()
    return found


def active() -> list[Vendor]:
    """Give the vendors one may order from, by name."""
    return list(Vendor.objects.filter(active=True).order_by("name"))


def offers(vendor: Vendor) -> QuerySet[VendorOffer]:
    """Give a vendor's offers with what they are about and the ends of their ladders."""
    rows = VendorOffer.objects.filter(vendor=vendor).select_related("vendor", "variant__product")
    rows = rows.prefetch_related("breaks", "variant__product__media", "variant__media")
    return rows.annotate(dearest=Max("breaks__unit_minor"), cheapest=Min("breaks__unit_minor"))


def offer(offer_id: int) -> VendorOffer:
    """Give an offer with its ladder. :raises NotFound: there is none."""
    rows = VendorOffer.objects.select_related("vendor", "variant__product").prefetch_related("breaks")
    found = rows.filter(pk=offer_id).first()
    if found is None:
        raise NotFound()
    return found


def offer_of(vendor_id: int, variant_id: int) -> VendorOffer | None:
    """Give what a vendor asks for a variant today; none where it does not offer it, or its prices have run out."""
    rows = VendorOffer.objects.filter(_good()).select_related("vendor").prefetch_related("breaks")
    return rows.filter(vendor_id=vendor_id, variant_id=variant_id).first()


def _good() -> Q:
    """Offers that hold today, by the calendar of S."""
    return Q(valid_until=None) | Q(valid_until__gte=timezone.localdate(clock.now()))


def offers_for(variant_ids: list[int]) -> list[VendorOffer]:
    """Give what active vendors ask for variants today, with vendors and ladders."""
    rows = VendorOffer.objects.filter(_good(), variant_id__in=variant_ids, vendor__active=True)
    return list(rows.select_related("vendor").prefetch_related("breaks").order_by("id"))
