"""Pages of the platform's own host."""

from __future__ import annotations

from typing import Any

from django.urls import path

from s2b2c.accounts.web import platform

urlpatterns: list[Any] = [
    path("", platform.home, name="home"),
]
