"""Pages and the API of a shop with 1,000 products, in shares of a view with one primary-key query.

Each figure is taken in several short turns, each between two turns of the reference, and is the median of the
turns' ratios: what else the machine does meanwhile falls on both.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator, Sequence

from bench import load, rig, world
from bench.results import Result

SECONDS = float(os.environ.get("BENCH_SECONDS", "2"))
TURNS = int(os.environ.get("BENCH_TURNS", "3"))
PAGES, ALL = {"X-Bench-Fresh": "pages"}, {"X-Bench-Fresh": "all"}
# Figures are not about the limits, so those are out of the way; counting towards them is not.
LIMITS = {"THROTTLE_SHOP": "100000000/min", "THROTTLE_CLIENT": "100000000/min"}


def measure() -> Iterator[Result]:
    """Fill a fresh database, serve it, and ask."""
    with rig.servers():
        import django

        django.setup()
        os.environ |= LIMITS
        made = world.build()
        with rig.web(app="bench.site:application") as port:
            yield from figures(port, made)


def figures(port: int, made: world.World) -> Iterator[Result]:
    """Ask for each page."""
    host = f"{made.shops[0]}.localhost:{port}"
    slugs = made.slugs[::8]
    products = [f"/p/{slug}/" for slug in slugs]
    categories = [f"/c/{slug}/" for slug in made.categories]
    shelves = [f"/api/v1/products/?category={slug}" for slug in made.categories]
    first = [made.variants[slug][0] for slug in slugs]
    api = [f"/api/v1/products/{slug}/" for slug in slugs]
    added = [load.post("/bag/add/", host, {"variant": number, "quantity": 1}) for number in first]
    panel = {"HX-Request": "true", "HX-Target": "bag"}
    shown = [load.post("/bag/add/", host, {"variant": number, "quantity": 1}, panel) for number in first]
    asked = Asked(port)
    asked.reference()
    yield Result("pages: reference", asked.reference(), "1/s", note="a Django view with one primary-key query")
    yield asked.share("pages: product", [load.get(path, host, PAGES) for path in products], goal=0.30)
    yield asked.share("pages: product, nothing remembered", [load.get(path, host, ALL) for path in products])
    yield asked.share("pages: category", [load.get(path, host, PAGES) for path in categories], goal=0.20)
    yield asked.share("pages: category, nothing remembered", [load.get(path, host, ALL) for path in categories])
    yield asked.share("pages: product, API", [load.get(path, host) for path in api], goal=0.30)
    yield asked.share("pages: category, API", [load.get(path, host) for path in shelves], goal=0.20)
    yield asked.share("pages: add to cart", added, goal=0.15, status=303)
    yield asked.share("pages: add to cart, panel shown", shown)
    kept = [load.get(path, host) for path in ["/", *categories, *products[:100]]]
    yield asked.share("pages: kept", kept, goal=0.80)


class Asked:
    """Knows how fast the reference is at the moment."""

    def __init__(self, port: int) -> None:
        self.port = port

    def reference(self) -> float:
        """Give the reference's requests a second now."""
        requests = [load.get(f"/bench/reference/{number}/", "localhost") for number in range(1, 1001)]
        return load.run(self.port, requests, seconds=SECONDS / 2).only(200).per_second

    def share(self, name: str, requests: Sequence[str], *, goal: float | None = None, status: int = 200) -> Result:
        """Give a page's share of the reference; the first turn only warms up."""
        load.run(self.port, requests, seconds=SECONDS * 2)
        ratios, rates, last, before = [], [], None, self.reference()
        for _ in range(TURNS):
            last = load.run(self.port, requests, seconds=SECONDS).only(status)
            after = self.reference()
            ratios.append(last.per_second * 2 / (before + after))
            rates.append(last.per_second)
            before = after
        assert last is not None
        ratio = statistics.median(ratios)
        return Result(
            name,
            statistics.median(rates),
            "1/s",
            ratio=ratio,
            goal=f"ratio ≥ {goal:g}" if goal else "",
            met=ratio >= goal if goal else None,
            note=f"{last.bytes_each / 1024:.0f} kB, p50 {last.p50:.1f} ms, p99 {last.p99:.1f} ms",
        )
