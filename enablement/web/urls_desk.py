"""Pages of the supplier's office where customers are helped."""

from __future__ import annotations

from typing import Any

from django.urls import path

from enablement.web import desk

urlpatterns: list[Any] = [
    path("help/", desk.index, name="desk"),
    path("help/rules/", desk.rules, name="desk_rules"),
    path("help/<int:pk>/", desk.page, name="desk_case"),
]
