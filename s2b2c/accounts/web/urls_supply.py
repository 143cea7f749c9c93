"""Settings of the supplier office that are about people and machines."""

from __future__ import annotations

from typing import Any

from django.urls import path

from s2b2c.accounts.permissions import supplier_role
from s2b2c.accounts.web import lists, supply

_staff = supplier_role()
urlpatterns: list[Any] = [
    path("settings/staff/", supply.staff, name="staff"),
    path("settings/api-keys/", supply.api_keys, name="api_keys"),
    path("settings/audit/", supply.audit, name="audit"),
    path("lists/<slug:table>/views/", _staff(lists.page), name="views"),
    path("lists/<slug:table>/views/<int:view_id>/", _staff(lists.change), name="view"),
    path("lists/<slug:table>/views/<int:view_id>/restore/", _staff(lists.restore), name="view_restore"),
    path("lists/<slug:table>/keep/", _staff(lists.keep), name="keep_list"),
]
