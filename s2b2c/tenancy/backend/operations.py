"""Operations: the query log shows the statement as the caller wrote it."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql.operations import DatabaseOperations

from s2b2c.tenancy.backend.cursor import BEGIN, PATH


class Operations(DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str | None:  # type: ignore[override]
        query = super().last_executed_query(cursor, sql, params)
        if query:
            query = query.removeprefix(BEGIN)
        return query.partition("; ")[2] if query and query.startswith(PATH) else query
