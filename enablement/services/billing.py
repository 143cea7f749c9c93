"""What an approved bill, and its payment, mean in the books. Call each inside a transaction. See docs/adr on bills.

What was owed unbilled since the goods came, or a cost was told, is owed to the vendor now. What the bill says otherwise is a
later cost of the same pieces: in stock where they lie there, a variance where they are gone. Vendors are owed in their own
currency; between the two stands ``exchange``.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Sum

from enablement.models import BillLine, PurchaseCharge, VendorBill
from enablement.selectors import vendors
from enablement.services import landed
from s2b2c.kernel import clock
from supplier.models import Account
from supplier.services import ledger
from supplier.services.ledger import Leg

Kind = Account.Kind


def book(bill: VendorBill, lines: Sequence[BillLine]) -> None:
    """Owe the vendor what was approved; what differs from what was booked before comes to the pieces' cost."""
    landed.lock_costs(bill.order)
    goods = costs = 0
    for line in lines:
        mine = landed.own(line.payable_minor or 0, bill.currency, bill.rate)
        line.accrued_minor = _goods_before(bill, line) if line.line_id else _cost_before(line)
        line.save(update_fields=["accrued_minor"])
        if line.line is not None:
            goods += mine
            landed.absorb(
                line.line, mine - line.accrued_minor, line.paid_pieces or 0, f"bill:{line.pk}", Kind.GOODS_UNBILLED,
                of_bill=True,
            )  # fmt: skip
        else:
            costs += mine
            _differs(bill, line, mine - line.accrued_minor)
    own = bill.currency == vendors.own_currency()
    to = Kind.VENDOR_PAYABLE if own else Kind.EXCHANGE
    memo = bill.order.number
    _post(f"bill:{bill.pk}", vendors.own_currency(), [Leg(Kind.GOODS_UNBILLED, to, goods, memo), Leg(Kind.COSTS_UNBILLED, to, costs, memo)])  # fmt: skip
    if not own:
        owed = Leg(Kind.EXCHANGE, Kind.VENDOR_PAYABLE, bill.payable_minor or 0, memo)
        _post(f"bill:{bill.pk}:foreign", bill.currency, [owed])


def _goods_before(bill: VendorBill, line: BillLine) -> int:
    """Give what was booked for these pieces when they came, so that the sum over all bills of a line never drifts."""
    assert line.line is not None
    before = BillLine.objects.filter(line=line.line, accrued_minor__isnull=False).exclude(pk=line.pk)
    sums = before.aggregate(pieces=Sum("paid_pieces"), minor=Sum("accrued_minor"))
    pieces = (sums["pieces"] or 0) + (line.paid_pieces or 0)
    return landed.expected_minor(bill.order, line.line, pieces) - (sums["minor"] or 0)


def _cost_before(line: BillLine) -> int:
    """Give what was booked of a cost for this part of it; all that is left once it is billed in full."""
    charge = line.charge
    assert charge is not None
    before = BillLine.objects.filter(charge=charge, accrued_minor__isnull=False).exclude(pk=line.pk)
    sums = before.aggregate(paid=Sum("payable_minor"), minor=Sum("accrued_minor"))
    paid = min(charge.amount_minor, (sums["paid"] or 0) + (line.payable_minor or 0))
    return charge.own_minor * paid // charge.amount_minor - (sums["minor"] or 0)


def _differs(bill: VendorBill, line: BillLine, minor: int) -> None:
    """A cost was billed otherwise than told: the difference is shared as the cost was."""
    charge = line.charge
    if minor and charge is not None:
        landed.spread(
            bill.order, kind=PurchaseCharge.Kind.DIFFERENCE, basis=charge.basis, amount_minor=minor,
            currency=vendors.own_currency(), rate=Decimal(1), key=f"bill:{line.pk}", note=bill.number,
            actor_id=bill.approved_by_id,
        )  # fmt: skip


def pay(bill: VendorBill) -> None:
    """Book what left the bank for a bill. Once a bill."""
    legs = [Leg(Kind.VENDOR_PAYABLE, Kind.BANK, bill.payable_minor or 0, bill.order.number)]
    _post(f"bill-paid:{bill.pk}", bill.currency, legs, "vendor_paid")


def _post(key: str, currency: str, legs: list[Leg], kind: str = "vendor_bill") -> None:
    ledger.post(key=key, kind=kind, currency=currency, legs=legs, at=clock.now())
