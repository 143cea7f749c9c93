"""Every guard in the database refuses what it is there to refuse: none is only believed in.

CHECKs, unique keys and triggers are attacked here, each alone, in a twin of its table that the database makes from the
live definition. A trigger that can only be attacked with rows of other tables about is left to the test :data:`ATTACKED`
names. Who adds a guard that this can't attack names its test there.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests import factories
from tests.house import sources

pytestmark = pytest.mark.django_db

# Needs other rows about: the test that has them.
_BUYING, _MONEY = "tests/enablement/test_purchase_guards.py", "tests/supplier/test_settlement.py"
_SERIALS = "tests/supplier/test_serials.py"
_LOTS, _PLANS = "tests/supplier/test_lots.py", "tests/enablement/test_plans.py"
_LANDED = "tests/enablement/test_landed.py"
_BUNDLES, _NETWORK = "tests/supplier/test_bundles.py", "tests/enablement/test_service_network.py"
ATTACKED = {
    "charge_is_shared": f"{_LANDED}::test_parts_of_a_cost_sum_to_it",
    "part_is_of_charge": f"{_LANDED}::test_parts_of_a_cost_sum_to_it",
    "purchase_goes_on": f"{_BUYING}::test_only_declared_steps_are_taken",
    "purchase_line_stays": f"{_BUYING}::test_sent_line_keeps_quantity_and_cost",
    "received_is_what_came": f"{_BUYING}::test_received_is_what_the_receipts_say",
    "receipt_is_received": f"{_BUYING}::test_receipt_without_its_pieces_on_the_line_is_not_kept",
    "receipt_line_fits": f"{_BUYING}::test_receipt_is_of_its_own_order",
    "supplier_payout_stays": f"{_MONEY}::test_end_of_a_payout_stays",
    "supplier_payout_there": f"{_MONEY}::test_no_payout_is_above_what_is_available",
    "supplier_settlement_frozen": f"{_MONEY}::test_released_statements_and_papers_never_change",
    "supplier_line_frozen": f"{_MONEY}::test_released_statements_and_papers_never_change",
    "supplier_line_added": f"{_MONEY}::test_nothing_is_added_to_a_released_statement",
    "kit_products_stay": "tests/enablement/test_kits.py::test_what_shops_took_on_stays",
    "planline_stays": f"{_PLANS}::test_what_was_planned_stays",
    "planpart_stays": f"{_PLANS}::test_what_was_planned_stays",
    "planshare_stays": f"{_PLANS}::test_what_was_planned_stays",
    "plan_goes_on": f"{_PLANS}::test_what_was_planned_stays",
    "shares_add_up": f"{_PLANS}::test_what_was_planned_stays",
    "tier_is_earned": "tests/enablement/test_academy.py::test_standing_is_earned_and_stays",
    "service_statement_sums": f"{_NETWORK}::test_database_holds_a_statement_to_the_sum_of_its_tasks",
    "booking_place_is_free": "tests/orders/test_booked_services.py::test_the_database_promises_no_day_twice",
    "service_task_sums": f"{_NETWORK}::test_database_holds_a_statement_to_the_sum_of_its_tasks",
    "service_task_goes_on": f"{_NETWORK}::test_database_refuses_a_jump_of_an_open_task",
    "supplier_bundle_bundles_apart": f"{_BUNDLES}::test_database_keeps_bundles_and_their_parts_apart",
    "supplier_bundlepart_bundles_apart": f"{_BUNDLES}::test_database_keeps_bundles_and_their_parts_apart",
    "supplier_bundlepart_fixed": f"{_BUNDLES}::test_database_keeps_bundles_and_their_parts_apart",
    "supplier_stock_bundles_apart": f"{_BUNDLES}::test_database_keeps_bundles_and_their_parts_apart",
    "deposits_have_ended": "tests/enablement/test_rounds.py::test_what_was_committed_stays",
    "recall_lots_stay": "tests/enablement/test_recall_guards.py::test_recall_that_has_begun_gets_no_lots",
    "lot_goes_on": f"{_LOTS}::test_database_refuses",
    "lot_moves": f"{_LOTS}::test_database_refuses",
    "lot_pick_fits": f"{_LOTS}::test_what_was_sent_of_a_lot_stays",
    "lot_pick_is_of_serial": f"{_SERIALS}::test_number_lies_in_one_tote",
    "lot_quarantine": f"{_LOTS}::test_database_refuses",
    "lot_stock_is_moved": f"{_LOTS}::test_database_refuses",
    "movement_tells_serials": f"{_SERIALS}::test_database_refuses_pieces_without_a_number",
    "variant_begins_serials": f"{_SERIALS}::test_database_refuses_pieces_without_a_number",
    "stock_quarantine": f"{_LOTS}::test_database_refuses",
}

_CONSTRAINTS = """
    SELECT c.conrelid::regclass::text, c.conname, c.contype::text, pg_get_constraintdef(c.oid), '' AS predicate,
           ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey))
    FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace JOIN pg_class t ON t.oid = c.conrelid
    WHERE c.contype IN ('c', 'x') AND n.nspname = ANY(%s) AND NOT t.relispartition
