"""What a person may do with an event that failed."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.accounts.models import User
from s2b2c.accounts.services import audit
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from s2b2c.outbox import publisher
from s2b2c.outbox.models import OutboxEvent

State = OutboxEvent.State


@transaction.atomic
def retry(*, event_id: int, actor: User) -> OutboxEvent:
    """Let an event that was given up be handled again, with a fresh count of tries.

    :raises StateRefused: it wasn't given up.
    """
    event = _dead(event_id)
    event.state, event.tries, event.next_at = State.PENDING, 0, clock.now()
    event.save(update_fields=["state", "tries", "next_at"])
    audit.record(actor=actor, action="outbox.retried", subject=str(event), detail={"event": event.pk})
    transaction.on_commit(publisher.wake)
    return event


@transaction.atomic
def skip(*, event_id: int, actor: User, reason: str) -> OutboxEvent:
    """Pass over an event for good: its handlers won't act, later events of its key go on.

    :raises Refused: no reason. :raises StateRefused: it wasn't given up.
    """
    if not reason.strip():
        raise Refused("reason", _("Say why, in a few words."), field="reason")
    event = _dead(event_id)
    event.state, event.skip_reason, event.done_at = State.SKIPPED, reason.strip()[:200], clock.now()
    if "recipient" in event.payload:
        event.payload["recipient"] = {}  # nobody needs it any more
    event.save(update_fields=["state", "skip_reason", "done_at", "payload"])
    detail = {"event": event.pk, "reason": event.skip_reason}
    audit.record(actor=actor, action="outbox.skipped", subject=str(event), detail=detail)
    transaction.on_commit(publisher.wake)
    return event


def _dead(event_id: int) -> OutboxEvent:
    event = OutboxEvent.objects.select_for_update().filter(pk=event_id).first()
    if event is None:
        raise NotFound()
    if event.state != State.DEAD:
        raise StateRefused("not_dead", _("This event is not among those that failed."))
    return event
