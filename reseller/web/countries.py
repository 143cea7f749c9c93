"""Countries a shop can sell from and deliver to, by name in the reader's language."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from django.utils.translation import get_language

from s2b2c.ui.countries import in_order

_CODES = (
    "AT AU BE BG BR CA CH CL CN CY CZ DE DK EE ES FI FR GB GR HK HR HU ID IE IL IN IS IT JP KR LT LU LV MO MT MX MY "
    "NL NO NZ PH PL PT RO SE SG SI SK TH TR TW US VN ZA"
)


def codes() -> tuple[str, ...]:
    """Give the codes known here."""
    return tuple(_CODES.split())


def choices() -> list[tuple[str, str]]:
    """Give code and name, sorted by name."""
    return _choices((get_language() or "en").startswith("zh"))


@lru_cache(maxsize=2)
def _choices(chinese: bool) -> list[tuple[str, str]]:
    names = Locale.parse("zh_Hans_CN" if chinese else "en").territories
    return sorted(((code, names[code]) for code in codes()), key=lambda pair: in_order(pair[1]))
