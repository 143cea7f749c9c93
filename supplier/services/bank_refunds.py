"""Refunds of what was paid in cash: nobody's payment provider sends them, so S's finance does, by bank transfer.

Where to, c says on the order's page, or its shop for it. The account is kept until the money is there, no longer.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.accounts.models import User
from s2b2c.kernel import clock, events
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from s2b2c.outbox import publisher
from supplier.models import Account, BankFile, BankRefund, OrderNote, SalesOrder
from supplier.services import bank_accounts, ledger, records
from supplier.services.ledger import Leg
from supplier.services.settlement import bank, numbers

Kind = Account.Kind


def expect(several: Sequence[events.RefundMade]) -> None:
    """Put refunds of orders whose cash was collected on finance's list, each once. Call inside a transaction."""
    cash = [event for event in several if event.method == "cod"]
    if not cash:
        return
    orders = SalesOrder.objects.filter(
        cash=SalesOrder.Cash.COLLECTED, order_number__in=[event.order_number for event in cash]
    )
    known = {(order.reseller_id, order.order_number): order for order in orders}
    now = clock.now()
    BankRefund.objects.bulk_create(
        [
            BankRefund(
                order=known[event.reseller_id, event.order_number],
                refund_id=event.refund_id,
                amount_minor=event.amount_minor,
                created_at=now,
            )
            for event in cash
            if (event.reseller_id, event.order_number) in known
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def say_account(
    *, reseller_id: int, order_number: str, by: str, actor_id: int | None = None, **details: str
) -> list[BankRefund]:
    """Write where an order's refunds are to be paid, as c (``customer``) or its shop (``shop``) says.

    :raises StateRefused: nothing of this order waits for an account.
    :raises Refused: it is no account (``bank_accounts``).
    """
    account = bank_accounts.read(details)
    rows = BankRefund.objects.select_for_update(of=("self",)).filter(
        order__reseller_id=reseller_id, order__order_number=order_number, state=BankRefund.State.DUE
    )
    waiting = list(rows.order_by("id"))
    if not waiting:
        raise StateRefused("nothing_due", _("No refund of this order waits for a bank account."))
    BankRefund.objects.filter(id__in=[each.id for each in waiting]).update(
        account=account, account_at=clock.now(), returned=""
    )
    shown = bank_accounts.masked(account["account"])
    records.audit(actor_id, "bank_refund.account", order_number, account=shown, by=by)
    return waiting


@transaction.atomic
def make_file(*, currency: str, actor: User) -> BankFile:
    """Put every refund whose account is known into one file for the bank, and mark it sent.

    :raises Refused: none waits.
    """
    due = BankRefund.objects.select_for_update(of=("self",)).filter(
        state=BankRefund.State.DUE, order__currency=currency, account_at__isnull=False
    )
    rows = list(due.order_by("id")[: bank.MOST])
    if not rows:
        raise Refused("nothing", _("No refund with an account waits."))
    now = clock.now()
    made = BankFile.objects.create(
        number=numbers.take(f"B-{now:%Y}")[0], currency=currency, total_minor=sum(row.amount_minor for row in rows),
        count=len(rows), made_by=actor, created_at=now,
    )  # fmt: skip
    BankRefund.objects.filter(id__in=[row.id for row in rows]).update(state=BankRefund.State.SENT, file=made)
    records.audit(actor.pk, "bank_refund.file", made.number, count=made.count, currency=currency)
    return made


def mark_file_paid(*, file_id: int, actor_id: int | None) -> int:
    """Say that the bank has paid what is still open of a file; give how many. The file's number is their reference."""
    rows = BankRefund.objects.filter(file_id=file_id, state=BankRefund.State.SENT).order_by("id")
    waiting = list(rows.values_list("id", "file__number"))
    for refund_id, number in waiting:
        mark_paid(refund_id=refund_id, reference=number, actor_id=actor_id)
    return len(waiting)


@transaction.atomic
def came_back(*, refund_id: int, reason: str, actor_id: int | None) -> BankRefund:
    """Say that the bank sent a transfer back: it is due again, and c is asked for another account.

    :raises NotFound: no such refund. :raises StateRefused: it is not with the bank. :raises Refused: no reason.
    """
    found = BankRefund.objects.select_for_update(of=("self",)).select_related("order").filter(id=refund_id).first()
    if found is None:
        raise NotFound()
    if found.state != BankRefund.State.SENT:
        raise StateRefused("bank_refund", _("This refund is not with the bank."))
    why = records.text(reason, "reason", 160, required=True)
    found.state, found.account, found.account_at, found.file, found.returned = (
        BankRefund.State.DUE,
        {},
        None,
        None,
        why,
    )
    found.save(update_fields=["state", "account", "account_at", "file", "returned"])
    order = found.order
    records.audit(actor_id, "bank_refund.returned", order.order_number, reason=why)
    publisher.publish(
        events.BankRefundReturned(
            reseller_id=order.reseller_id, order_number=order.order_number, refund_id=found.refund_id, reason=why
        )
    )
    return found


def forget(*, reseller_id: int, order_numbers: Sequence[str]) -> None:
    """Take the bank accounts out of a shop's orders, with all else of who is erased. Call inside a transaction.

    :raises StateRefused: money is still to be paid there; nothing is changed.
    """
    mine = BankRefund.objects.filter(order__reseller_id=reseller_id, order__order_number__in=order_numbers)
    if mine.exclude(state=BankRefund.State.PAID).exists():
        raise StateRefused(
            "refund_due", _("A refund is still to be paid to you. You can erase your data once it has arrived.")
        )
    BankRefund.objects.filter(id__in=list(mine.values_list("id", flat=True))).update(account={})


@transaction.atomic
def mark_paid(*, refund_id: int, reference: str, actor_id: int | None) -> BankRefund:
    """Say that the bank transfer of a refund was made; the shop and c's page show it. Again changes nothing.

    The refund's entries took the money from the cash collected; it left the bank, so the cash is whole again.

    :raises NotFound: no such refund.
    :raises Refused: no reference of the transfer.
    """
    found = BankRefund.objects.select_for_update(of=("self",)).select_related("order").filter(id=refund_id).first()
    if found is None:
        raise NotFound()
    if found.state == BankRefund.State.PAID:
        return found
    if not reference.strip():
        raise Refused("reference", _("Give the reference of the bank transfer."), field="reference")
    now = clock.now()
    found.state, found.reference, found.paid_at, found.actor_id = BankRefund.State.PAID, reference[:80], now, actor_id
    known = found.account.get("account", "")
    found.account = {"account": bank_accounts.masked(known)} if known else {}
    found.save(update_fields=["state", "reference", "paid_at", "actor", "account"])
    order = found.order
    ledger.post(
        key=f"bank-refund:{order.reseller_id}:{order.order_number}:{found.refund_id}", kind="bank_refund",
        currency=order.currency, at=now, legs=[Leg(Kind.CASH, Kind.BANK, found.amount_minor, memo=order.order_number)],
    )  # fmt: skip
    OrderNote.objects.create(order=order, kind="bank_refund", actor_id=actor_id, at=now, data={"reason": reference})
    publisher.publish(
        events.BankRefundPaid(
            reseller_id=order.reseller_id,
            order_number=order.order_number,
            refund_id=found.refund_id,
            reference=found.reference,
        )
    )
    return found
