"""Schema and docs of an audience's API."""

from __future__ import annotations

from typing import Any


def urlpatterns(audience: str) -> list[Any]:
    """Give the pages that describe the API of ``supply`` or ``shop``."""
    return []
