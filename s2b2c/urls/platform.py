"""``<platform>``: what this is, and the ways in."""

from __future__ import annotations

from typing import Any

from django.urls import include, path

from orders.web import urls_platform as orders
from s2b2c.accounts.web import urls_platform as accounts
from s2b2c.urls import common

urlpatterns: list[Any] = [
    path("", include(([*accounts.urlpatterns, *orders.urlpatterns], "platform"))),
    *common.staff,
]

handler500 = "s2b2c.ui.refusals.server_error"
