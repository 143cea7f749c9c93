"""Pages about the account itself, on every host for staff, next to allauth's."""

from __future__ import annotations

from typing import Any

app_name = "account"
urlpatterns: list[Any] = []
