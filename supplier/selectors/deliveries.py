"""Parcels by what a carrier calls them."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel.errors import NotFound, StateRefused
from supplier.models import SalesOrder, Shipment

_MOST = 50  # parcels of one order


def parcels_of(reference: str) -> list[str]:
    """Give the numbers of the parcels a reference means: a parcel's, a tracking or an order number (all its parcels).

    :raises NotFound: there is none.
    :raises StateRefused: ``ambiguous``: they belong to several orders.
    """
    name = reference.strip()
    meant = (
        Q(number=name.upper()) | Q(tracking=name) & ~Q(tracking="") | Q(fulfilment__order__order_number=name.upper())
    )
    rows = Shipment.objects.filter(meant).order_by("id").values_list("number", "fulfilment__order_id")[:_MOST]
    found = dict(rows)
    if not found:
        raise NotFound()
    if len(set(found.values())) > 1:
        raise StateRefused("ambiguous", _("Several orders go by this number."))
    return list(found)


def order_of(number: str) -> SalesOrder:
    """Give the order of a parcel, with its shop.

    :raises NotFound: no such parcel.
    """
    found = Shipment.objects.select_related("fulfilment__order__reseller").filter(number=number).first()
    if found is None:
        raise NotFound()
    return found.fulfilment.order
