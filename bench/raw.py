"""The reference of a figure: the same rows, put bare into tables of the same shape.

A twin has the columns, indexes, checks and foreign keys of its table; rows go in with ``execute_values``, a
transaction per batch, as a bulk load by hand would do it. Nothing faster keeps what the tables promise, but rows that
go in in fewer, longer statements.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bench.spent import Spent, spent

_SCHEMA = "bench_raw"
_FOREIGN = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass
"""


def put(tables: Sequence[str], *, batch: int) -> tuple[int, Spent]:
    """Insert every row of public tables into fresh twins, ``batch`` rows of the first table to a transaction.

    Give how many rows, and what that cost.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE; CREATE SCHEMA {_SCHEMA}")
        rows = {table: _twin(cursor, table) for table in tables}
    batches = max(1, len(rows[tables[0]]) // batch)
    parts = [{table: _part(all_, number, batches) for table, all_ in rows.items()} for number in range(batches)]
    cost = spent(lambda: _load_all(parts))
    return sum(len(all_) for all_ in rows.values()), cost


def _twin(cursor: Any, table: str) -> list[tuple[Any, ...]]:
    cursor.execute(f"CREATE TABLE {_SCHEMA}.{table} (LIKE public.{table} INCLUDING ALL)")
    cursor.execute(_FOREIGN, [f"public.{table}"])
    for name, definition in cursor.fetchall():
        cursor.execute(f"ALTER TABLE {_SCHEMA}.{table} ADD CONSTRAINT {name} {definition}")
    cursor.execute(f"SELECT {_columns(cursor, table)} FROM public.{table} ORDER BY id")
    return list(cursor.fetchall())


def _columns(cursor: Any, table: str) -> str:
    """Name the columns of a table that are written: not those the database computes."""
    cursor.execute(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
        [f"public.{table}"],
    )
    return str(cursor.fetchone()[0])


def _part(rows: list[tuple[Any, ...]], number: int, batches: int) -> list[tuple[Any, ...]]:
    return rows[len(rows) * number // batches : len(rows) * (number + 1) // batches]


def _load_all(parts: Sequence[dict[str, list[tuple[Any, ...]]]]) -> None:
    for part in parts:
        _load(part)


def _load(rows: dict[str, list[tuple[Any, ...]]]) -> None:
    from django.db import connection, transaction
    from psycopg2.extras import execute_values

    from s2b2c.outbox.dispatcher import BY_INDEX

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BY_INDEX)  # as the drain does
        for table, part in rows.items():
            if part:
                into = f"INSERT INTO {_SCHEMA}.{table} ({_columns(cursor, table)}) VALUES %s"
                execute_values(cursor.cursor, into, part, page_size=1_000)
