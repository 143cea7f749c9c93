"""Many rows of one table in one statement, without a model object for each: for what every order writes.

The statement is written once; values travel as one array literal per column, which the database reads several
times faster than as many parameters. Measured choice: docs/adr/0004-outbox.md. Everywhere else use the ORM.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

from django.db import connection, models

_NULL = "NULL"
_NOW = "clock_timestamp()"  # what a column with auto_now_add gets


def array(values: Iterable[Any]) -> str:
    """Give integers, booleans or instants as the text of a PostgreSQL array."""
    return "{" + ",".join(map(str, values)).replace("None", _NULL) + "}"


def texts(values: Iterable[str | None]) -> str:
    """Give texts as the text of a PostgreSQL array."""
    return "{" + ",".join([_NULL if value is None else _quoted(value) for value in values]) + "}"


def documents(values: Iterable[Any]) -> str:
    """Give JSON documents as the text of a PostgreSQL array."""
    return "{" + ",".join([_quoted(json.dumps(value)) for value in values]) + "}"


def _quoted(value: str) -> str:
    if "\\" in value or '"' in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'


class Insert:
    """Insert rows that name ``columns``; every other column gets the default of its field.

    ``once``: rows that break a unique constraint are left out, and :meth:`rows` gives the ids of the others only.
    """

    def __init__(self, model: type[models.Model], *columns: str, once: bool = False, returning: str = "id") -> None:
        self._model, self._columns = model, columns
        self._once, self._returning = once, returning

    @cached_property
    def _fields(self) -> list[models.Field[Any, Any]]:
        by_name = {field.attname: field for field in self._model._meta.concrete_fields}
        return [by_name[column] for column in self._columns]

    @cached_property
    def _literals(self) -> list[Callable[[Iterable[Any]], str]]:
        return [_literal(field) for field in self._fields]

    @cached_property
    def _parts(self) -> tuple[str, list[Any]]:
        """Write the statement, and the values of the columns that are the same in each row."""
        quote = connection.ops.quote_name
        others = [
            field
            for field in self._model._meta.concrete_fields
            if field.attname not in self._columns and not field.primary_key
        ]
        named = [quote(str(field.column)) for field in self._fields]
        fixed = [_NOW if getattr(field, "auto_now_add", False) else f"%s::{_type(field)}" for field in others]
        values = [
            field.get_db_prep_save(field.get_default(), connection)
            for field in others
            if not getattr(field, "auto_now_add", False)
        ]
        sql = (
            f"INSERT INTO {quote(self._model._meta.db_table)} "
            f"({', '.join(named + [quote(str(field.column)) for field in others])}) "
            f"SELECT {', '.join([*(f'r.{name}' for name in named), *fixed])} "
            f"FROM unnest({', '.join(f'%s::{_type(field)}[]' for field in self._fields)}) AS r({', '.join(named)})"
            f"{' ON CONFLICT DO NOTHING' if self._once else ''} RETURNING {self._returning}"
        )
        return sql, values

    def rows(self, rows: Sequence[Sequence[Any]]) -> list[Any]:
        """Insert rows, values in the order of the columns; give their ids in the order of the rows.

        Call inside a transaction. One statement; none for no rows.

        :raises IntegrityError: a row would break a constraint; nothing is written.
        """
        return [row[0] for row in self.returned(rows)]

    def returned(self, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
        """Insert rows; give of each what ``returning`` names."""
        if not rows:
            return []
        sql, fixed = self._parts
        arrays = [write(column) for write, column in zip(self._literals, zip(*rows, strict=True), strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(sql, [*fixed, *arrays])
            return cursor.fetchall()


def _type(field: models.Field[Any, Any]) -> str:
    """Give the column's type without its length: a text that is too long is to fail, and a cast would cut it."""
    return str(field.rel_db_type(connection) if field.is_relation else field.db_type(connection)).partition("(")[0]


def _literal(field: models.Field[Any, Any]) -> Callable[[Iterable[Any]], str]:
    if isinstance(field, models.JSONField):
        return documents
    return texts if isinstance(field, models.CharField | models.TextField) else array
