"""Pages of the supplier's office about the tools it gives its shops."""

from __future__ import annotations

from typing import Any

from django.urls import path

from enablement.web import notices

urlpatterns: list[Any] = [
    path("announcements/", notices.index, name="announcements"),
    path("announcements/new/", notices.new, name="announcement_new"),
    path("announcements/<int:announcement_id>/", notices.page, name="announcement"),
    path("announcements/<int:announcement_id>/withdraw/", notices.withdraw, name="announcement_withdraw"),
]