"""
_UNIQUE = """
    SELECT i.indrelid::regclass::text, x.relname, 'u', pg_get_indexdef(i.indexrelid),
           COALESCE(pg_get_expr(i.indpred, i.indrelid), ''),
           ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = i.indrelid
                 AND (a.attnum = ANY(i.indkey) OR pg_get_indexdef(i.indexrelid) ~ ('\\m' || a.attname || '\\M')))
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace n ON n.oid = x.relnamespace
    JOIN pg_class t ON t.oid = i.indrelid
    WHERE i.indisunique AND NOT i.indisprimary AND n.nspname = ANY(%s) AND NOT t.relispartition
"""
_TRIGGERS = """
    SELECT t.tgrelid::regclass::text, t.tgname, 't', pg_get_triggerdef(t.oid), '', '{}'::text[]
    FROM pg_trigger t JOIN pg_class k ON k.oid = t.tgrelid JOIN pg_namespace n ON n.oid = k.relnamespace
    WHERE NOT t.tgisinternal AND n.nspname = ANY(%s) AND NOT k.relispartition
"""
_COLUMNS = """
    SELECT attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute
    WHERE attrelid = 'pg_temp.twin'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""
_NUMBERS = [1, 0, 2, 3, -1, -2, 100, 10_001, 31_000]
_TEXTS = ["abc", "", "ABC", "USD", "US", "en", "x.example", "shop_0123456789ab", "!", "A b"]
_OTHERS: dict[str, list[Any]] = {
    "boolean": [True, False],
    "timestamp with time zone": ["2030-01-01Z", "2031-01-01Z"],
    "date": ["2030-01-01", "2030-01-07", "2031-01-01"],  # the second is a Monday
    "time without time zone": ["10:00", "11:00"],
    "interval": ["1 day", "2 days"],
    "jsonb": ["{}", "[]", '[{"pieces": 1, "back": 9}]'],
    "uuid": ["00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"],
    "inet": ["203.0.113.1"],
    "bytea": ["x"],
    "tsvector": ["x"],
}


@dataclass(frozen=True)
class Guard:
    table: str
    name: str
    kind: str
    definition: str
    predicate: str
    columns: list[str]

    def __str__(self) -> str:
        return f"{self.table}: {self.name} {self.definition[:120]}"


@pytest.fixture
def guards() -> list[Guard]:
    """Give the guards of the shared schema and of one shop."""
    schemas = ["public", factories.reseller().schema_name]
    with connection.cursor() as cursor:
        cursor.execute(f"{_CONSTRAINTS} UNION ALL {_UNIQUE} UNION ALL {_TRIGGERS} ORDER BY 1, 2", [schemas] * 3)
        return [Guard(*row) for row in cursor.fetchall()]


def _of(guards: list[Guard], kind: str) -> list[Guard]:
    found = [guard for guard in guards if guard.kind == kind]
    assert found, "the catalogue is read wrongly"
    return found


def test_each_check_refuses_something_and_lets_something_through(guards: list[Guard]) -> None:
    unmoved = [str(guard) for guard in _of(guards, "c") if _answers(guard) != {True, False}]
    assert unmoved == []


def test_no_check_is_left_unvalidated() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT conrelid::regclass, conname FROM pg_constraint WHERE NOT convalidated")
        assert cursor.fetchall() == []


def test_each_unique_key_refuses_a_second_and_lets_another_through(guards: list[Guard]) -> None:
    assert [str(guard) for guard in _of(guards, "u") if not _is_unique(guard)] == []


def test_each_trigger_refuses(guards: list[Guard]) -> None:
    """Those that look at other tables, too, the test named for it attacks."""
    left = [guard for guard in _of(guards, "t") if guard.name not in ATTACKED]
    assert " ".join(guard.name for guard in left if not _refuses(guard)) == "", "name its test in ATTACKED"
    assert [test for test in ATTACKED.values() if not _is_there(test)] == []
    assert set(ATTACKED) <= {guard.name for guard in guards}


def _is_there(test: str) -> bool:
    path, _, name = test.partition("::")
    return f"\ndef {name}(" in (sources.ROOT / path).read_text(encoding="utf-8")


