"""Countries by name in the reader's language."""

from __future__ import annotations

from babel import Locale
from django.utils.translation import get_language


def name(code: str) -> str:
    """Give the name of a country; a code nobody knows stands for itself."""
    chinese = (get_language() or "en").startswith("zh")
    locale = Locale("zh", script="Hans") if chinese else Locale("en")
    return str(locale.territories.get(code.upper(), code))
