"""Orders on their way from the shops to S: how many events a second, and how long one takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import cycle, islice
from multiprocessing import get_context
from typing import cast

import django

from bench import kinds, lag, raw, rig, world
from bench.results import Result

BACKLOG, SHOPS, DRAINS = 1_500, 4, 2


def measure() -> Iterator[Result]:
    """Fill a fresh database; drain a backlog, keep up with a steady rate of orders, book sales in batches."""
    with rig.servers():
        django.setup()
        made = world.build(shops=SHOPS, products=200)
        buyer = _Buyer(made)
        yield from _backlog(buyer)
        yield from lag.measure(buyer.order)
        yield from _ledger()


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
    """Drain what has piled up, with the real handlers, in one process; then write the same rows bare."""
    from s2b2c.outbox import dispatcher

    for _ in range(20):
        buyer.order()
    kinds.drain()
    began = time.perf_counter()
    for _ in range(BACKLOG):
        buyer.order()
    placed = time.perf_counter() - began
    yield Result(
        "sync: orders placed by the service", BACKLOG / placed, "orders/s", note="one process, two lines each"
    )
    placed_, opened = kinds.cost("OrderPlaced", BACKLOG), kinds.cost("FulfilmentOpened", BACKLOG)
    yield from (kinds.result("OrderPlaced", BACKLOG, placed_), kinds.result("FulfilmentOpened", BACKLOG, opened))
    wall, events = placed_.wall + opened.wall, 2 * BACKLOG
    rows, bare = raw.put(_WRITTEN, batch=dispatcher.BATCH)
    yield Result(
        "sync: events drained",
        events / wall,
        "events/s",
        ratio=bare.wall / wall,
        note=f"{BACKLOG} orders taken over, booked and reported back, one process, {wall:.1f} s; the ratio is to {rows:,} "
        f"rows of the same tables put in bare: {events / bare.wall:,.0f} events/s, {bare.each(events)}",
    )
    _check()
    yield _side_by_side(buyer, events / wall)
    yield from kinds.later(BACKLOG)


def _side_by_side(buyer: _Buyer, alone: float) -> Result:
    """Drain as much once more, by two processes at a time."""
    for _ in range(BACKLOG):
        buyer.order()
    with ProcessPoolExecutor(DRAINS, mp_context=get_context("spawn"), initializer=django.setup) as pool:
        list(pool.map(kinds.drain, [1] * DRAINS))  # each has connected and read its modules
        began = time.perf_counter()
        done = sum(pool.map(kinds.drain, [100_000] * DRAINS))
        rate = done / (time.perf_counter() - began)
    _check()
    return Result(
        f"sync: events drained by {DRAINS} processes", rate, "events/s", ratio=rate / alone,
        note=f"{done:,} events; the ratio is to one process",
    )  # fmt: skip


# What taking over, booking and reporting back writes outside the shops.
_WRITTEN = (
    *("supplier_salesorder", "supplier_salesline", "supplier_fulfilmentorder", "supplier_fulfilmentline"),
    *("supplier_ordernote", "supplier_journal", "supplier_transfer", "outbox_outboxevent"),
)


def _ledger() -> Iterator[Result]:
    """Book every sale once more, under other keys, against the bare insert of the same journals and transfers."""
    from s2b2c.kernel import events
    from s2b2c.outbox import dispatcher
    from s2b2c.outbox.models import OutboxEvent
    from supplier.services import ledger, postings

    placed = OutboxEvent.objects.filter(topic="OrderPlaced").order_by("id").values_list("payload", flat=True)
    several = [cast(events.OrderPlaced, events.from_payload("OrderPlaced", payload)) for payload in placed]
    rows, bare = raw.put(("supplier_journal", "supplier_transfer"), batch=dispatcher.BATCH)
    entries = [replace(postings.entry_of_sale(event), key=f"bench:{event.key}") for event in several]
    began = time.perf_counter()
    for start in range(0, len(entries), dispatcher.BATCH):
        ledger.write_all(entries[start : start + dispatcher.BATCH])
    seconds = time.perf_counter() - began
    yield Result(
        "ledger: journals posted in batches",
        len(entries) / seconds,
        "journals/s",
        ratio=bare.wall / seconds,
        goal="≥ 0.5",
        met=bare.wall / seconds >= 0.5,
        note=f"the ratio is to the same {rows:,} journals and transfers put in bare",
    )


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
