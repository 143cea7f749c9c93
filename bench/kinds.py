"""What an event costs, kind by kind: an order taken over and booked, and the steps that follow."""

from __future__ import annotations

from collections.abc import Iterator

from bench.results import Result
from bench.spent import Spent, spent


def drain(limit: int = 100_000) -> int:
    """Drain with the real handlers, in this process."""
    from s2b2c import wiring
    from s2b2c.outbox import dispatcher

    return dispatcher.drain(wiring.HANDLERS, limit=limit)


def cost(topic: str, count: int) -> Spent:
    """Drain the ``count`` events that wait longest, which are all of this kind."""
    from s2b2c.outbox.models import OutboxEvent

    done = OutboxEvent.objects.filter(topic=topic, state="done")
    before = done.count()
    found = spent(lambda: drain(limit=count))
    assert done.count() == before + count
    return found


def result(topic: str, count: int, found: Spent) -> Result:
    return Result(f"sync: {topic}, drained", count / found.wall, "events/s", note=found.each(count))


def later(count: int) -> Iterator[Result]:
    """Let ``count`` orders be picked and sent, and drain what the shops hear of it. Their mails are not sent."""
    from s2b2c.outbox.models import OutboxEvent
    from supplier.models import FulfilmentOrder
    from supplier.services import picking, shipping

    waiting = FulfilmentOrder.objects.filter(state="queued").order_by("id").values_list("number", flat=True)
    numbers = list(waiting[:count])
    for number in numbers:
        picking.start_picking(number=number, actor_id=None)
    yield result("PickingStarted", count, cost("PickingStarted", count))
    for number in numbers:
        shipping.ship(number=number, carrier="C", tracking="T", request_key=number)
    yield result("ShipmentSent", count, cost("ShipmentSent", count))
    OutboxEvent.objects.filter(state="pending").delete()
