"""Sessions bound to the place that made them: a cookie of shop A, replayed at shop B, is anonymous there."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.middleware import SessionMiddleware

from s2b2c.tenancy.context import reading
from s2b2c.tenancy.http import Request

_SCOPE = "_scope"


class SessionStore(db.SessionStore):
    """Django's database sessions, with the scope ("office", "shop:<schema>", …) kept inside.

    Without a scope (made outside a request) nothing is checked; the first request binds such a session.
    """

    def __init__(self, session_key: str | None = None, scope: str | None = None) -> None:
        super().__init__(session_key)
        self.scope = scope

    def load(self) -> dict[str, Any]:
        with reading():
            data = super().load()
        if self.scope is None or data.get(_SCOPE) == self.scope:
            return data
        if _SCOPE in data:
            self._session_key = None  # another place's: leave its row alone, take a new key when needed
            return {}
        self.modified = bool(data)
        return data

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        if self.scope is not None:
            data = {**data, _SCOPE: self.scope}
        return super().create_model_instance(data)

    def exists(self, session_key: str) -> bool:
        with reading():
            return super().exists(session_key)

    def delete(self, session_key: str | None = None) -> None:
        with reading():
            super().delete(session_key)


class ScopedSessionMiddleware(SessionMiddleware):
    """Gives each request the session of its scope, as HostMiddleware set it."""

    def process_request(self, request: Request) -> None:  # type: ignore[override]
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        request.session = SessionStore(key, scope=request.session_scope)
