"""Whole rows of one model by statements that are written once, not built anew each time.

For the few reads and writes that stand in the way of every order; everywhere else the ORM is what to use.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


class Row(Generic[M]):
    """One row by a fixed condition: what ``Model.objects.filter(…).first()`` gives.

    ``where`` names columns, with ``%s`` for parameters; ``lock``: for update, inside a transaction.
    """

    def __init__(self, model: type[M], where: str = "true", *, lock: bool = False) -> None:
        self._model, self._where, self._lock = model, where, " FOR UPDATE" if lock else ""

    @cached_property
    def _names(self) -> list[str]:
        return [field.attname for field in self._model._meta.concrete_fields]

    @cached_property
    def _converted(self) -> list[tuple[int, Any]]:
        fields = enumerate(self._model._meta.concrete_fields)
        return [(index, field) for index, field in fields if hasattr(field, "from_db_value")]

    @cached_property
    def _sql(self) -> str:
        quote = connection.ops.quote_name
        columns = ", ".join(quote(str(field.column)) for field in self._model._meta.concrete_fields)
        table, key = quote(self._model._meta.db_table), quote(str(self._model._meta.pk.column))  # type: ignore[union-attr]
        return f"SELECT {columns} FROM {table} WHERE {self._where} ORDER BY {key} LIMIT 1{self._lock}"

    def first(self, *params: Any) -> M | None:
        """Give the row, or None. One statement."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            found = cursor.fetchone()
        if found is None:
            return None
        values = list(found)
        for index, field in self._converted:
            values[index] = field.from_db_value(values[index], None, connection)
        return self._model.from_db(connection.alias, self._names, values)


class New(Generic[M]):
    """New rows of a model whose key the database gives: what ``Model.objects.bulk_create(…)`` writes."""

    def __init__(self, model: type[M]) -> None:
        self._model = model

    @cached_property
    def _fields(self) -> list[Any]:
        return [field for field in self._model._meta.concrete_fields if not field.primary_key]

    @cached_property
    def _into(self) -> str:
        quote = connection.ops.quote_name
        columns = ", ".join(quote(str(field.column)) for field in self._fields)
        return f"INSERT INTO {quote(self._model._meta.db_table)} ({columns}) VALUES "

    @cached_property
    def _key(self) -> str:
        return connection.ops.quote_name(str(self._model._meta.pk.column))  # type: ignore[union-attr]

    def add(self, rows: Iterable[M]) -> list[M]:
        """Write rows, give them with their keys. One statement, none for no rows."""
        made = list(rows)
        if not made:
            return made
        values = [
            field.get_db_prep_save(field.pre_save(row, True), connection) for row in made for field in self._fields
        ]
        one = f"({', '.join(['%s'] * len(self._fields))})"
        with connection.cursor() as cursor:
            cursor.execute(f"{self._into}{', '.join([one] * len(made))} RETURNING {self._key}", values)
            keys = cursor.fetchall()
        for row, (key,) in zip(made, keys, strict=True):
            row.pk = key
            row._state.adding, row._state.db = False, connection.alias
        return made
