"""The Celery application. Messages carry nothing but ids: the truth is in PostgreSQL."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2b2c.settings")

app = Celery("s2b2c")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
