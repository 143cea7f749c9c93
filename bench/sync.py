"""Orders on their way from the shops to S: how many events a second, and how long one takes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

from bench import rig, world
from bench.results import Result
from s2b2c.embedded import places, processes

BACKLOG, RATE, SECONDS, SHOPS = 1_500, 50, 10, 4


def measure() -> Iterator[Result]:
    """Fill a fresh database; drain a backlog, then keep up with 50 orders a second."""
    with rig.servers():
        import django

        django.setup()
        made = world.build(shops=SHOPS, products=200)
        buyer = _Buyer(made)
        yield from _backlog(buyer)
        yield from _lag(buyer)


class _Buyer:
    """Places orders through the service, shop by shop, in this process."""

    def __init__(self, made: world.World) -> None:
        from s2b2c.tenancy.models import Reseller

        self.shops = cycle(Reseller.objects.filter(slug__in=made.shops))
        self.variants = cycle([number for ids in made.variants.values() for number in ids])

    def order(self, email: str = "guest@bench.invalid") -> None:
        """Place an order of two lines, cash on delivery: it goes to S at once."""
        from orders.services import cart, checkout
        from s2b2c.tenancy import context

        contact = checkout.Contact("June Park", email, "", "28 Churchill Street", "12508", "Beacon", "NY", "US")
        with context.entered(next(self.shops)):
            first, second = islice(self.variants, 2)
            bag = cart.add_line(token=None, variant_id=first, quantity=1)
            cart.add_line(token=bag.token, variant_id=second, quantity=2)
            checkout.place_order(cart_token=bag.token, contact=contact, method="cod", language="en")


def _backlog(buyer: _Buyer) -> Iterator[Result]:
    """Drain what has piled up, with the real handlers, in one process."""
    from s2b2c import wiring
    from s2b2c.outbox import dispatcher

    for _ in range(20):
        buyer.order()
    dispatcher.drain(wiring.HANDLERS)
    began = time.perf_counter()
    for _ in range(BACKLOG):
        buyer.order()
    placed = time.perf_counter() - began
    yield Result(
        "sync: orders placed by the service", BACKLOG / placed, "orders/s", note="one process, two lines each"
    )
    began = time.perf_counter()
    events = dispatcher.drain(wiring.HANDLERS)
    seconds = time.perf_counter() - began
    yield Result(
        "sync: events drained",
        events / seconds,
        "events/s",
        note=f"{BACKLOG} orders taken over, booked and reported back, {seconds:.1f} s, one process",
    )
    _check()


def _check() -> None:
    """Everything arrived, once."""
    from s2b2c.outbox.models import OutboxEvent
    from supplier.models import FulfilmentOrder, Journal, SalesOrder
    from supplier.selectors import audit

    orders = SalesOrder.objects.count()
    assert OutboxEvent.objects.exclude(state="done").count() == 0
    assert orders == FulfilmentOrder.objects.count() == Journal.objects.filter(kind="sale").count()
    assert OutboxEvent.objects.filter(topic="OrderPlaced").count() == orders
    assert not [*audit.books(), *audit.stock()]


def _lag(buyer: _Buyer) -> Iterator[Result]:
    """Place orders at a steady rate while a Celery worker drains."""
    from s2b2c.outbox.models import OutboxEvent

    argv = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "s2b2c.celery",
        "worker",
        "--loglevel",
        "WARNING",
        "--concurrency",
        "1",
    ]
    worker = processes.spawn(
        [*argv, "--without-gossip", "--without-mingle"], cwd=places.PROJECT, output=subprocess.DEVNULL
    )
    try:
        first = _wait_for_worker(buyer)
        began = time.perf_counter()
        late = 0.0
        for number in range(RATE * SECONDS):
            wait = began + number / RATE - time.perf_counter()
            late = max(late, -wait)
            time.sleep(max(0, wait))
            buyer.order()
        placed = time.perf_counter() - began
        rig.seconds_until(lambda: not OutboxEvent.objects.exclude(state="done").exists(), limit=60)
    finally:
        processes.stop(worker, 15, grace=10)
    for topic, name in (("OrderPlaced", "order to S"), ("FulfilmentOpened", "answer to the shop")):
        lags = sorted(_lags(OutboxEvent.objects.filter(topic=topic, id__gt=first)))
        yield Result(
            f"sync: lag, {name}, p50",
            lags[len(lags) // 2],
            "ms",
            note=f"{RATE * SECONDS / placed:.0f} orders/s for {placed:.0f} s, one Celery worker",
        )
        yield Result(f"sync: lag, {name}, p99", lags[len(lags) * 99 // 100], "ms")


def _wait_for_worker(buyer: _Buyer) -> int:
    from s2b2c.outbox.models import OutboxEvent

    def drained() -> bool:
        buyer.order()
        time.sleep(0.3)
        return not OutboxEvent.objects.filter(state="pending").exists()

    rig.seconds_until(drained, limit=60)
    return int(OutboxEvent.objects.order_by("-id").values_list("id", flat=True)[0])


def _lags(rows: Any) -> Iterator[float]:
    for made, done in rows.values_list("created_at", "done_at"):
        yield (done - made).total_seconds() * 1000
