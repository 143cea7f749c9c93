"""Tests here see ``s2b2c.ui`` alone: its own addresses, no shop, mostly no database."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

MIDDLEWARE = [
    "s2b2c.ui.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]


@pytest.fixture
def alone(settings: Any) -> Client:
    """A client of the addresses every host has, outside any host's urlconf."""
    settings.ROOT_URLCONF = "tests.ui.urls"
    settings.MIDDLEWARE = MIDDLEWARE
    settings.ALLOWED_HOSTS = ["*"]
    settings.DEMO = True
    settings.TEMPLATES = [
        {
            **settings.TEMPLATES[0],
            "OPTIONS": {
                "context_processors": ["django.template.context_processors.request", "s2b2c.ui.context.frame"]
            },
        }
    ]
    return Client()
