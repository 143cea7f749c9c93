"""Jobs in the shop's office, below ``/<shop>/``."""

from __future__ import annotations

from typing import Any

from django.urls import path

from s2b2c.accounts.permissions import reseller_role
from s2b2c.jobs.web import pages

_staff = reseller_role()
urlpatterns: list[Any] = [
    path("jobs/", _staff(pages.index), name="jobs"),
    path("jobs/start/", _staff(pages.start), name="bulk"),
    path("jobs/<slug:token>/", _staff(pages.page), name="job"),
    path("jobs/<slug:token>/progress/", _staff(pages.progress), name="job_progress"),
    path("jobs/<slug:token>/stop/", _staff(pages.stop), name="job_stop"),
    path("jobs/<slug:token>/retry/", _staff(pages.retry), name="job_retry"),
    path("jobs/<slug:token>/undo/", _staff(pages.undo), name="job_undo"),
]
