from django.apps import AppConfig

# Tasks find their Celery application once Django is set up; the package itself stays light,
# for the supervisor (s2b2c.embedded) lives in it.
from s2b2c.celery import app as celery_app

__all__ = ["PlatformConfig", "celery_app"]


class PlatformConfig(AppConfig):
    """Holds the management commands and static files of the platform; no tables."""

    name = "s2b2c"
    label = "platform"
