"""``python -m tests.chaos.dead_redis``: without Redis every checkout succeeds, and soon; S hears of it by itself later.

Twice: Redis is gone (connections are refused), and Redis hangs (connections are taken and nothing comes).
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from s2b2c.embedded import processes
from s2b2c.embedded.supervisor import say
from tests.chaos.parts import Platform

if TYPE_CHECKING:
    from tests.chaos.people import Buyer

_ORDERS = 12
LONGEST_SECONDS = 2.0  # one of two seconds' orders waits for a Redis that hangs, once
CATCH_UP_SECONDS = 30.0


def main() -> int:
    """Do both; exit status 0: every checkout succeeded in time, and S has all of them."""
    processes.die_with_parent()
    with Platform() as platform:
        platform.prepare()
        import django

        django.setup()
        from django.db import connections

        from tests.chaos import people, world

        made = world.build(seed=1, shops=2)
        connections.close_all()
        platform.serve()
        notes = people.Notes()
        buyer = people.Buyer("guest", 1, notes, threading.Event(), world=made, port=platform.port)
        for _ in range(6):  # both web workers have everything loaded
            _order(buyer)
        redis = platform.parts["redis"]
        gone = _while_away(platform, buyer, "is gone", redis.kill, redis.up)
        hangs = _while_away(
            platform, buyer, "hangs", lambda: redis.signal(signal.SIGSTOP), lambda: redis.signal(signal.SIGCONT)
        )
        wrong = [*notes.odd, *(f"repeated: {what}" for what in notes.repeated), *platform.ended]
        for each in wrong:
            say(f"  wrong: {each}")
        return 0 if gone and hangs and not wrong else 1


def _order(buyer: Buyer) -> float:
    """Buy plenty of something on delivery; give how long the checkout took, in seconds."""
    from tests.chaos.people import Order

    buyer.turns += 1
    variant = buyer.chance.choice(buyer.world.plenty)
    order = Order(buyer.chance.choice(buyer.world.shops), f"guest-{buyer.turns}@chaos.invalid", "cod", {variant: 1})
    assert buyer._place(order, buyer._fill(order))
    return float(buyer.notes.latencies[-1])


def _while_away(
    platform: Platform, buyer: Buyer, how: str, away: Callable[[], object], back: Callable[[], object]
) -> bool:
    _caught_up(platform)
    away()
    times = sorted(_order(buyer) for _ in range(_ORDERS))
    back()
    took = _caught_up(platform)
    said = f"{took:.1f} s after it was back" if took is not None else "NOT"
    say(
        f"Redis {how}: {len(times)} checkouts, median {times[len(times) // 2] * 1000:.0f} ms,"
        f" longest {times[-1] * 1000:.0f} ms; S had all of them {said}"
    )
    return took is not None and times[-1] <= LONGEST_SECONDS


def _caught_up(platform: Platform) -> float | None:
    """Wait until every order is at S and every answer back; nobody helps. Give how long it took."""
    from django.db import connection

    began = time.monotonic()
    while time.monotonic() - began < CATCH_UP_SECONDS:
        platform.look_after()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM outbox_outboxevent WHERE state <> 'done'")
            if not cursor.fetchone()[0]:
                return time.monotonic() - began
        time.sleep(0.1)
    return None


if __name__ == "__main__":
    sys.exit(main())
