"""What a booked service means in the books. Call each inside a transaction. See docs/adr on the service network.

Booked by a shop: its budget goes from what S owes the shop to an account that keeps it. Approved: the price is owed to
providers, the rest goes back to the shop. Cancelled: all of it goes back. S's own tasks cost S when they are approved.
Paid: what is owed leaves the bank.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from enablement.models import ServiceStatement, ServiceTask
from s2b2c.kernel import clock, money
from s2b2c.kernel.errors import Refused
from supplier.models import Account, Journal
from supplier.selectors import standing
from supplier.services import ledger
from supplier.services.ledger import Leg

Kind = Account.Kind


def available(reseller_id: int, currency: str) -> int:
    """Give what a shop can spend on services: earned, due, and not paid out yet."""
    found = standing.of(reseller_id, currency)
    return max(0, min(found.ready, found.total))


def keep(task: ServiceTask) -> Journal:
    """Keep a task's budget from what S owes the shop; its account is locked meanwhile.

    :raises Refused: it has not earned that much yet.
    """
    assert task.reseller_id is not None
    account = Account.objects.filter(kind=Kind.RESELLER_PAYABLE, reseller_id=task.reseller_id, currency=task.currency)
    list(account.select_for_update())
    there = available(task.reseller_id, task.currency)
    if there < task.budget_minor:
        raise Refused(
            "balance",
            _("%(there)s of what you earned is free for services now; the task may cost %(budget)s."),
            field="budget",
            there=money.format_minor(there, task.currency),
            budget=money.format_minor(task.budget_minor, task.currency),
        )
    return _post(task, "booked", [Leg(Kind.RESELLER_PAYABLE, Kind.SERVICE_HELD, task.budget_minor, memo=task.number)])


def give_back(task: ServiceTask) -> None:
    """Give all of a cancelled task's budget back."""
    if task.reseller_id is not None:
        _post(task, "cancelled", [Leg(Kind.SERVICE_HELD, Kind.RESELLER_PAYABLE, task.budget_minor, memo=task.number)])


def owe(task: ServiceTask) -> Journal:
    """Owe the price to the provider, and give the rest of the budget back to the shop."""
    assert task.price_minor is not None
    if task.reseller_id is None:
        return _post(task, "done", [Leg(Kind.SERVICE_COST, Kind.SERVICE_PAYABLE, task.price_minor, memo=task.number)])
    left = task.budget_minor - task.price_minor
    return _post(
        task,
        "done",
        [
            Leg(Kind.SERVICE_HELD, Kind.SERVICE_PAYABLE, task.price_minor, memo=task.number),
            Leg(Kind.SERVICE_HELD, Kind.RESELLER_PAYABLE, left, memo=task.number),
        ],
    )


def pay(statement: ServiceStatement) -> Journal:
    """Book what left the bank for a statement."""
    return ledger.post(
        key=f"service-paid:{statement.number}", kind="service_paid", currency=statement.currency, at=clock.now(),
        legs=[Leg(Kind.SERVICE_PAYABLE, Kind.BANK, statement.total_minor, memo=statement.number)],
    )  # fmt: skip


def _post(task: ServiceTask, what: str, legs: list[Leg]) -> Journal:
    return ledger.post(
        key=f"service-{what}:{task.number}", kind=f"service_{what}", currency=task.currency, at=clock.now(),
        reseller_id=task.reseller_id, legs=legs,
    )  # fmt: skip
