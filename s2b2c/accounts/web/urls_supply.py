"""Settings of the supplier office that are about people and machines."""

from __future__ import annotations

from typing import Any

from django.urls import path

from s2b2c.accounts.web import supply

urlpatterns: list[Any] = [
    path("settings/staff/", supply.staff, name="staff"),
    path("settings/api-keys/", supply.api_keys, name="api_keys"),
    path("settings/audit/", supply.audit, name="audit"),
]
