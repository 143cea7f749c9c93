"""The psycopg2 cursor through which every statement goes, ORM or raw: it binds the search path to the transaction.

``BEGIN`` and ``SET LOCAL`` travel in the same message as the transaction's first statement, so that they cost no round
trip: to psycopg2 the connection is always in autocommit, which would send its ``BEGIN`` apart.
A session-level ``SET`` would outlive the transaction, and behind PgBouncer meet the next shop (ADR 0002).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg2 import ProgrammingError
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, TRANSACTION_STATUS_INERROR
from psycopg2.extensions import connection as PlainConnection
from psycopg2.extensions import cursor as PlainCursor

from s2b2c.tenancy.errors import ImproperlyUsed

if TYPE_CHECKING:
    from s2b2c.tenancy.backend.base import DatabaseWrapper

BEGIN, PATH = "BEGIN; ", "SET LOCAL search_path = "
# Statements known to behave the same when they are the second of two in one message.
_JOINABLE = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "SAVEPOINT", "RELEASE")


class SearchPath:
    """Knows the path in effect on one physical connection; ``""`` is the role's default (public), None unknown."""

    def __init__(self, wrapper: DatabaseWrapper) -> None:
        self.wrapper = wrapper
        self.in_effect: str | None = ""

    def due(self, connection: Connection) -> str:
        """Give the ``BEGIN`` and ``SET LOCAL`` to send before the next statement, or "".

        :raises ImproperlyUsed: outside a transaction while a shop is entered.
        """
        wanted = self.wrapper.wanted_path
        if not connection.in_block:
            return self._outside_a_transaction(wanted)
        status = connection.get_transaction_status()
        if status == TRANSACTION_STATUS_INERROR:
            self.in_effect = None  # only a rollback can work now, and it takes the path with it
            return ""
        begin = ""
        if status == TRANSACTION_STATUS_IDLE:
            begin, self.in_effect = BEGIN, ""  # the last transaction took its path with it
        if wanted == self.in_effect:
            return begin
        self.in_effect = wanted
        return f"{begin}{PATH}{wanted or 'public'}; "

    def _outside_a_transaction(self, wanted: str) -> str:
        if wanted and not self.wrapper.connecting:
            raise ImproperlyUsed(
                f"A statement outside a transaction while shop {self.wrapper.schema_name} is entered. "
                "Open a transaction in the service, or read inside `with context.reading():`."
            )
        return ""

    def forget(self) -> None:
        self.in_effect = None


class Connection(PlainConnection):
    """A psycopg2 connection that carries its search path; the backend sets it right after connecting.

    ``in_block``: statements belong into a transaction, which begins with the first of them.
    """

    path: SearchPath | None = None
    in_block = False

    def work_in_blocks(self, on: bool) -> None:
        if self.get_transaction_status() != TRANSACTION_STATUS_IDLE:
            raise ProgrammingError("autocommit can't change inside a transaction, nor on a connection that is gone")
        self.in_block = on

    def commit(self) -> None:
        self._end("COMMIT")

    def rollback(self) -> None:
        self._end("ROLLBACK")

    def _end(self, statement: str) -> None:
        if self.closed or self.get_transaction_status() != TRANSACTION_STATUS_IDLE:
            with PlainCursor(self) as plain:
                plain.execute(statement)


class Cursor(PlainCursor):
    """A psycopg2 cursor that sends the search path first, where it is due."""

    connection: Connection  # type: ignore[assignment]

    def execute(self, query: Any, vars: Any = None) -> None:
        due = self._due()
        text = query if isinstance(query, str) else ""
        if due and (self.name or not text.lstrip()[:9].upper().startswith(_JOINABLE)):
            self._send(due)
        elif due:
            query = due + query
        try:
            return super().execute(query, vars)
        finally:
            if not text or text.lstrip()[:8].upper() == "ROLLBACK":
                self._forget()  # ROLLBACK TO SAVEPOINT reverts a SET LOCAL made after the savepoint

    def executemany(self, query: Any, vars_list: Any) -> None:
        self._settle()
        return super().executemany(query, vars_list)

    def callproc(self, *args: Any, **kwargs: Any) -> Any:
        self._settle()
        return super().callproc(*args, **kwargs)

    def copy_expert(self, *args: Any, **kwargs: Any) -> Any:
        self._settle()
        return super().copy_expert(*args, **kwargs)

    def copy_from(self, *args: Any, **kwargs: Any) -> Any:
        self._settle()
        return super().copy_from(*args, **kwargs)

    def copy_to(self, *args: Any, **kwargs: Any) -> Any:
        self._settle()
        return super().copy_to(*args, **kwargs)

    def _due(self) -> str:
        path = self.connection.path
        return path.due(self.connection) if path is not None else ""

    def _settle(self) -> None:
        if due := self._due():
            self._send(due)

    def _send(self, statement: str) -> None:
        with PlainCursor(self.connection) as plain:
            plain.execute(statement)

    def _forget(self) -> None:
        if self.connection.path is not None:
            self.connection.path.forget()
