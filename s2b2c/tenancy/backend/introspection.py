"""Introspection of one schema alone, by the same per-transaction path as everything else."""

from __future__ import annotations

from typing import Any

import django.db.backends.postgresql.base  # noqa: F401  (before its introspection: they import each other)
from django.db.backends.postgresql.introspection import DatabaseIntrospection


class Introspection(DatabaseIntrospection):
    """Sees the entered shop's tables without the public ones; needs a transaction there, like any statement."""

    connection: Any

    def get_table_list(self, cursor: Any) -> Any:
        with self.connection.alone():
            return super().get_table_list(cursor)

    def get_table_description(self, cursor: Any, table_name: str) -> Any:
        with self.connection.alone():
            return super().get_table_description(cursor, table_name)

    def get_sequences(self, cursor: Any, table_name: str, table_fields: Any = ()) -> Any:
        with self.connection.alone():
            return super().get_sequences(cursor, table_name, table_fields)

    def get_relations(self, cursor: Any, table_name: str) -> Any:
        with self.connection.alone():
            return super().get_relations(cursor, table_name)

    def get_constraints(self, cursor: Any, table_name: str) -> Any:
        with self.connection.alone():
            return super().get_constraints(cursor, table_name)
