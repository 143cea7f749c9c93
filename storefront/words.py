"""The words of a shop's pages. A page says dozens of them, and looking one up through Django takes several times as long."""

from __future__ import annotations

from functools import lru_cache

from django.utils import translation


def gettext(message: str) -> str:
    """Give a text in the reader's language, as Django's ``gettext`` does."""
    return _said(message, translation.get_language() or "")


@lru_cache(maxsize=5_000)
def _said(message: str, language: str) -> str:
    return translation.gettext(message)
