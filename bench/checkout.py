"""Guests buying over HTTP, all steps; and more buyers than pieces."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator

from bench import buyer, pages, rig, world
from bench.results import Result

CLIENTS, SECONDS, TURNS = 8, 4.0, 3
BUYERS, PIECES, SHOPS = 64, 50, 4


def measure() -> Iterator[Result]:
    """Fill a fresh database, serve it, and buy."""
    with rig.servers():
        import django

        django.setup()
        os.environ |= pages.LIMITS
        made = world.build(shops=SHOPS)
        with rig.web(app="bench.site:application") as port:
            asked = pages.Asked(port)
            asked.reference()
            yield _orders(asked, made)
            for turn in range(1, TURNS + 1):
                yield _race(port, made, turn)
        yield _placing(made)


def _orders(asked: pages.Asked, made: world.World) -> Result:
    """Eight guests: product page, add, bag, checkout, order, confirmation."""
    goods = [(slug, ids[0]) for slug, ids in made.variants.items()]
    shops = made.shops[:1]
    buyer.run(asked.port, shops, goods, clients=CLIENTS, seconds=1)
    ratios, rates, before = [], [], asked.reference()
    for _ in range(TURNS):
        last = buyer.run(asked.port, shops, goods, clients=CLIENTS, seconds=SECONDS)
        if last.refused:
            raise RuntimeError(f"refused: {last.refused}")
        after = asked.reference()
        ratios.append(last.per_second * 2 / (before + after))
        rates.append(last.per_second)
        before = after
    ratio = statistics.median(ratios)
    return Result(
        "checkout: orders, all steps over HTTP",
        statistics.median(rates),
        "orders/s",
        ratio=ratio,
        goal="ratio ≥ 0.04",
        met=ratio >= 0.04,
        note=f"{CLIENTS} guests, 6 requests each, cash on delivery, p50 {last.p50:.0f} ms, p99 {last.p99:.0f} ms",
    )


def _race(port: int, made: world.World, turn: int) -> Result:
    """More buyers than pieces, in several shops, all sending the last form at the same moment."""
    slug = made.slugs[-turn]
    variant = made.variants[slug][0]
    _leave(variant, PIECES)
    seen = buyer.run(port, made.shops, [(slug, variant)], clients=BUYERS)
    left, sold = _left(variant)
    fine = seen.orders == PIECES == sold and left == 0 and seen.refused == {"409": BUYERS - PIECES}
    return Result(
        f"checkout: {BUYERS} buyers, {PIECES} pieces, {SHOPS} shops, race {turn}",
        seen.orders,
        "sold",
        goal=f"exactly {PIECES}",
        met=fine,
        note=f"{left} left, {sold} held, refused {seen.refused}",
    )


def _leave(variant: int, pieces: int) -> None:
    """Leave so many pieces of a variant, spread over the warehouses, by the service that adjusts stock."""
    from supplier.models import Stock
    from supplier.services import stock

    rows = list(Stock.objects.filter(variant_id=variant).order_by("warehouse__priority"))
    shares = [pieces * 2 // 5, pieces * 2 // 5, pieces - 2 * (pieces * 2 // 5)]
    for row, share in zip(rows, shares, strict=True):
        stock.adjust(
            variant_id=variant, warehouse_id=row.warehouse_id, quantity=share - row.available, reason="the last pieces"
        )


def _left(variant: int) -> tuple[int, int]:
    from django.db.models import Sum

    from supplier.models import Stock

    sums = Stock.objects.filter(variant_id=variant).aggregate(free=Sum("available"), held=Sum("held"))
    return sums["free"], sums["held"]


def _placing(made: world.World, count: int = 200) -> Result:
    """The service alone, one after the other: a bag of one line becomes an order, card."""
    from orders.services import cart, checkout
    from s2b2c.tenancy import context
    from s2b2c.tenancy.models import Reseller

    contact = checkout.Contact("June Park", "", "", "28 Churchill Street", "12508", "Beacon", "NY", "US")
    with context.entered(Reseller.objects.get(slug=made.shops[0])):
        bags = [
            cart.add_line(token=None, variant_id=ids[1], quantity=1) for ids in list(made.variants.values())[:count]
        ]
        began = time.perf_counter()
        for bag in bags:
            checkout.place_order(cart_token=bag.token, contact=contact, method="card", language="en")
        seconds = time.perf_counter() - began
    return Result("checkout: place_order alone", seconds / count * 1000, "ms", note="one process, disk waited for")
