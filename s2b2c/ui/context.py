"""What every frame needs to know about the reader: theme and language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

CHOICES = ("auto", "light", "dark")
THEMES = {"light": "ledger", "dark": "ledger-dark"}


def choice(request: HttpRequest) -> str:
    """Give the reader's theme: ``auto`` (follow the device), ``light`` or ``dark``."""
    chosen = request.COOKIES.get(settings.THEME_COOKIE_NAME, "auto")
    return chosen if chosen in CHOICES else "auto"


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``ui_theme`` (value of ``data-theme``, empty = device), ``ui_choice``, ``ui_zh``."""
    chosen = choice(request)
    return {
        "ui_choice": chosen,
        "ui_theme": THEMES.get(chosen, ""),
        "ui_zh": (get_language() or "en").startswith("zh"),
        "PLATFORM_NAME": settings.PLATFORM_NAME,
    }
