"""Pages of a shop's office about the tools S gives it."""

from __future__ import annotations

from typing import Any

from django.urls import path

from enablement.web import notices

urlpatterns: list[Any] = [
    path("announcements/", notices.office_index, name="announcements"),
    path("announcements/<int:announcement_id>/", notices.office_page, name="announcement"),
    path("announcements/<int:announcement_id>/read/", notices.office_read, name="announcement_read"),
]
