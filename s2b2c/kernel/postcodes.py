"""What postcodes look like, in the countries where that is known."""

from __future__ import annotations

import re

_SHAPES = {"US": r"\d{5}(-\d{4})?", "CN": r"\d{6}", "DE": r"\d{5}", "FR": r"\d{5}", "GB": r"[A-Za-z0-9 ]{5,8}"}


def fits(country: str, postcode: str) -> bool:
    """Tell whether a postcode may be one of a country (ISO 3166-1 alpha-2); of others anything may."""
    shape = _SHAPES.get(country)
    return shape is None or bool(re.fullmatch(shape, postcode))
