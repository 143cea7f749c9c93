"""What each test of this folder begins with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A page that was asked for in Chinese leaves its language behind."""
    with translation.override("en"):
        yield
