"""Add to a column of many rows in one statement, rows locked in id order."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection, models

from s2b2c.kernel import bulk

_ADD = """
    WITH change(id, {names}) AS (SELECT * FROM unnest(%s::bigint[], {arrays})),
         locked AS (SELECT t.id FROM {table} t WHERE t.id = ANY(%s::bigint[]) ORDER BY t.id FOR UPDATE)
    UPDATE {table} t SET {sets} FROM change c JOIN locked l ON l.id = c.id WHERE t.id = c.id
"""


def add(model: type[models.Model], changes: Mapping[int, Mapping[str, int]]) -> None:
    """Add ``{row id: {column: how much}}``; every row names the same columns. Call inside a transaction.

    :raises IntegrityError: a row would break one of its checks; nothing is changed.
    """
    if not changes:
        return
    ids = sorted(changes)
    names = sorted(next(iter(changes.values())))
    table = connection.ops.quote_name(model._meta.db_table)
    sql = _ADD.format(
        table=table,
        names=", ".join(names),
        arrays=", ".join("%s::bigint[]" for _ in names),
        sets=", ".join(f"{name} = t.{name} + c.{name}" for name in names),
    )
    with connection.cursor() as cursor:
        columns = [bulk.array([changes[id_][name] for id_ in ids]) for name in names]
        cursor.execute(sql, [bulk.array(ids), *columns, bulk.array(ids)])
