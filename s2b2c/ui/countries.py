"""Countries by name in the reader's language."""

from __future__ import annotations

from functools import cache

from babel import Locale
from django.utils.translation import get_language

_NO_COUNTRY = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"])


def name(code: str) -> str:
    """Give the name of a country; a code nobody knows stands for itself."""
    chinese = (get_language() or "en").startswith("zh")
    locale = Locale("zh", script="Hans") if chinese else Locale("en")
    return str(locale.territories.get(code.upper(), code))


def choices() -> list[tuple[str, str]]:
    """Give code and name of every country, sorted by name as the reader's language sorts."""
    return sorted(((code, name(code)) for code in _codes()), key=lambda pair: in_order(pair[1]))


def in_order(text: str) -> bytes:
    """Give what a Chinese or English name is sorted by; GB 18030 has the usual signs by pronunciation."""
    return text.encode("gb18030")


@cache
def _codes() -> tuple[str, ...]:
    known = map(str, Locale("en").territories)
    return tuple(code for code in known if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY)
