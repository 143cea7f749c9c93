"""What a schema per shop costs as shops grow: opening, a page, memory, migrating all, finding a shop by host."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from bench import rig
from bench.results import Result

if TYPE_CHECKING:
    from s2b2c.tenancy.models import Reseller

FEW, MANY = 10, int(os.environ.get("BENCH_SHOPS", "1000"))


def measure() -> Iterator[Result]:
    """Fill a fresh database with shops and measure on the way."""
    with rig.servers():
        import django

        django.setup()
        yield from opening()
        yield from page()
        yield from memory()
        yield from finding()
        yield from migrating()


def opening() -> Iterator[Result]:
    """Time to open a shop: the last hundred against the first ten."""
    from s2b2c.tenancy import services

    def open_one(number: int) -> None:
        services.create_reseller(slug=f"bench-{number}", name=f"Bench {number}", currency="EUR", country="DE")

    times = [_timed(open_one, number) for number in range(MANY)]
    few, many = statistics.median(times[FEW : FEW * 4]), statistics.median(times[-100:])
    yield Result(f"tenancy: open a shop at {FEW}", few * 1000, "ms")
    yield _against(f"tenancy: open a shop at {MANY}", many, few, goal=1.25)


def page(rounds: int = 4) -> Iterator[Result]:
    """Time of a page's queries over shops this connection has visited: all of them against ten."""
    few, many = _visits(FEW, rounds * 25), _visits(MANY, rounds)
    yield Result(f"tenancy: a page's queries over {FEW} shops", few * 1000, "ms")
    yield _against(f"tenancy: a page's queries over {MANY} shops", many, few, goal=1.15)


def memory() -> Iterator[Result]:
    """Memory one backend keeps for each shop it has visited."""
    from django.db import connection

    connection.close()
    before = _backend_bytes()
    _visits(MANY, 1)
    each = (_backend_bytes() - before) / MANY / 1024
    yield Result("tenancy: backend memory per shop visited", each, "kB", goal="≤ 160", met=each <= 160)


def finding() -> Iterator[Result]:
    """Time to find a shop by its slug: in process, in Redis, in the database."""
    from django.core.cache import cache

    from s2b2c.tenancy import directory, memory

    directory.by_slug("bench-1")
    yield Result("tenancy: find a shop, in process", _best(lambda: directory.by_slug("bench-1")) * 1e6, "µs")
    for name, forget in (("in Redis", memory.clear_all), ("in the database", cache.clear)):
        times = []
        for _ in range(100):
            forget()
            times.append(_timed(directory.by_slug, "bench-1"))
        yield Result(f"tenancy: find a shop, {name}", statistics.median(times) * 1e6, "µs")


def migrating(workers: int = 2) -> Iterator[Result]:
    """Time to give every shop one more nullable column, and to find that there is nothing to do."""
    from s2b2c.tenancy import migrator, shop_migrations
    from s2b2c.tenancy.models import Reseller

    idle = _best(migrator.run) * 1000
    yield Result("tenancy: migrate, nothing to do", idle, "ms", goal="≤ 100", met=idle <= 100)
    recorded, target = shop_migrations.record(), shop_migrations.target_version()
    label, _, number = target.split()[-1].partition(".")
    newer = f"{int(number) + 1:04}"
    step = shop_migrations.Step(label, newer, ('ALTER TABLE "reseller_shop" ADD COLUMN "bench" integer NULL',))
    recording = shop_migrations.Recording((*recorded.steps, step), (), ())
    with ExitStack() as stack:
        stack.enter_context(_replaced(shop_migrations, "record", recording))
        later = target.removesuffix(number) + newer
        stack.enter_context(_replaced(shop_migrations, "target_version", later))
        shops = Reseller.objects.count()
        seconds = _timed(lambda: migrator.run(workers=workers))
        left = sum(migrator.outdated().values())
    all_of_them = seconds * 10_000 / shops
    yield Result(
        "tenancy: a nullable column for 10,000 shops",
        all_of_them,
        "s",
        goal="≤ 30",
        met=all_of_them <= 30 and not left,
        note=f"from {shops} in {seconds:.2f} s, {workers} workers",
    )


def _visits(shops: int, rounds: int) -> float:
    """Give the median time of a page after every shop has been visited once."""
    from s2b2c.tenancy.models import Reseller

    resellers = list(Reseller.objects.order_by("pk")[:shops])
    for reseller in resellers:
        _page(reseller)
    return statistics.median(_timed(_page, reseller) for _ in range(rounds) for reseller in resellers)


def _page(reseller: Reseller) -> None:
    from django.db import transaction

    from reseller.models import Customer, Listing, Shop
    from s2b2c.tenancy import context

    with context.entered(reseller), transaction.atomic():
        Shop.objects.filter(pk=1).first()
        list(Listing.objects.select_related("product").order_by("position")[:24])
        Customer.objects.filter(email="nobody@example.org").first()


def _backend_bytes() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(total_bytes) FROM pg_backend_memory_contexts")
        return int(cursor.fetchone()[0])


def _timed(work: Callable[..., object], *arguments: Any) -> float:
    began = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - began


def _best(work: Callable[[], object], rounds: int = 20) -> float:
    return min(_timed(work) for _ in range(rounds))


def _against(name: str, seconds: float, reference: float, *, goal: float) -> Result:
    ratio = seconds / reference
    return Result(name, seconds * 1000, "ms", ratio=ratio, goal=f"ratio ≤ {goal:g}", met=ratio <= goal)


@contextmanager
def _replaced(module: object, name: str, answer: object) -> Iterator[None]:
    before = getattr(module, name)
    setattr(module, name, lambda: answer)
    try:
        yield
    finally:
        setattr(module, name, before)
