"""Advice made anew each night for every shop, by kinds; and what shops decide on it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from enablement.models import Advice, AdviceRun
from enablement.selectors import elasticity
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, StateRefused
from s2b2c.tenancy.models import Reseller
from supplier.models import Product, Variant
from supplier.selectors import terms

Kind, State = Advice.Kind, Advice.State
HELD = 5  # one in so many
MOST = 20  # of a kind for a shop
DAYS = 364
LATELY = 91
LEAST_BOTH = 5  # orders with both, for a pair
WEEKS = 26
_SOLD = """
    SELECT DISTINCT reseller_id, product_id, %s - day FROM enablement_salesfact
    WHERE day >= %s AND day < %s AND kind = 'sold' AND product_id IS NOT NULL
"""
_BASKETS = """
    SELECT DISTINCT reseller_id, order_number, product_id FROM enablement_salesfact
    WHERE day >= %s AND day < %s AND kind = 'sold' AND product_id IS NOT NULL
"""
_WEEKS = """
    SELECT reseller_id, product_id, (%s - day) / 7, sum(pieces), sum(sales_minor) FROM enablement_salesfact
    WHERE day >= %s AND day < %s AND kind = 'sold' AND product_id IS NOT NULL AND pieces > 0 GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class _Made:
    reseller_id: int
    product_id: int
    score: float
    facts: dict[str, Any] = field(default_factory=dict)
    other_id: int = 0


def run() -> int:
    """Make what of today's advice is not made yet, a kind in a transaction; give how much was written."""
    today = clock.now().date()
    AdviceRun.objects.get_or_create(made_on=today)
    return sum(_kind(today, kind, make) for kind, make in _MAKERS.items())


@transaction.atomic
def _kind(today: date, kind: str, make: Callable[[date, AdviceRun], Iterable[_Made]]) -> int:
    night = AdviceRun.objects.select_for_update(skip_locked=True).filter(made_on=today).first()
    if night is None or kind in night.done:
        return 0
    written = _write(today, kind, make(today, night))
    night.done.append(kind)
    if len(night.done) == len(_MAKERS):
        night.finished_at = clock.now()
    night.save()
    return written


def _write(today: date, kind: str, several: Iterable[_Made]) -> int:
    """Write advice, each once: what was given before keeps its first day, its arm and what was decided."""
    rows = [
        Advice(
            kind=kind, reseller_id=each.reseller_id, product_id=each.product_id, other_id=each.other_id,
            held=is_held(kind, each.reseller_id, each.product_id, each.other_id), score=each.score, facts=each.facts,
            made_on=today, seen_on=today,
        )
        for each in several
    ]  # fmt: skip
    Advice.objects.bulk_create(
        rows, batch_size=1_000, update_conflicts=True, update_fields=["score", "facts", "seen_on"],
        unique_fields=["reseller_id", "kind", "product_id", "other_id"],
    )  # fmt: skip
    return len(rows)


def is_held(kind: str, reseller_id: int, product_id: int, other_id: int) -> bool:
    """Tell whether advice is held back: decided by what it says, the same each night."""
    told = f"{kind}:{reseller_id}:{product_id}:{other_id}".encode()
    return int.from_bytes(hashlib.sha256(told).digest()[:4], "big") % HELD == 0


# --- What to take on ------------------------------------------------------------------------------------
def _range(today: date, night: AdviceRun) -> Iterator[_Made]:
    import numpy as np  # noqa: PLC0415 - numpy and scipy are for the nightly task alone

    from enablement.selectors import neighbours  # noqa: PLC0415

    aisles = dict(Product.objects.filter(status=Product.Status.ACTIVE).values_list("id", "category_id"))
    rows = [row for row in _rows(_SOLD, today, DAYS, today) if row[1] in aisles]
    shops = sorted(Reseller.objects.values_list("id", flat=True))
    if not rows or not shops:
        return
    columns, place = sorted(aisles), {shop: at for at, shop in enumerate(shops)}
    at = {product: number for number, product in enumerate(columns)}
    kept = [row for row in rows if row[0] in place]
    sales = neighbours.Sales(
        np.array([place[row[0]] for row in kept]), np.array([at[row[1]] for row in kept]),
        np.array([int(row[2]) for row in kept]), len(shops), len(columns),
    )  # fmt: skip
    hits = neighbours.look_back(sales)
    night.hits = {"shops": hits.shops, "advice": hits.advice, "best": hits.best, "most": hits.most}
    lately = neighbours.much_sold(sales)
    for pick in neighbours.picks(sales, MOST, np.array([aisles[each] or 0 for each in columns])):
        because = columns[pick.because] if pick.because >= 0 else 0
        yield _Made(
            shops[pick.shop],
            columns[pick.product],
            pick.score,
            {"because": because, "shops": int(lately[pick.product])},
        )


