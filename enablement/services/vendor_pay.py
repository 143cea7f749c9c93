"""Vendors' bills paid: a file for the bank, made by somebody else than who approved them, and the word that it paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enablement.models import Vendor, VendorBill, VendorPayment
from enablement.services import billing
from s2b2c.accounts.models import User
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.services import bank_accounts, records
from supplier.services.settlement import bank, numbers

State = VendorBill.State


@transaction.atomic
def set_bank(*, vendor_id: int, details: Mapping[str, str], actor_id: int | None) -> Vendor:
    """Write where a vendor is paid. Bills with the bank already keep the account they went with.

    :raises Refused: it is no account (``bank_accounts``).
    """
    vendor = Vendor.objects.select_for_update(no_key=True).filter(pk=vendor_id).first()
    if vendor is None:
        raise NotFound()
    vendor.bank = bank_accounts.read(details)
    vendor.save(update_fields=["bank"])
    records.audit(actor_id, "vendor.bank", vendor.name, account=bank_accounts.masked(vendor.bank["account"]))
    return vendor


@transaction.atomic
def make(*, currency: str, actor: User) -> VendorPayment:
    """Put the approved bills of a currency into one file for the bank.

    Those the actor entered or approved are left for somebody else, those of vendors whose bank nobody knows wait.

    :raises Refused: none is left.
    """
    rows = VendorBill.objects.select_for_update(of=("self",)).filter(state=State.APPROVED, currency=currency)
    others = rows.exclude(Q(approved_by=actor) | Q(entered_by=actor)).exclude(vendor__bank={})
    bills = list(others.select_related("vendor").order_by("due_on", "id")[: bank.MOST])
    if not bills:
        if rows.exists():
            raise Refused("two_people", _("Somebody else must pay what you entered or approved; or a vendor’s bank is missing."))  # fmt: skip
        raise Refused("nothing", _("No bill waits to be paid."))
    now = clock.now()
    made = VendorPayment.objects.create(
        number=numbers.take(f"P-{now:%Y}")[0], currency=currency, count=len(bills), made_by=actor, created_at=now,
        total_minor=sum(bill.payable_minor or 0 for bill in bills),
    )  # fmt: skip
    for bill in bills:
        bill.state, bill.payment, bill.destination = State.FILED, made, bill.vendor.bank
    VendorBill.objects.bulk_update(bills, ["state", "payment", "destination"])
    records.audit(actor.pk, "bill.bank_file", made.number, count=made.count, total=made.total_minor)
    return made


@transaction.atomic
def paid(*, number: str, actor_id: int | None) -> int:
    """Say that the bank carried a file out; give how many of its bills are paid by that. Again changes nothing."""
    bills = _of(number)
    for bill in bills:
        bill.state, bill.paid_at = State.PAID, clock.now()
        bill.save(update_fields=["state", "paid_at"])
        billing.pay(bill)
    if bills:
        records.audit(actor_id, "bill.paid", number, count=len(bills))
    return len(bills)


@transaction.atomic
def came_back(*, number: str, bill_id: int, actor_id: int | None) -> VendorBill:
    """Say that the bank did not carry out one transfer of a file: the bill is to be paid again, by another file."""
    bill = next((each for each in _of(number) if each.pk == bill_id), None)
    if bill is None:
        raise StateRefused("bill_state", _("This bill is not with the bank."))
    bill.state, bill.payment, bill.destination = State.APPROVED, None, {}
    bill.save(update_fields=["state", "payment", "destination"])
    records.audit(actor_id, "bill.came_back", f"{bill.vendor.name} {bill.number}")
    return bill


def _of(number: str) -> list[VendorBill]:
    """Lock the bills of a file that are with the bank. :raises NotFound: there is no such file."""
    if not VendorPayment.objects.filter(number=number).exists():
        raise NotFound()
    rows = VendorBill.objects.select_for_update(of=("self",)).filter(payment__number=number, state=State.FILED)
    return list(rows.select_related("vendor", "order").order_by("id"))


def transfers(payment: VendorPayment) -> Sequence[bank.Transfer]:
    """Give what a file pays, one transfer a bill."""
    rows = payment.bills.select_related("order").order_by("id")
    return [
        # ISO 20022 gives a reference 35 signs.
        bank.Transfer(f"{bill.number} {bill.order.number}"[:35], bill.destination, bill.payable_minor or 0)
        for bill in rows
    ]
