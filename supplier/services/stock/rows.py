"""The stock rows that can serve a demand: read, choose among, and take from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Take:
    """Pieces to take from one stock row."""

    stock_id: int
    variant_id: int
    warehouse_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Row:
    """A stock row as read."""

    id: int
    variant_id: int
    warehouse_id: int
    available: int
    priority: int


_ROWS = """
    SELECT s.id, s.variant_id, s.warehouse_id, s.available, w.priority
    FROM supplier_stock s JOIN supplier_warehouse w ON w.id = s.warehouse_id
    WHERE s.variant_id = ANY(%s) AND w.active {having}
    ORDER BY {order} {lock}
"""
_TAKE = """
    WITH wanted(id, quantity) AS (SELECT * FROM unnest(%s::bigint[], %s::int[])),
         locked AS (SELECT s.id FROM supplier_stock s WHERE s.id = ANY(%s) ORDER BY s.id FOR UPDATE)
    UPDATE supplier_stock s SET available = s.available - w.quantity, held = s.held + w.quantity
    FROM wanted w JOIN locked l ON l.id = w.id
    WHERE s.id = w.id AND s.available >= w.quantity
"""
_TAKE_ONE = """
    UPDATE supplier_stock SET available = available - %s, held = held + %s WHERE id = %s AND available >= %s
"""


def read(demand: Mapping[int, int], *, lock: bool) -> list[Row]:
    """Read the stock rows of variants by warehouse priority; with ``lock``, wait for and lock all of them.

    They are locked by id, the order everybody locks in, and given by priority all the same.
    """
    sql = _ROWS.format(
        having="" if lock else "AND s.available > 0",
        order="s.id" if lock else "w.priority, s.warehouse_id, s.available DESC, s.id",
        lock="FOR UPDATE OF s" if lock else "",
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(demand)])
        found = [Row(*row) for row in cursor.fetchall()]
    return sorted(found, key=_first_drawn) if lock else found


def _first_drawn(row: Row) -> tuple[int, int, int, int]:
    return row.priority, row.warehouse_id, -row.available, row.id


def plan(rows: list[Row], demand: Mapping[int, int]) -> list[Take] | None:
    """Choose rows to draw from: one warehouse for everything when one can, else in the order of rows."""
    return from_one_place(rows, demand) or _draw(rows, demand)


def from_one_place(rows: list[Row], demand: Mapping[int, int]) -> list[Take] | None:
    """Choose rows of the first warehouse that can serve everything, or None."""
    for group in _by_warehouse(rows).values():
        takes = _draw(group, demand)
        if takes:
            return takes
    return None


def from_places(rows: list[Row], demand: Mapping[int, Mapping[int, int]]) -> list[Take] | None:
    """Choose rows for pieces by warehouse and variant, or None where a warehouse has fewer."""
    groups = _by_warehouse(rows)
    drawn = [_draw(groups.get(place, []), each) for place, each in demand.items() if any(each.values())]
    takes = [take for each in drawn for take in each or ()]
    return None if None in drawn else sorted(takes, key=lambda take: take.stock_id)


def _by_warehouse(rows: list[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.warehouse_id].append(row)
    return found


def _draw(rows: list[Row], demand: Mapping[int, int]) -> list[Take] | None:
    missing = dict(demand)
    takes = []
    for row in rows:
        quantity = min(missing.get(row.variant_id, 0), row.available)
        if quantity > 0:
            missing[row.variant_id] -= quantity
            takes.append(Take(row.id, row.variant_id, row.warehouse_id, quantity))
    return None if any(missing.values()) else sorted(takes, key=lambda take: take.stock_id)


def shortfall(rows: list[Row], demand: Mapping[int, int]) -> list[tuple[int, int, int]]:
    """Say what is short: variant, pieces wanted, pieces there."""
    there: dict[int, int] = defaultdict(int)
    for row in rows:
        there[row.variant_id] += row.available
    return [(variant, want, there[variant]) for variant, want in demand.items() if there[variant] < want]


def take(takes: list[Take]) -> bool:
    """Move pieces from available to held. Call inside a savepoint.

    Give whether all could be moved; when not, some may have been: roll back to the savepoint.
    """
    if not takes:
        return True
    return _take_one(takes[0]) if len(takes) == 1 else _take_several(takes)


def _take_one(take: Take) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_ONE, [take.quantity, take.quantity, take.stock_id, take.quantity])
        return cursor.rowcount == 1


def _take_several(takes: list[Take]) -> bool:
    ids = [take.stock_id for take in takes]
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [ids, [take.quantity for take in takes], ids])
        return cursor.rowcount == len(takes)
