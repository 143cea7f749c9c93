"""Pages of the supplier's office about the tools it gives its shops."""

from __future__ import annotations

from typing import Any

from django.urls import path

from enablement.web import kits, notices

urlpatterns: list[Any] = [
    path("kits/", kits.index, name="kits"),
    path("kits/new/", kits.new, name="kit_new"),
    path("kits/<int:kit_id>/", kits.page, name="kit"),
    path("kits/<int:kit_id>/products/", kits.put, name="kit_put"),
    path("kits/<int:kit_id>/publish/", kits.publish, name="kit_publish"),
    path("kits/<int:kit_id>/withdraw/", kits.withdraw, name="kit_withdraw"),
    path("announcements/", notices.index, name="announcements"),
    path("announcements/new/", notices.new, name="announcement_new"),
    path("announcements/<int:announcement_id>/", notices.page, name="announcement"),
    path("announcements/<int:announcement_id>/withdraw/", notices.withdraw, name="announcement_withdraw"),
]
