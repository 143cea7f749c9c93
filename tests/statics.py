"""Static files looked for once in a test process: each test client has a handler of its own, and each handler looked anew."""

from __future__ import annotations

from typing import Any

from whitenoise.middleware import WhiteNoiseMiddleware

_look = WhiteNoiseMiddleware.add_files_from_finders
_found: dict[str, Any] = {}


def install() -> None:
    """Have all handlers of this process share what the first one found."""
    WhiteNoiseMiddleware.add_files_from_finders = _once  # type: ignore[method-assign]


def _once(handler: WhiteNoiseMiddleware) -> None:
    if not _found:
        _look(handler)
        _found.update(handler.files)
    handler.files.update(_found)
