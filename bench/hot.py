"""Everybody wants the same thing: orders a second of one SKU, on one row and over buckets, against bare inserts.

At the level of SQL the very statements of ``stock.hold`` are sent by pgbench, a transaction each: a Python between a
lock and its commit would measure Python. A hot SKU's rows are read once a second by each process, which at these rates
is left out. The reference writes the same reservation and line and takes no stock. Through HTTP guests buy one SKU,
and then as many different ones, all steps.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import buyer, pages, rig, world
from bench.results import Result

SECONDS = int(os.environ.get("BENCH_HOT_SECONDS", "5"))
CLIENTS, TURNS = (8, 32), 3
_GOALS = {"one row": 0.2, "buckets": 0.5}


def measure() -> Iterator[Result]:
    """Fill a fresh database; hold one SKU as fast as can be, bare and for good; then buy it over HTTP."""
    with rig.servers() as running:
        import django

        django.setup()
        os.environ |= pages.LIMITS
        made = world.build(shops=4, products=100)
        for clients in CLIENTS:
            yield from _statements(running.database_url, made, clients)
        with rig.web(app="bench.site:application") as port:
            yield _guests(port, made)


# --- SQL -------------------------------------------------------------------------------------------
def _statements(url: str, made: world.World, clients: int) -> Iterator[Result]:
    """Measure bare, one row and buckets in turns; give the medians."""
    from supplier.models import Stock
    from supplier.services.stock import buckets

    variant = made.variants[made.slugs[0]][0]
    row = Stock.objects.filter(variant_id=variant, bucket=0).order_by("warehouse__priority")[0]
    place = {"variant_id": variant, "warehouse_id": row.warehouse_id}
    seen: dict[str, list[tuple[float, float]]] = {"bare": [], "one row": [], "buckets": []}
    for _ in range(TURNS):
        buckets.cool(**place)
        seen["bare"].append(_run(url, _script(row, "bare"), clients))
        seen["one row"].append(_run(url, _script(row, "one row"), clients))
        buckets.heat(**place)
        seen["buckets"].append(_run(url, _script(row, "buckets"), clients))
    bare = seen["bare"]
    for how, goal in _GOALS.items():
        ratio = statistics.median(rate / base for (rate, _), (base, _) in zip(seen[how], bare, strict=True))
        yield Result(
            f"hot: SKU held by {clients} clients, {how}",
            statistics.median(rate for rate, _ in seen[how]),
            "orders/s",
            ratio=ratio,
            goal=f"ratio ≥ {goal}",
            met=ratio >= goal,
            note=f"p99 {statistics.median(p99 for _, p99 in seen[how]):.1f} ms; the same rows put in bare: "
            f"{statistics.median(rate for rate, _ in bare):,.0f}/s, "
            f"p99 {statistics.median(p99 for _, p99 in bare):.1f} ms",
        )


def _script(row: Any, how: str) -> str:
    """Write what ``stock.hold`` sends, for pgbench; ``bare``: only the reservation and its line, in a transaction."""
    from s2b2c.tenancy.models import Reseller
    from supplier.services.stock import holds, rows

    shop = Reseller.objects.order_by("id")[0].id
    variant, place, stock = (f"ARRAY[{number}]" for number in (row.variant_id, row.warehouse_id, row.id))
    facts = (shop, "'h' || nextval('bench_hot')", "'paid'", "now()", "now()")
    reserve = holds._RESERVE % (*facts, variant, place, stock, "ARRAY[1]")
    steps = {
        "bare": [reserve.partition(";")[2]],
        "one row": [reserve, rows._TAKE_ONE % (1, 1, row.id, 1)],
        "buckets": [
            holds._RESERVE_ANYWHERE % (row.variant_id, row.warehouse_id, 1, row.warehouse_id, 1, 1, 1, *facts, 1)
        ],
    }[how]
    if how == "one row":
        order = "w.priority, s.warehouse_id, s.available DESC, s.id"
        steps = [rows._ROWS.format(having="AND s.available > 0", order=order, lock="") % variant, *steps]
    # What is one message to the application is one to pgbench, which joins by \;
    return "".join(" ".join(step.split()).replace(";", " \\;") + ";\n" for step in ("BEGIN", *steps, "COMMIT"))


def _run(url: str, script: str, clients: int) -> tuple[float, float]:
    """Let clients order for some seconds; give orders a second and the 99th percentile in ms.

    :raises RuntimeError: an order took no piece, or of a hundred more than one met only buckets somebody was at,
        after which the application tries again: the figure would be about something else.
    """
    _sequence()
    before = _made()
    with tempfile.TemporaryDirectory(prefix="s2b2c-hot-") as folder:
        (Path(folder) / "script").write_text(script, encoding="utf8")
        command = [str(_pgbench()), "-n", "-f", "script", "-c", str(clients), "-j", "2", "-T", str(SECONDS), "-l", url]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        logs = [line.split() for log in Path(folder).glob("pgbench_log*") for line in log.read_text().splitlines()]
    times = sorted(int(words[2]) for words in logs)
    made = _made() - before
    if made < len(times) * 0.99:
        raise RuntimeError(f"{len(times) - made} of {len(times)} orders of {clients} clients met no free bucket")
    return made / SECONDS, times[len(times) * 99 // 100] / 1000


def _pgbench() -> Path:
    from s2b2c.embedded import binaries

    return binaries.postgres().program("pgbench")


def _made() -> int:
    from supplier.models import Reservation

    return Reservation.objects.count()


def _sequence() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE IF NOT EXISTS public.bench_hot")
        cursor.execute(
            "SELECT count(*) FROM supplier_reservation r WHERE r.order_number LIKE 'h%' "
            "AND NOT EXISTS (SELECT 1 FROM supplier_reservationline l WHERE l.reservation_id = r.id)"
        )
        if missed := cursor.fetchone()[0]:
            raise RuntimeError(f"{missed} orders took no piece")


# --- HTTP ------------------------------------------------------------------------------------------
def _guests(port: int, made: world.World, clients: int = 8) -> Result:
    """Guests of four shops buy one SKU that is hot, and in turns as many different ones."""
    from supplier.models import Stock
    from supplier.services.stock import buckets

    cold = [(slug, ids[1]) for slug, ids in made.variants.items()]
    hot = [(made.slugs[1], made.variants[made.slugs[1]][0])]
    for row in Stock.objects.filter(variant_id=hot[0][1], bucket=0):
        buckets.heat(variant_id=row.variant_id, warehouse_id=row.warehouse_id)
    buyer.run(port, made.shops, cold + hot, clients=clients, seconds=1)
    ratios, rates, slowest = [], [], []
    for _ in range(TURNS):
        before = buyer.run(port, made.shops, cold, clients=clients, seconds=SECONDS)
        seen = buyer.run(port, made.shops, hot, clients=clients, seconds=SECONDS)
        after = buyer.run(port, made.shops, cold, clients=clients, seconds=SECONDS)
        if seen.refused or before.refused or after.refused:
            raise RuntimeError(f"refused: {seen.refused} {before.refused} {after.refused}")
        ratios.append(seen.per_second * 2 / (before.per_second + after.per_second))
        rates.append(seen.per_second)
        slowest.append(seen.p99)
    ratio = statistics.median(ratios)
    return Result(
        f"hot: SKU bought over HTTP by {clients} guests",
        statistics.median(rates),
        "orders/s",
        ratio=ratio,
        goal="ratio ≥ 0.9",
        met=ratio >= 0.9,
        note=f"the ratio is to the same checkout on {len(cold)} cold SKUs; p99 {statistics.median(slowest):.0f} ms",
    )
