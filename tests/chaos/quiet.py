"""Until all has come to rest: people leave, missed webhooks heal, the outbox runs dry, all by the platform's own means.

Three things are hurried, as hours would: the pause before a failed event's next try, that before a webhook that found
nobody is sent again, and the minute before a payment nobody told of is asked about.
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Sequence
from typing import Any

from django.db import connection, connections

from tests.chaos.parts import Platform
from tests.chaos.people import Person

_LAST = 60.0
_PATIENCE = 6.0  # before waiting is shortened: meanwhile workers end what they are at


def leave(people: Sequence[Person], *, seconds: float) -> None:
    """Wait until everybody has had an answer to the last question."""
    for each in people:
        each.give_up_at = time.monotonic() + seconds
    for each in people:
        each.join(seconds + 30)


def come_to_rest(platform: Platform, *, seconds: float) -> float:
    """Wait until nothing is left to do; give how long it took, at most ``seconds`` and a minute."""
    began = time.monotonic()
    _dry(platform, began + seconds)
    _heal()
    _tell_all(platform, began + seconds)
    # On a busy machine telling all of a long run may take the time there is: what was told last is handled all the same.
    _dry(platform, max(began + seconds, time.monotonic() + _LAST))
    connections.close_all()
    return time.monotonic() - began


def _tell_all(platform: Platform, until: float) -> None:
    """Have every webhook brought that is still on its way: what comes after the verdict looks like something left over."""
    sent: set[str] = set()
    while (waiting := _undelivered(platform)) and time.monotonic() < until:
        for event in waiting - sent:
            _ask(platform, "resend", {"event": event})
        sent |= waiting
        time.sleep(0.2)


def _undelivered(platform: Platform) -> set[str]:
    return set(_ask(platform, "state")["undelivered"])


def _ask(platform: Platform, path: str, data: dict[str, str] | None = None) -> dict[str, Any]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{platform.stripe_port}/_control/{path}",
        json.dumps(data).encode() if data else None,
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return dict(json.load(answer))


def _heal() -> None:
    from orders.services import reconciling
    from s2b2c.outbox.models import JobRun

    reconciling.OLD_SECONDS = 0
    for _ in range(50):
        JobRun.objects.filter(name=reconciling.JOB).update(next_at=None)
        reconciling.run()
        if not JobRun.objects.get(name=reconciling.JOB).position:
            return


def _dry(platform: Platform, until: float) -> None:
    began, hurried = time.monotonic(), 0.0
    while _pending() and time.monotonic() < until:
        platform.look_after()
        if time.monotonic() - max(began, hurried) > _PATIENCE:
            _hurry()
            hurried = time.monotonic()
        time.sleep(0.2)


def _pending() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM outbox_outboxevent WHERE state = 'pending'")
        return int(cursor.fetchone()[0])


def _hurry() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE outbox_outboxevent SET next_at = now() WHERE state = 'pending' AND next_at > now()")
