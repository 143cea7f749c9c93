"""Make the anonymous benchmark of a month that is over: groups first, once; then their figures, once.

What keeps a shop from working out another's figures: a group stands for its month and has six shops or more; all members
are told the same, their own shop counted; figures are quartiles in which each shop counts once, rounded to two digits; there
are no filters to subtract by; and what was published is never made anew, whoever comes or goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import floor, log10
from statistics import quantiles
from typing import Any

from django.db import transaction
from django.db.models import Sum

from enablement.models import Benchmark, Peer, SalesSum
from s2b2c.kernel import clock
from s2b2c.tenancy.models import Reseller

LEAST = 6  # shops in a group: five others for each
SIZE = 10  # … wanted
BEFORE = 91  # days by whose sales shops are grouped
_NAMES = ("orders", "sales_minor", "margin_minor", "back_minor")
Figure = Benchmark.Figure


def run() -> int:
    """Make the benchmark of last month, unless it is there; give how many figures were made."""
    first = clock.now().date().replace(day=1)
    return make((first - timedelta(days=1)).replace(day=1))


@transaction.atomic
def make(month: date) -> int:
    """Make the benchmark of a month, given by its first day. Asked again, it does nothing."""
    if Peer.objects.filter(month=month).exists():
        return 0
    groups = _groups(month)
    Peer.objects.bulk_create(
        [
            Peer(month=month, reseller_id=shop, group=n)
            for n, (_currency, shops) in enumerate(groups)
            for shop in shops
        ],
        batch_size=1_000,
    )
    made = [each for n, (currency, shops) in enumerate(groups) for each in _figures(month, n, currency, shops)]
    Benchmark.objects.bulk_create(made)
    return len(made)


def _groups(month: date) -> list[tuple[str, list[int]]]:
    """Put shops of a currency and about the same size together: by the quarter that was over before the month began."""
    sold = _sums(month - timedelta(days=BEFORE), month)
    by_currency: dict[str, list[int]] = {}
    shops = Reseller.objects.filter(id__in=[shop for shop, _currency in sold]).values_list("id", "currency")
    for shop, currency in shops:
        if sold.get((shop, currency), {}).get("orders"):
            by_currency.setdefault(currency, []).append(shop)
    found = []
    for currency, listed in sorted(by_currency.items()):
        listed.sort(key=lambda shop, currency=currency: (-sold[shop, currency]["sales_minor"], shop))  # type: ignore[misc]
        found += [(currency, group) for group in _parts(listed)]
    return found


def _parts(listed: Sequence[int]) -> list[list[int]]:
    """Cut a list into groups of ``SIZE`` or more; nothing where there are too few for one."""
    if len(listed) < LEAST:
        return []
    count = max(1, len(listed) // SIZE)
    cuts = [len(listed) * n // count for n in range(count + 1)]
    return [list(listed[begin:end]) for begin, end in pairwise(cuts)]


def _sums(first: date, until: date) -> dict[tuple[int, str], dict[str, int]]:
    rows = SalesSum.objects.filter(grain=SalesSum.Grain.RESELLER, day__gte=first, day__lt=until)
    sums: Any = rows.values("thing_id", "currency").annotate(**{f"x_{name}": Sum(name) for name in _NAMES})
    return {(row["thing_id"], row["currency"]): {name: int(row[f"x_{name}"] or 0) for name in _NAMES} for row in sums}


def _figures(month: date, group: int, currency: str, shops: Sequence[int]) -> list[Benchmark]:
    until = (month + timedelta(days=32)).replace(day=1)
    sold = _sums(month, until)
    none = dict.fromkeys(_NAMES, 0)
    rows = [sold.get((shop, currency), none) for shop in shops]
    made = []
    for figure in Figure.values:
        values = [value for row in rows if (value := value_of(figure, row)) is not None]
        if len(values) >= LEAST:
            low, middle, high = (rounded(each) for each in quantiles(values, n=4, method="inclusive"))
            made.append(
                Benchmark(
                    month=month,
                    group=group,
                    figure=figure,
                    currency=currency,
                    members=len(values),
                    low=low,
                    middle=middle,
                    high=high,
                )
            )
    return made


def value_of(figure: str, row: dict[str, int]) -> float | None:
    """Give a shop's figure of a month; none where there was nothing to take it of."""
    before = row["sales_minor"] + row["back_minor"]
    if figure == Figure.ORDERS:
        return row["orders"]
    if not row["orders"] or before <= 0:
        return None
    if figure == Figure.BASKET:
        return before / row["orders"]
    if figure == Figure.BACK:
        return row["back_minor"] * 10_000 / before
    return row["margin_minor"] * 10_000 / row["sales_minor"] if row["sales_minor"] > 0 else None


def rounded(value: float) -> int:
    """Round to two digits: 1,234 is 1,200."""
    if abs(value) < 1:
        return 0
    step = 10 ** max(0, floor(log10(abs(value))) - 1)
    return int(round(value / step) * step)
