"""Registers the tag library ``ui``."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Template tags and the small views that belong to no one app."""

    name = "s2b2c.ui"
    label = "ui"
