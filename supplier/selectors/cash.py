"""Cash on delivery: what is still to be collected."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel.errors import NotFound, StateRefused
from supplier.models import SalesOrder, Shipment, StatementLine

DUE = Q(method="cod", cash="", refunded_minor__lt=F("captured_minor")) & ~Q(status=SalesOrder.Status.CANCELLED)


def listed() -> QuerySet[SalesOrder]:
    """Give the orders paid on delivery that were sent whole, with their shop."""
    return SalesOrder.objects.filter(method="cod", status=SalesOrder.Status.SHIPPED).select_related("reseller")


def being(rows: QuerySet[SalesOrder], states: Iterable[str]) -> QuerySet[SalesOrder]:
    """Narrow to cash that is ``due``, ``collected`` or ``refused``."""
    asked = set(states)
    wanted = Q(cash__in=asked - {"due"})
    return rows.filter(wanted | DUE) if "due" in asked else rows.filter(wanted)


def matching(rows: QuerySet[SalesOrder], text: str) -> QuerySet[SalesOrder]:
    """Narrow to an order's or a parcel's number, a tracking number or a recipient's name."""
    wanted = Q(order_number__startswith=text.upper()) | Q(recipient_name__icontains=text)
    return rows.filter(wanted | Q(id__in=_by_parcel(text)))


def order_of(reference: str) -> int:
    """Give the id of the order of an order number, a parcel's number or a tracking number.

    :raises NotFound: there is none.
    :raises StateRefused: ``ambiguous``: there are several.
    """
    found = set(SalesOrder.objects.filter(order_number=reference.upper()).values_list("id", flat=True)[:2])
    found |= set(_by_parcel(reference)[:2])
    if not found:
        raise NotFound()
    if len(found) > 1:
        raise StateRefused("ambiguous", _("Several orders go by this number."))
    return found.pop()


def _by_parcel(reference: str) -> QuerySet[Shipment, int]:
    named = Q(number=reference.upper()) | Q(tracking=reference) & ~Q(tracking="")
    return Shipment.objects.filter(named).order_by().values_list("fulfilment__order_id", flat=True).distinct()


def is_settled(order: SalesOrder) -> bool:
    """Tell whether an entry of the order stands on a shop's statement."""
    own = {"transfer__journal__reseller_id": order.reseller_id, "transfer__journal__order_number": order.order_number}
    return StatementLine.objects.filter(**own).exists()
