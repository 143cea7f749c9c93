"""Advice on real sales: customers of Online Retail as shops; what they took on in the last month, foretold before it.

A hit: among twenty products advised to a customer is one it then bought for the first time. Compared with the twenty
that most customers ever bought, and with the twenty that most bought in the month before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from bench import invoices
from bench.results import Result
from enablement.selectors import neighbours


def measure() -> Iterator[Result]:
    """Hide the last month, advise every customer, count hits."""
    if not invoices.FILE.exists():
        yield Result("advice", 0, "%", note="no file: set ONLINE_RETAIL")
        return
    hits = neighbours.look_back(_sales())
    ratio = hits.advice / hits.best
    yield Result(
        "advice: customers with a hit among 20, against the global bestseller list", ratio, "×",
        goal="≥ 1.5", met=ratio >= 1.5,
        note=f"{hits.shops:,} customers: {hits.advice / hits.shops:.1%}; bestsellers {hits.best / hits.shops:.1%}; "
        f"bestsellers of the last month {hits.lately / hits.shops:.1%}, {hits.advice / hits.lately:.2f} ×",
    )  # fmt: skip


def _sales() -> Any:
    lines = {(each.buyer, each.code, each.on) for each in invoices.sold() if each.buyer}
    last = max(on for _buyer, _code, on in lines)
    listed = sorted(lines)
    buyers, shop = np.unique([each[0] for each in listed], return_inverse=True)
    codes, product = np.unique([each[1] for each in listed], return_inverse=True)
    ago = np.array([(last - each[2]).days for each in listed])
    return neighbours.Sales(shop, product, ago, len(buyers), len(codes))
