"""Pages of the supplier's office about the tools it gives its shops."""

from __future__ import annotations

from typing import Any

from django.urls import path

from enablement.web import academy, kits, notices, tools

_COURSE = "academy/<int:course_id>/"
urlpatterns: list[Any] = [
    path("tools/", tools.index, name="tools"),
    path("academy/", academy.index, name="academy"),
    path("academy/new/", academy.new, name="course_new"),
    path(_COURSE, academy.page, name="course"),
    path(f"{_COURSE}publish/", academy.publish, name="course_publish"),
    path(f"{_COURSE}remove/", academy.remove, name="course_remove"),
    path(f"{_COURSE}lessons/new/", academy.lesson, name="lesson_new"),
    path(f"{_COURSE}lessons/<int:lesson_id>/", academy.lesson, name="lesson_edit"),
    path(f"{_COURSE}questions/new/", academy.question, name="question_new"),
    path(f"{_COURSE}questions/<int:question_id>/", academy.question, name="question_edit"),
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
