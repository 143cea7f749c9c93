"""django-tenants' PostgreSQL backend, made safe behind PgBouncer in transaction mode (house rule: Scale 5).

Inside a shop every statement runs in a transaction whose search path was set by ``SET LOCAL``; outside a
transaction it is refused. In public the role's default path (public) holds, so that a miss fails closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql.psycopg_any import is_psycopg3
from django_tenants.postgresql_backend import base
from django_tenants.utils import get_public_schema_name, quote_schema_name

from s2b2c.tenancy.backend.introspection import Introspection
from s2b2c.tenancy.backend.operations import Operations
from s2b2c.tenancy.backend.schema import SchemaEditor

if is_psycopg3:
    raise ImproperlyConfigured("s2b2c.tenancy.backend is written for psycopg2; uninstall psycopg 3.")

from s2b2c.tenancy.backend import cursor as scoped  # below the check: it needs psycopg2


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = SchemaEditor
    ops_class = Operations

    def __init__(self, settings_dict: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = True
        self.wanted_path = ""
        self.connecting = False
        super().__init__(settings_dict, *args, **kwargs)
        self.introspection = Introspection(self)

    # --- Which shop ---

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        """Enter a tenant; takes effect with the next statement. Content types are public only: their cache stays."""
        self.tenant = tenant
        self.schema_name = tenant.schema_name
        self.include_public_schema = include_public
        self.set_settings_schema(self.schema_name)
        self.wanted_path = self._path()

    def _path(self) -> str:
        if self.schema_name == get_public_schema_name():
            return ""
        return ", ".join(quote_schema_name(name) for name in self._get_cursor_search_paths())

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Look at the entered schema without public behind it."""
        before = self.include_public_schema
        self.include_public_schema = False
        self.wanted_path = self._path()
        try:
            yield
        finally:
            self.include_public_schema = before
            self.wanted_path = self._path()

    @contextmanager
    def by_full_names(self) -> Iterator[None]:
        """Run a statement that names the schema of each of its tables: it needs no path, so no transaction either."""
        before, self.wanted_path = self.wanted_path, ""
        try:
            yield
        finally:
            self.wanted_path = before

    def _handle_search_path(self, cursor: Any = None) -> None:
        """The cursor does it, once per transaction."""

    # --- The physical connection ---

    def get_connection_params(self) -> dict[str, Any]:
        factories = {"connection_factory": scoped.Connection, "cursor_factory": scoped.Cursor}
        return {**super().get_connection_params(), **factories}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.path = scoped.SearchPath(self)
        connection.autocommit = True  # to psycopg2: the cursor begins transactions, the connection ends them
        return connection

    def _set_autocommit(self, autocommit: bool) -> None:
        with self.wrap_database_errors:
            self.connection.work_in_blocks(not autocommit)

    def connect(self) -> None:
        """Connect; the time zone and the type handlers, which belong to no shop, may be read in autocommit."""
        with self._connecting():
            super().connect()

    def is_usable(self) -> bool:
        with self._connecting():
            return super().is_usable()

    @contextmanager
    def _connecting(self) -> Iterator[None]:
        before, self.connecting = self.connecting, True
        try:
            yield
        finally:
            self.connecting = before

    def savepoint_rollback(self, sid: str) -> None:
        super().savepoint_rollback(sid)
        if self.connection is not None:
            self.connection.path.forget()