# --- What to show beside it ---------------------------------------------------------------------------------
def _pairs(today: date, _night: AdviceRun) -> Iterator[_Made]:
    import numpy as np  # noqa: PLC0415

    from enablement.selectors import neighbours  # noqa: PLC0415

    rows = _rows(_BASKETS, None, DAYS, today)
    if not rows:
        return
    orders = {key: n for n, key in enumerate(sorted({(row[0], row[1]) for row in rows}))}
    columns = sorted({row[2] for row in rows})
    at = {product: n for n, product in enumerate(columns)}
    found = neighbours.pairs(
        np.array([orders[row[0], row[1]] for row in rows]), np.array([at[row[2]] for row in rows]), len(orders),
        len(columns), LEAST_BOTH,
    )  # fmt: skip
    sells: dict[int, set[int]] = {}
    for shop, product, _ago in _rows(_SOLD, today, LATELY, today):
        sells.setdefault(product, set()).add(shop)
    for pair in found:
        one, other = columns[pair.product], columns[pair.other]
        facts = {"both": pair.both, "first": pair.first, "lift": round(pair.lift, 1)}
        for shop in sells.get(one, set()) & sells.get(other, set()):
            yield _Made(shop, one, pair.lift, facts, other)


# --- What to ask for it ---------------------------------------------------------------------------------------
def _prices(today: date, _night: AdviceRun) -> Iterator[_Made]:
    weeks = list(_weeks(today))
    known = elasticity.estimate(weeks)
    latest = {(each.shop, each.product): each for each in weeks}
    variants = {
        each.product_id: each
        for each in Variant.objects.filter(product_id__in=known, status="active").order_by("-position")
    }
    fees = {
        shop.pk: terms.of(shop.pk).fee_bps
        for shop in Reseller.objects.filter(pk__in={shop for shop, _product in latest})
    }
    for (shop, product), week in latest.items():
        variant, told = variants.get(product), known.get(product)
        if variant is None or told is None or shop not in fees:
            continue
        step = elasticity.best_step(
            told, round(week.price), variant.wholesale_minor, fees[shop], variant.floor_minor, variant.ceiling_minor
        )
        if step is not None:
            facts = {"step_bps": step.bps, "gain": round(step.gain, 3), "least": round(step.least, 3),
                     "elasticity": round(told.value, 2), "sd": round(told.sd, 2), "weeks": told.weeks}  # fmt: skip
            yield _Made(shop, product, step.gain, facts)


def _weeks(today: date) -> Iterator[elasticity.Week]:
    """Give the weeks of each product in each shop, oldest first; in one without a sale the price was as before."""
    sold: dict[tuple[int, int], dict[int, tuple[int, int]]] = {}
    for shop, product, ago, pieces, sales in _rows(_WEEKS, today - timedelta(days=1), WEEKS * 7, today):
        sold.setdefault((shop, product), {})[int(ago)] = (int(pieces), int(sales))
    for (shop, product), by_week in sold.items():
        price = 0.0
        for ago in range(max(by_week), -1, -1):
            pieces, sales = by_week.get(ago, (0, 0))
            price = sales / pieces if pieces else price
            if price > 0:
                yield elasticity.Week(shop, product, pieces, price)


def _rows(statement: str, day: date | None, days: int, today: date) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [*([day] if day else []), today - timedelta(days=days), today])
        return list(cursor.fetchall())


_MAKERS: dict[str, Callable[[date, AdviceRun], Iterable[_Made]]] = {
    Kind.RANGE: _range,
    Kind.PRICE: _prices,
    Kind.PAIR: _pairs,
}


# --- What a shop decides ----------------------------------------------------------------------------------------
def decide(*, reseller_id: int, advice_id: int, adopted: bool) -> Advice:
    """Note that a shop took an advice, or does not want it. Call inside the transaction that does what it says.

    :raises NotFound: there is none for this shop, or it is held back. :raises StateRefused: it was decided before.
    """
    rows = Advice.objects.select_for_update().filter(reseller_id=reseller_id, held=False)
    found = rows.filter(pk=advice_id).first()
    if found is None:
        raise NotFound()
    if found.state != State.OPEN:
        raise StateRefused("decided", _("You have decided on this before."))
    found.state, found.decided_at = (State.ADOPTED if adopted else State.DISMISSED), clock.now()
    found.save(update_fields=["state", "decided_at"])
    return found
