"""The way into the resellers' office, and the pages of a shop that are about people and machines."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth_views
from django.urls import path

from s2b2c.accounts.permissions import public
from s2b2c.accounts.web import office

# Before a shop is chosen.
entrance: list[Any] = [
    path("", office.shops, name="shops"),
    path("signup/", public(allauth_views.signup), name="signup"),
]

# Below /<shop>/.
urlpatterns: list[Any] = [
    path("settings/staff/", office.staff, name="staff"),
    path("settings/api-keys/", office.api_keys, name="api_keys"),
]
