"""Pages of a shop's office about the tools S gives it."""

from __future__ import annotations

from typing import Any

from django.urls import path

from enablement.web import learning, notices

urlpatterns: list[Any] = [
    path("learn/", learning.index, name="learn"),
    path("learn/<int:course_id>/", learning.course, name="course"),
    path("learn/<int:course_id>/questions/", learning.quiz, name="course_quiz"),
    path("learn/lessons/<int:lesson_id>/", learning.lesson, name="lesson"),
    path("learn/lessons/<int:lesson_id>/done/", learning.done, name="lesson_done"),
    path("announcements/", notices.office_index, name="announcements"),
    path("announcements/<int:announcement_id>/", notices.office_page, name="announcement"),
    path("announcements/<int:announcement_id>/read/", notices.office_read, name="announcement_read"),
]
