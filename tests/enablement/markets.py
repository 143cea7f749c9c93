"""Markets made up by chance, for the plan: vendors, ladders, what shops want."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from bench.markets import pooled
from enablement.selectors.planning.problem import GRAINS, Asked, Problem, Seller


@st.composite
def small(draw: Any, *, limits: bool = True) -> tuple[Problem, dict[int, dict[int, int]]]:
    """A small market; without ``limits`` each vendor can make whatever is asked for, of any amount."""
    items, vendors = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    least = st.integers(0, 30_000) if limits else st.just(0)
    sellers = {key: Seller(key, draw(st.integers(0, 5_000)) * GRAINS, draw(least) * GRAINS) for key in range(vendors)}
    asked = [draw(_asked(key, item, limits)) for item in range(items) for key in range(vendors) if draw(st.booleans())]
    wants = st.dictionaries(st.integers(0, items - 1), st.integers(1, 60), min_size=1)
    wanted = dict(enumerate(draw(st.lists(wants, min_size=1, max_size=6))))
    return pooled(sellers, asked, wanted), wanted


@st.composite
def _asked(draw: Any, seller: int, item: int, limits: bool) -> Asked:
    starts = sorted(draw(st.sets(st.integers(2, 120), max_size=3)))
    units = sorted(draw(st.lists(st.integers(1, 30_000_000), min_size=len(starts) + 1, max_size=len(starts) + 1)))
    steps = tuple(zip([1, *starts], reversed(units), strict=True))
    pack = draw(st.sampled_from([1, 1, 6, 12]))
    most = draw(st.none() | st.integers(1, 90)) if limits else None
    return Asked(seller, item, steps, draw(st.sampled_from([1, 10, 40])), pack, most)
