"""The way up to the one table of what can be done: ``wiring.JOBS``."""

from __future__ import annotations

from collections.abc import Mapping

from s2b2c.jobs.bulk import Bulk


def kinds() -> Mapping[str, Bulk]:
    """Give everything that can be done to rows of a list, by code."""
    from s2b2c import wiring  # noqa: PLC0415 - the composition root sees everything, nobody sees it at import

    return wiring.JOBS
