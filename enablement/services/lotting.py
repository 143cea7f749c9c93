"""Which lots come with a delivery: told by code, by serial numbers, or named by ourselves where an inspection is planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_lazy as _

from enablement.models import InspectionPlan, LotOrigin, PurchaseOrder, ReceiptLine
from enablement.selectors import inspections as plans
from enablement.services import inspections
from s2b2c.kernel.errors import Refused
from supplier.models import Lot
from supplier.selectors import lots as stocked
from supplier.services import lots


@dataclass(frozen=True, slots=True)
class Told:
    """What a delivery says of a line: one lot's code, or as many serial numbers as pieces came."""

    codes: tuple[str, ...] = ()
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Coming:
    """Lots that come with a line; ``aside``: their pieces go into quarantine."""

    lots: Sequence[tuple[Lot, int]] = ()
    aside: bool = False
    plan: InspectionPlan | None = field(default=None)


def enter(order: PurchaseOrder, line: ReceiptLine, told: Told) -> Coming:
    """Make or find the lots of a line that comes. Call inside a transaction, before its pieces are booked.

    :raises Refused: more codes than one, or a variant with serial numbers, but not one for each piece; one twice; or
        what ``lots.enter`` refuses.
    """
    numbered = bool(stocked.numbered([line.variant_id]))
    plan = plans.covering(vendor_id=order.vendor_id, variant_id=line.variant_id)
    codes = told.codes or ((f"{order.number}-{line.pk}",) if plan and not numbered else ())
    if not codes and not numbered:
        return Coming()
    serial = numbered or len(codes) > 1
    if serial:
        _check_serials(line, codes, numbered)
    found = [
        lots.enter(
            variant_id=line.variant_id,
            code=code,
            expires_on=told.expires_on,
            source=f"purchase:{order.number}",
            checking=plan is not None,
            serial=serial,
        )
        for code in codes
    ]
    each = 1 if serial else line.quantity
    return Coming([(lot, each) for lot in found], found[0].state != Lot.State.FREE, plan)


def _check_serials(line: ReceiptLine, codes: Sequence[str], numbered: bool) -> None:
    sku, upper = line.line.variant.sku, [code.upper() for code in codes]
    twice = next((code for place, code in enumerate(upper) if code in upper[:place]), "")
    if twice:
        text = _("%(sku)s: the serial number %(number)s stands there twice.")
        raise Refused("serial_twice", text, field="lots", sku=sku, number=twice)
    if len(codes) != line.quantity and not numbered:
        text = _("Name one lot, or a serial number for each of the %(n)s pieces.")
        raise Refused("serials", text, field="lots", n=line.quantity)
    if len(codes) != line.quantity:
        text = _("%(sku)s: %(n)s pieces came, and %(told)s serial numbers are written. Write one for each piece.")
        raise Refused("serials", text, field="lots", sku=sku, n=line.quantity, told=len(codes))


def put(order: PurchaseOrder, line: ReceiptLine, coming: Coming) -> None:
    """Write which lots the pieces just booked are of, and let their inspection be due. Call inside a transaction."""
    cause = f"purchase:{order.number}:{line.receipt_id}"
    for lot, quantity in coming.lots:
        lots.put(
            lot=lot, warehouse_id=order.warehouse_id, quantity=quantity, cause=cause,
            actor_id=line.receipt.actor_id, aside=coming.aside,
        )  # fmt: skip
        LotOrigin.objects.create(lot=lot, vendor_id=order.vendor_id, receipt_line=line, quantity=quantity)
    checking = [(lot, quantity) for lot, quantity in coming.lots if lot.state == Lot.State.CHECKING]
    if coming.plan is None or not checking:
        return
    if checking[0][0].serial:
        numbers = [lot for lot, _one in checking]
        inspections.make_due_of_serials(numbers=numbers, plan=coming.plan, vendor_id=order.vendor_id, line=line)
        return
    for lot, quantity in checking:
        inspections.make_due(lot=lot, plan=coming.plan, vendor_id=order.vendor_id, quantity=quantity)
