"""Pages of supply that are about accounts."""

from __future__ import annotations

from typing import Any

urlpatterns: list[Any] = []
