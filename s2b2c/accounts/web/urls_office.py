"""The way into the resellers' office, and the pages of a shop that are about people and machines."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth_views
from django.urls import path

from s2b2c.accounts.permissions import public, reseller_role
from s2b2c.accounts.web import lists, office

# Before a shop is chosen.
entrance: list[Any] = [
    path("", office.shops, name="shops"),
    path("signup/", public(allauth_views.signup), name="signup"),
]

# Below /<shop>/.
_staff = reseller_role()
urlpatterns: list[Any] = [
    path("settings/staff/", office.staff, name="staff"),
    path("settings/api-keys/", office.api_keys, name="api_keys"),
    path("lists/<slug:table>/views/", _staff(lists.page), name="views"),
    path("lists/<slug:table>/views/<int:view_id>/", _staff(lists.change), name="view"),
    path("lists/<slug:table>/views/<int:view_id>/restore/", _staff(lists.restore), name="view_restore"),
    path("lists/<slug:table>/keep/", _staff(lists.keep), name="keep_list"),
]
