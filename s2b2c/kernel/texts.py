"""Content in two languages, kept in twin columns ``<name>_en`` and ``<name>_zh``."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language


def suffix(language: str | None = None) -> str:
    """Give ``zh`` or ``en`` for a Django language code (the active one by default)."""
    return "zh" if (language or get_language() or "en").startswith("zh") else "en"


def local(thing: Any, name: str, language: str | None = None) -> str:
    """Give ``thing.<name>_<language>``, or the other language's text where that one is empty."""
    first = suffix(language)
    other = "en" if first == "zh" else "zh"
    return getattr(thing, f"{name}_{first}", "") or getattr(thing, f"{name}_{other}", "") or ""


def pick(texts: dict[str, str] | None, language: str | None = None) -> str:
    """Give the text of ``{"en": …, "zh": …}`` in the active language, else in the other one."""
    if not texts:
        return ""
    first = suffix(language)
    return texts.get(first) or texts.get("en" if first == "zh" else "zh") or ""
