"""Pages about the account itself, on every host for staff, next to allauth's."""

from __future__ import annotations

from typing import Any

from django.urls import path

from s2b2c.accounts.web import account

app_name = "account"
urlpatterns: list[Any] = [
    path("", account.security, name="security"),
    path("invitation/<str:token>/", account.invitation, name="invitation"),
]
