"""Small words for the supplier's pages: ``{% load supply %}``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template

from s2b2c.kernel import texts
from s2b2c.ui import countries, plates
from supplier.web import shown

register = template.Library()


@register.filter
def local(thing: Any, name: str = "name") -> str:
    """Give ``<name>_en`` or ``<name>_zh``, by the reader's language: ``{{ product|local:"name" }}``."""
    return texts.local(thing, name)


@register.filter
def signed(pieces: int) -> str:
    """Write a difference in pieces with its sign: ``+1``, ``−1``."""
    return shown.signed(pieces)


@register.filter
def country(code: str) -> str:
    """Give a country's name in the reader's language."""
    return countries.name(code or "")


@register.filter
def tint_colour(tint: str) -> str:
    """Give the colour of a variant's tint as ``#rrggbb``, for a swatch."""
    return plates.shades(plates.tint_name(tint))[0]


@register.filter
def age(since: datetime | None) -> str:
    """Say how long ago: ``3 h 40 m``."""
    return shown.age(since)


@register.filter
def fee(terms: Any) -> str:
    """Write the fee of terms: ``2.5 %``."""
    return f"{terms.fee_bps / 100:g} %"


@register.filter
def at(numbers: Mapping[Any, int], key: Any) -> int:
    """Give the number of a key, 0 where there is none: ``{{ part.free|at:place.pk }}``."""
    return numbers.get(key, 0)
