"""Runs of a settlement: begun, built, reviewed by somebody else, released; cancelled until then.

Building and releasing go chunk by chunk, each a transaction of its own that says how far it came: whoever comes next
carries on, also after a crash.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from s2b2c.accounts.models import Membership, User
from s2b2c.accounts.services import audit
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.models import Settlement, SettlementRun, StatementLine
from supplier.services.settlement import building, due, numbers, releasing

State = SettlementRun.State
LEASE = timedelta(seconds=60)
INLINE = 2  # so many chunks are done while the person waits


def start(*, currency: str, actor: User, until: datetime | None = None) -> SettlementRun:
    """Begin a run over everything due before ``until`` (now); small ones are built at once, others by workers.

    :raises Refused: ``until`` is in the future, or nobody ever earned in this currency.
    :raises StateRefused: a run of this currency is open.
    """
    now = clock.now()
    until = until or now
    if until > now:
        raise Refused("until", _("This lies in the future."), field="until")
    total = building.accounts(currency)
    if not total:
        raise Refused("nothing", _("Nobody has earned anything in this currency yet."))
    due.mark()
    try:
        run = _begin(currency, until, total, actor)
    except IntegrityError:
        raise StateRefused(
            "run_open", _("There is an open run in this currency. Release or cancel it first.")
        ) from None
    return work(run_id=run.pk, chunks=INLINE)


@transaction.atomic
def _begin(currency: str, until: datetime, total: int, actor: User) -> SettlementRun:
    run = SettlementRun.objects.create(
        number=numbers.take(f"{until:%Y}")[0], currency=currency, until=until, total=total, made_by=actor,
        created_at=clock.now(), worked_at=clock.now(),
    )  # fmt: skip
    audit.record(actor=actor, action="settlement.begun", subject=run.number, detail={"currency": currency})
    return run


def work(*, run_id: int, chunks: int | None = None) -> SettlementRun:
    """Go on building or releasing a run, ``chunks`` at most; what is left is for workers."""
    done = 0
    while chunks is None or done < chunks:
        if not _step(run_id):
            break
        done += 1
    else:
        _leave(run_id)
    return SettlementRun.objects.get(pk=run_id)


@transaction.atomic
def _step(run_id: int) -> bool:
    run = locked(run_id)
    if not run.is_at_work:
        return False
    run.worked_at = clock.now()
    more = building.chunk(run) if run.state == State.BUILDING else releasing.chunk(run)
    if not more:
        _finish(run)
    run.save()
    return more


def _finish(run: SettlementRun) -> None:
    if run.state == State.BUILDING:
        run.state, run.position = State.DRAFT, 0
    else:
        run.state, run.released_at = State.RELEASED, clock.now()
    run.done, run.worked_at = run.total, None


def _leave(run_id: int) -> None:
    """Let workers have it now; with the queue away beat finds it."""
    SettlementRun.objects.filter(pk=run_id, state__in=(State.BUILDING, State.RELEASING)).update(worked_at=None)
    try:
        current_app.send_task("supplier.tasks.run_settlements", expires=20, retry=False, ignore_result=True)
    except Exception:
        return


def run_due() -> int:
    """Carry on runs nobody is at; give how many."""
    free = Q(worked_at=None) | Q(worked_at__lt=clock.now() - LEASE)
    ids = list(
        SettlementRun.objects.filter(free, state__in=(State.BUILDING, State.RELEASING)).values_list("pk", flat=True)
    )
    for run_id in ids:
        work(run_id=run_id)
    return len(ids)


@transaction.atomic
def review(*, run_id: int, actor: User) -> SettlementRun:
    """Say that a run is right. Where more than one person does S's money, it takes another than who began it.

    :raises StateRefused: it isn't waiting for this. :raises Refused: ``four_eyes`` (403).
    """
    run = _wanted(run_id, State.DRAFT)
    if run.made_by_id == actor.pk and _others(actor):
        raise Refused("four_eyes", _("Somebody else has to review what you began."), status=403)
    run.state, run.reviewed_by, run.reviewed_at = State.REVIEWED, actor, clock.now()
    return _saved(run, actor, "reviewed")


def _others(actor: User) -> bool:
    roles = (Membership.Role.FINANCE, Membership.Role.ADMIN)
    people = Membership.objects.filter(reseller=None, role__in=roles, user__is_active=True)
    return people.exclude(user_id=actor.pk).exists()


def release(*, run_id: int, actor: User) -> SettlementRun:
    """Make a reviewed run final: statements get numbers and stay as they are, payouts are made and sent.

    :raises StateRefused: it wasn't reviewed.
    """
    with transaction.atomic():
        run = _wanted(run_id, State.REVIEWED)
        run.state, run.released_by, run.position = State.RELEASING, actor, 0
        run.total, run.done = Settlement.objects.filter(run=run).count(), 0
        run.worked_at = clock.now()
        _saved(run, actor, "released")
    return work(run_id=run_id, chunks=INLINE)


@transaction.atomic
def cancel(*, run_id: int, actor: User) -> SettlementRun:
    """Give a run up before it was released; what it held is due as before.

    :raises StateRefused: it was released, or is being.
    """
    run = _wanted(run_id, State.DRAFT, State.REVIEWED, State.BUILDING)
    StatementLine.objects.filter(settlement__run=run)._raw_delete("default")
    Settlement.objects.filter(run=run)._raw_delete("default")
    run.state, run.cancelled_at = State.CANCELLED, clock.now()
    return _saved(run, actor, "cancelled")


def _wanted(run_id: int, *states: str) -> SettlementRun:
    run = locked(run_id)
    if run.state not in states:
        raise StateRefused()
    return run


def locked(run_id: int) -> SettlementRun:
    """Give a run with its row locked. Call inside a transaction. :raises NotFound: there is none."""
    run = SettlementRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise NotFound()
    return run


def _saved(run: SettlementRun, actor: User, what: str) -> SettlementRun:
    run.save()
    audit.record(actor=actor, action=f"settlement.{what}", subject=run.number, detail={})
    return run
