"""Vendors' bills: entered, matched against order and receipts, approved or held until somebody decides.

The match is of three: what was ordered (price), what came (pieces), what is billed. What fits, within the office's
tolerances, is approved by itself; a line that does not is held. See docs/adr on bills. Every step locks the bill's order
first, so bills of one order come one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from enablement.models import BillLine, BillRules, PurchaseCharge, PurchaseOrder, Vendor, VendorBill
from enablement.selectors import vendors
from enablement.services import billing, purchases
from enablement.services.purchases import MOST, OPEN
from enablement.services.purchases import State as OrderState
from s2b2c.kernel import clock, money
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.services import records

State = VendorBill.State
Decision = BillLine.Decision
PIECES, PRICE = "pieces", "price"  # what can be wrong with a line


def rules() -> BillRules:
    """Give how far a bill may differ and still fit."""
    return BillRules.objects.filter(pk=1).first() or BillRules(pk=1)


@transaction.atomic
def set_rules(*, price_bps: int, pieces_bps: int, actor_id: int | None) -> BillRules:
    """Set how far bills may differ from now on; those held stay as they are. :raises Refused: not within 0–50 per cent."""
    if not 0 <= price_bps <= 5_000 or not 0 <= pieces_bps <= 5_000:
        raise Refused("rules", _("Between 0 and 50 per cent."), field="price")
    made, _new = BillRules.objects.update_or_create(pk=1, defaults={"price_bps": price_bps, "pieces_bps": pieces_bps})
    records.audit(actor_id, "bill.rules", "", price_bps=price_bps, pieces_bps=pieces_bps)
    return made


@transaction.atomic
def enter(
    *,
    vendor_id: int,
    number: str,
    order_number: str,
    billed_on: date,
    due_on: date,
    goods: Mapping[int, tuple[int, int]] | None = None,
    charges: Mapping[int, int] | None = None,
    rate: Decimal | None = None,
    actor_id: int | None,
) -> VendorBill:
    """Enter a bill for an order. ``goods``: (pieces, minor units a piece) by line id; ``charges``: minor units by cost id.

    Whoever delivered the goods bills them; a cost may be billed by another vendor (the carrier). What fits is approved.

    :raises Refused: no number, one that vendor used before, nothing billed, other goods or another currency than ordered.
    :raises StateRefused: the order was not sent.
    """
    order = purchases.locked(order_number)
    purchases.require(order, *OPEN, OrderState.RECEIVED)
    vendor = Vendor.objects.filter(pk=vendor_id).first()
    if vendor is None:
        raise NotFound()
    name = records.text(number, "number", 40, required=True)
    if due_on < billed_on:
        raise Refused("due_on", _("It is due before it was written."), field="due_on")
    lines = [*_goods(order, vendor, goods or {}), *_charges(order, charges or {})]
    currency = _currency(order, lines)
    own = currency == vendors.own_currency()
    bill = VendorBill(
        vendor=vendor, number=name, order=order, currency=currency, billed_on=billed_on, due_on=due_on,
        rate=Decimal(1) if own else rate or order.rate, total_minor=sum(line.amount_minor for line in lines),
        entered_by_id=actor_id, created_at=clock.now(),
    )  # fmt: skip
    _save(bill)
    for line in lines:
        line.bill = bill
        line.trouble = _trouble(line)
        line.decision = Decision.NONE if line.trouble else Decision.FITS
    BillLine.objects.bulk_create(lines)
    purchases.jot(order, "billed", actor_id, bill=bill.number)
    records.audit(actor_id, "bill.entered", f"{vendor.name} {bill.number}", total=bill.total_minor)
    _settle(bill, actor_id)
    return bill


def _save(bill: VendorBill) -> None:
    try:
        with transaction.atomic():
            bill.save()
    except IntegrityError as clash:
        if "vendor_bill_once" not in str(clash):
            raise
        text = _("Bill %(number)s of %(vendor)s is here already.")
        raise Refused("billed_twice", text, field="number", number=bill.number, vendor=bill.vendor.name) from clash


def _goods(order: PurchaseOrder, vendor: Vendor, goods: Mapping[int, tuple[int, int]]) -> list[BillLine]:
    if goods and vendor.pk != order.vendor_id:
        raise Refused("vendor", _("Goods are billed by whom they were ordered from."), field="vendor")
    known = {line.pk: line for line in order.lines.all()}
    if not set(goods) <= set(known):
        raise NotFound()
    if not all(0 < pieces <= MOST and 0 <= unit <= money.MAX_MINOR for pieces, unit in goods.values()):
        raise Refused("pieces", _("Enter whole numbers of pieces."), field="pieces")
    return [BillLine(line=known[pk], pieces=pieces, unit_minor=unit) for pk, (pieces, unit) in goods.items()]


def _charges(order: PurchaseOrder, charges: Mapping[int, int]) -> list[BillLine]:
    known = {charge.pk: charge for charge in order.charges.exclude(kind=PurchaseCharge.Kind.DIFFERENCE)}
    if not set(charges) <= set(known):
        raise NotFound()
    if not all(0 < minor <= money.MAX_MINOR for minor in charges.values()):
        raise Refused("amount", _("Enter an amount above zero."), field="amount")
    return [BillLine(charge=known[pk], pieces=1, unit_minor=minor) for pk, minor in charges.items()]


def _currency(order: PurchaseOrder, lines: list[BillLine]) -> str:
    found = {line.charge.currency if line.charge else order.currency for line in lines}
    if not found:
        raise Refused("nothing", _("Write at least one line."))
    if len(found) > 1:
        raise Refused("currency", _("One bill is in one currency: enter the costs in another currency by themselves."))
    return found.pop()


# --- The match ---------------------------------------------------------------------------------------------
def _trouble(line: BillLine) -> list[str]:
    """Give what does not fit: more pieces than came and are unbilled, or a price above the one ordered."""
    limits = rules()
    if line.charge is not None:
        left = max(0, line.charge.amount_minor - _billed(line)[1])
        return [PRICE] if line.unit_minor * 10_000 > left * (10_000 + limits.price_bps) else []
    assert line.line is not None
    found = []
    left = max(0, line.line.received - _billed(line)[0])
    if line.pieces * 10_000 > left * (10_000 + limits.pieces_bps):
        found.append(PIECES)
    if line.unit_minor * 10_000 > line.line.unit_minor * (10_000 + limits.price_bps):
        found.append(PRICE)
    return found


def _billed(line: BillLine) -> tuple[int, int]:
    """Give what other bills took of the same thing already: pieces and minor units; what is held counts as billed."""
    same = BillLine.objects.filter(line=line.line_id, charge=line.charge_id).exclude(bill__state=State.REFUSED)
    same = same.exclude(pk=line.pk) if line.pk else same
    pieces = minor = 0
    for each in same:
        pieces += each.pieces if each.paid_pieces is None else each.paid_pieces
        minor += each.amount_minor if each.payable_minor is None else each.payable_minor
    return pieces, minor


@transaction.atomic
def match_again(order: PurchaseOrder) -> None:
    """Look at held bills of an order anew, now that more came. Call with the order locked."""
    for bill in order.bills.select_for_update().filter(state=State.HELD).order_by("id"):
        for line in bill.lines.filter(decision=Decision.NONE).select_related("line", "charge"):
            line.trouble = _trouble(line)
            line.decision = Decision.NONE if line.trouble else Decision.FITS
            line.save(update_fields=["trouble", "decision"])
        _settle(bill, bill.entered_by_id)


# --- Decided -----------------------------------------------------------------------------------------------
@transaction.atomic
def decide(*, bill_id: int, line_id: int, decision: str, reason: str = "", actor_id: int | None) -> VendorBill:
    """Decide on a held line: accept it as billed, pay what fits, or pay what fits and ask for a credit note.

    The last decision approves the bill – or refuses it, where nothing of it is to be paid. The same again changes nothing.

    :raises Refused: no reason. :raises StateRefused: it is not held.
    """
    bill = locked(bill_id)
    line = bill.lines.select_related("line", "charge").filter(pk=line_id).first()
    if line is None:
        raise NotFound()
    if line.decision == decision:
        return bill
    if bill.state != State.HELD or line.decision != Decision.NONE:
        raise StateRefused("bill_state", _("This line is decided already."))
    if decision not in (Decision.ACCEPT, Decision.SHORT, Decision.CREDIT):
        raise Refused("decision", _("Choose what to do."), field="decision")
    line.reason = records.text(reason, "reason", 160, required=True)
    line.decision, line.decided_by_id, line.decided_at = decision, actor_id, clock.now()
    line.save(update_fields=["decision", "reason", "decided_by", "decided_at"])
    records.audit(actor_id, "bill.decided", f"{bill.vendor.name} {bill.number}", decision=decision)
    _settle(bill, actor_id)
    return bill


@transaction.atomic
def refuse(*, bill_id: int, reason: str, actor_id: int | None) -> VendorBill:
    """Refuse a held bill whole. Refused again, it stays so. :raises Refused: no reason. :raises StateRefused: not held."""
    bill = locked(bill_id)
    if bill.state == State.REFUSED:
        return bill
    if bill.state != State.HELD:
        raise StateRefused("bill_state", _("This bill is “%(state)s”."), state=bill.get_state_display())
    bill.reason = records.text(reason, "reason", 160, required=True)
    bill.state = State.REFUSED
    bill.save(update_fields=["reason", "state"])
    records.audit(actor_id, "bill.refused", f"{bill.vendor.name} {bill.number}")
    return bill


@transaction.atomic
def credit_came(*, bill_id: int, line_id: int, number: str, actor_id: int | None) -> BillLine:
    """Write down the credit note that was asked for. :raises Refused: no number. :raises StateRefused: none was asked."""
    bill = locked(bill_id)
    line = bill.lines.filter(pk=line_id).first()
    if line is None or line.decision != Decision.CREDIT:
        raise StateRefused("credit", _("No credit note was asked for here."))
    line.credit_note = records.text(number, "credit_note", 40, required=True)
    line.save(update_fields=["credit_note"])
    records.audit(actor_id, "bill.credit_note", f"{bill.vendor.name} {bill.number}", number=line.credit_note)
    return line


def _settle(bill: VendorBill, actor_id: int | None) -> None:
    """Approve a bill all of whose lines are decided, or refuse it where nothing is left to pay."""
    lines = list(bill.lines.select_related("line", "charge").order_by("id"))
    if any(line.decision == Decision.NONE for line in lines):
        return
    for line in lines:
        _take(line)
    payable = sum(line.payable_minor or 0 for line in lines)
    if not payable:
        bill.state, bill.reason = State.REFUSED, str(_("Nothing of it is to be paid."))
        bill.save(update_fields=["state", "reason"])
        return
    bill.state, bill.payable_minor, bill.approved_by_id, bill.approved_at = (
        State.APPROVED,
        payable,
        actor_id,
        clock.now(),
    )
    bill.save(update_fields=["state", "payable_minor", "approved_by", "approved_at"])
    billing.book(bill, lines)
    records.audit(actor_id, "bill.approved", f"{bill.vendor.name} {bill.number}", payable=payable)


def _take(line: BillLine) -> None:
    """Write what S takes a line for: as billed, or what fits of it."""
    line.paid_pieces, unit = line.pieces, line.unit_minor
    if line.decision in (Decision.SHORT, Decision.CREDIT):
        pieces, minor = _billed(line)
        if line.line is not None:
            line.paid_pieces = min(line.pieces, max(0, line.line.received - pieces))
            unit = min(line.unit_minor, line.line.unit_minor)
        else:
            assert line.charge is not None
            unit = min(line.unit_minor, max(0, line.charge.amount_minor - minor))
    line.payable_minor = line.paid_pieces * unit
    if line.decision == Decision.CREDIT:
        line.credit_minor = line.amount_minor - line.payable_minor
    line.save(update_fields=["paid_pieces", "payable_minor", "credit_minor"])


def locked(bill_id: int) -> VendorBill:
    """Lock a bill and its order, the order first. Call inside a transaction. :raises NotFound: there is none."""
    number = VendorBill.objects.filter(pk=bill_id).values_list("order__number", flat=True).first()
    if number is None:
        raise NotFound()
    purchases.locked(number)
    return VendorBill.objects.select_for_update(of=("self",)).select_related("vendor", "order").get(pk=bill_id)
