"""Whole rows of one model by a fixed condition: the statement is written once, not built anew for each read.

For the few reads that stand in the way of every order; everywhere else the ORM is what to use. Gives what
``Model.objects.filter(…).first()`` gives.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


class Row(Generic[M]):
    """``where`` names columns, with ``%s`` for parameters; ``lock``: for update, inside a transaction."""

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
