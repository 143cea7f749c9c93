"""Forget events that were handled long ago, in small transactions."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from s2b2c.kernel import clock
from s2b2c.outbox.models import OutboxEvent

BATCH = 5_000
_ENDED = (OutboxEvent.State.DONE, OutboxEvent.State.SKIPPED)


def forget_old(*, limit: int = 500_000) -> int:
    """Delete what ended ``OUTBOX_KEEP_DAYS`` ago; give how many events went.

    What waits or failed stays, however old. An event goes with the names of the handlers that acted on it, so none is
    ever without what keeps them from acting twice.
    """
    before, last, gone = clock.now() - timedelta(days=settings.OUTBOX_KEEP_DAYS), 0, 0
    while gone < limit:
        rows = list(
            OutboxEvent.objects.filter(id__gt=last)
            .order_by("id")
            .values_list("id", "state", "created_at", "done_at")[:BATCH]
        )
        ids = [id_ for id_, state, _, done in rows if state in _ENDED and done is not None and done < before]
        gone += _forget(ids)
        if len(rows) < BATCH or rows[-1][2] >= before:
            return gone
        last = rows[-1][0]
    return gone


def _forget(ids: list[int]) -> int:
    if not ids:
        return 0
    return OutboxEvent.objects.filter(id__in=ids, state__in=_ENDED).delete()[0]
