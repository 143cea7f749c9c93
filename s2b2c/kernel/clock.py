"""The one place that asks what time it is."""

from __future__ import annotations

import datetime as dt


def now() -> dt.datetime:
    """Give the present instant, in UTC, aware."""
    return dt.datetime.now(tz=dt.UTC)
