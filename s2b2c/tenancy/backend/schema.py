"""Schema editor: tenant tables get no second index for LIKE (every index counts once per shop)."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django_tenants.utils import get_public_schema_name


class SchemaEditor(DatabaseSchemaEditor):
    def _create_like_index_sql(self, model: Any, field: Any) -> Any:
        schema = self.connection.schema_name  # type: ignore[attr-defined]
        if schema == get_public_schema_name():
            return super()._create_like_index_sql(model, field)
        return None