# --- A twin, and rows for it -----------------------------------------------------------------------
def _twin(guard: Guard) -> dict[str, list[Any]]:
    """Make an empty twin without guards; give what to try in each column."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.twin")
        cursor.execute(f"CREATE TEMP TABLE twin (LIKE {guard.table} INCLUDING DEFAULTS INCLUDING GENERATED)")
        cursor.execute(_COLUMNS)
        columns = {name: _values(type_, guard, required=required) for name, type_, required in cursor.fetchall()}
        if guard.predicate:
            cursor.execute(f"ALTER TABLE pg_temp.twin ADD CHECK ({guard.predicate})")
    return columns


def _values(type_: str, guard: Guard, *, required: bool) -> list[Any]:
    name, _, length = type_.partition("(")
    if type_.endswith("[]"):
        lengths = [0, 1, *(int(number) for number in re.findall(r"\b\d{1,3}\b", guard.definition))]
        found: list[Any] = [f"{{{','.join(['1'] * length)}}}" for length in lengths]
    elif name in ("character varying", "text", "character"):
        words = re.findall(r"'([^']*)'::(?:text|character varying)", guard.definition + guard.predicate)
        most = int(length.rstrip(")")) if length else 10_000
        found = [word for word in [*words, *_TEXTS] if len(word) <= most]
    else:
        found = _OTHERS.get(name, _NUMBERS)
    return found if required else [*found, None]


def _put(row: dict[str, Any]) -> str:
    """Insert a row; give the SQLSTATE of what refused it, "" for nothing."""
    names = ", ".join(f'"{name}"' for name in row)
    places = ", ".join(["%s"] * len(row))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO pg_temp.twin ({names}) VALUES ({places})", list(row.values()))
    except DatabaseError as problem:
        return str(getattr(problem.__cause__, "pgcode", "?"))
    return ""


def _rows(guard: Guard, columns: dict[str, list[Any]], tries: int = 400) -> Iterator[dict[str, Any]]:
    """Give rows that differ in the columns a guard looks at: first one by one, then at random."""
    first = {name: values[0] for name, values in columns.items()}
    looked_at = [name for name in guard.columns if name in columns] or list(columns)
    yield first
    yield {
        **first,
        **{name: 0 for name in looked_at if columns[name][0] == 1 and columns[name][0] is not True},
    }  # sums
    for name in looked_at:
        for value in columns[name]:
            yield {**first, name: value}
    chance = random.Random(guard.name)
    for _ in range(tries):
        yield {**first, **{name: chance.choice(columns[name]) for name in looked_at}}


def _answers(guard: Guard) -> set[bool]:
    """Tell whether a CHECK, alone in the twin, let a row through, and whether it refused one."""
    columns = _twin(guard)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE pg_temp.twin ADD CONSTRAINT {guard.name} {guard.definition}")
    seen: set[bool] = set()
    for row in _rows(guard, columns):
        state = _put(row)
        if state in ("", "23514"):
            seen.add(not state)
        if len(seen) == 2:
            break
    return seen


def _is_unique(guard: Guard) -> bool:
    """Tell whether a unique index, alone in the twin, refuses a row put twice, and not another."""
    columns = _twin(guard)
    with connection.cursor() as cursor:
        cursor.execute(re.sub(r" ON (ONLY )?\S+ USING", " ON pg_temp.twin USING", guard.definition, count=1))
    refused = passed = False
    for row in _rows(guard, columns):
        if _put(row) == "":
            passed = passed or refused  # another one, after a second was refused
            refused = refused or _put(row) == "23505"
        if refused and passed:
            return True
    return False


def _refuses(guard: Guard) -> bool:
    """Tell whether a trigger, on the twin, refuses some change of a row: in each column in turn, away, or one more."""
    columns = _twin(guard)
    row = next((row for row in _rows(guard, columns) if _put(row) == ""), None)
    if row is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(re.sub(r" ON \S+ ", " ON pg_temp.twin ", guard.definition, count=1))
    return any(_is_refused(sql, values) for sql, values in _changes(row, columns))


def _changes(row: dict[str, Any], columns: dict[str, list[Any]]) -> Iterator[tuple[str, list[Any]]]:
    yield "DELETE FROM pg_temp.twin", []
    yield "TRUNCATE pg_temp.twin", []
    names, places = ", ".join(f'"{name}"' for name in row), ", ".join(["%s"] * len(row))
    yield f"INSERT INTO pg_temp.twin ({names}) VALUES ({places})", list(row.values())
    for name, values in columns.items():
        for value in values:
            yield f'UPDATE pg_temp.twin SET "{name}" = %s', [value]


def _is_refused(sql: str, values: list[Any]) -> bool:
    """Tell whether a trigger refuses a change, which is undone in any case."""
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(sql, values or None)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                transaction.set_rollback(True)
        except DatabaseError as problem:
            state = str(getattr(problem.__cause__, "pgcode", ""))
            return state == "P0001" or state.startswith("23")
    return False
