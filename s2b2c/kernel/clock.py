"""The one place that asks what time it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_set_to: ContextVar[dt.datetime | None] = ContextVar("clock_set_to", default=None)


def now() -> dt.datetime:
    """Give the present instant, in UTC, aware."""
    return _set_to.get() or dt.datetime.now(tz=dt.UTC)


@contextmanager
def set_to(instant: dt.datetime) -> Iterator[None]:
    """Let it be another instant for this thread: for what happened elsewhere, earlier, and is entered now."""
    before = _set_to.set(instant)
    try:
        yield
    finally:
        _set_to.reset(before)
