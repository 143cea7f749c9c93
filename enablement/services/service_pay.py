"""What providers are paid: statements of approved tasks, one file for the bank, and the word that it was paid."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from enablement.models import ServiceStatement, ServiceTask
from enablement.services import service_books
from s2b2c.kernel import clock, money
from s2b2c.kernel.errors import NotFound, Refused
from supplier.services import records
from supplier.services.settlement import numbers

HEAD = ("reference", "holder", "account", "routing", "bank", "country", "amount", "currency")


@transaction.atomic
def make(*, currency: str, actor_id: int | None) -> str:
    """Put everything approved and unpaid in this currency on statements, one a provider; give the file's number.

    A provider whose bank nobody knows waits.

    :raises Refused: nothing waits.
    """
    approved = ServiceTask.objects.select_for_update(of=("self",)).filter(
        state=ServiceTask.State.APPROVED, statement=None, currency=currency
    )
    by_provider: dict[int, list[ServiceTask]] = defaultdict(list)
    for task in approved.exclude(provider__bank={}).select_related("provider").order_by("provider_id", "id"):
        by_provider[task.provider_id].append(task)  # type: ignore[index]
    if not by_provider:
        raise Refused("nothing", _("No provider waits for money, or none has told its bank."))
    now = clock.now()
    batch, *names = numbers.take(f"V-{now:%Y}", 1 + len(by_provider))
    for number, tasks in zip(names, by_provider.values(), strict=True):
        _statement(number, batch, tasks, actor_id)
    records.audit(actor_id, "service.bank_file", batch, statements=len(names))
    return batch


def _statement(number: str, batch: str, tasks: Sequence[ServiceTask], actor_id: int | None) -> None:
    provider = tasks[0].provider
    assert provider is not None
    made = ServiceStatement.objects.create(
        number=number, batch=batch, provider=provider, currency=tasks[0].currency, actor_id=actor_id,
        total_minor=sum(task.price_minor or 0 for task in tasks), bank=provider.bank, created_at=clock.now(),
    )  # fmt: skip
    ServiceTask.objects.filter(pk__in=[task.pk for task in tasks]).update(statement=made)


@transaction.atomic
def paid(*, number: str, actor_id: int | None) -> ServiceStatement:
    """Say that the bank paid a statement: it is booked, and its tasks are paid. Said again, nothing changes.

    :raises NotFound: there is none.
    """
    found = ServiceStatement.objects.select_for_update(of=("self",)).filter(number=number).first()
    if found is None:
        raise NotFound()
    if found.state == ServiceStatement.State.PAID:
        return found
    found.state, found.paid_at = ServiceStatement.State.PAID, clock.now()
    found.save(update_fields=["state", "paid_at"])
    ServiceTask.objects.filter(statement=found).update(state=ServiceTask.State.PAID)
    service_books.pay(found)
    records.audit(actor_id, "service.paid", found.number, total=found.total_minor)
    return found


def as_csv(batch: str) -> str:
    """Give a file for the bank, one provider a line. :raises NotFound: there is none."""
    rows = list(ServiceStatement.objects.filter(batch=batch).order_by("number"))
    if not rows:
        raise NotFound()
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for row in rows:
        where = [_safe(str(row.bank.get(name, ""))) for name in HEAD[1:6]]
        writer.writerow([row.number, *where, money.to_decimal(row.total_minor, row.currency), row.currency])
    return out.getvalue()


def _safe(cell: str) -> str:
    """A cell must not be taken for a formula by whoever opens it."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell
