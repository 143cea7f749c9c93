"""What should be bought goes into drafts, one for each vendor."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from enablement.models import PurchaseLine, PurchaseOrder
from enablement.selectors import replenishment
from enablement.services import purchases
from s2b2c.kernel.errors import Refused
from supplier.models import Warehouse


@transaction.atomic
def reorder(*, variant_id: int, actor_id: int | None) -> tuple[PurchaseLine, int] | None:
    """Put what is needed of a variant into a draft to the vendor that is cheapest for it; give the line and the pieces.

    Nothing where nothing is needed: what stands in a draft counts as bought, so asked again it does nothing.

    :raises Refused: no vendor offers it, or there is no warehouse.
    """
    _one_after_the_other()
    need = next(iter(replenishment.needs([variant_id])), None)
    if need is None:
        return None
    if need.offer is None:
        raise Refused("no_vendor", _("No vendor offers it."))
    order = _draft(need.offer.vendor_id, actor_id)
    there = order.lines.filter(variant_id=variant_id).first()
    line = purchases.put(order, variant_id, need.quantity + (there.quantity if there else 0))
    return (line, need.quantity) if line else None


def _one_after_the_other() -> None:
    """Two clicks are one: who comes second sees what the first put into a draft."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('enablement.replenishment'))")


def _draft(vendor_id: int, actor_id: int | None) -> PurchaseOrder:
    vendor = purchases.locked_vendor(vendor_id)
    warehouse = Warehouse.objects.filter(active=True).order_by("priority", "id").first()
    if warehouse is None:
        raise Refused("no_warehouse", _("There is no warehouse yet."))
    rows = PurchaseOrder.objects.select_for_update(of=("self",)).select_related("vendor")
    drafts = rows.filter(vendor=vendor, warehouse=warehouse, state=purchases.State.DRAFT, currency=vendor.currency)
    return drafts.order_by("-id").first() or purchases.begin(vendor, warehouse.pk, "", actor_id)


@transaction.atomic
def take_back(*, number: str, variant_id: int, quantity: int) -> None:
    """Take pieces out of a draft again.

    :raises StateRefused: it was sent meanwhile. :raises Refused: fewer stand there, or the rest can't be ordered.
    """
    order = purchases.locked(number)
    purchases.require(order, purchases.State.DRAFT)
    line = order.lines.filter(variant_id=variant_id).first()
    if line is None or line.quantity < quantity:
        raise Refused("changed", _("Somebody has changed it since."))
    purchases.put(order, variant_id, line.quantity - quantity)
