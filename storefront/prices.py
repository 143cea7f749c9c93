"""Prices as text. Formatting one takes longer than reading it, so texts are kept: they never change."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from s2b2c.kernel import money


def text(minor: int, currency: str) -> str:
    """Write an amount for the reader of this page."""
    return _text(minor, currency, get_language() or "en")


@lru_cache(maxsize=50_000)
def _text(minor: int, currency: str, language: str) -> str:
    return money.format_minor(minor, currency, language)


def offers(terms: Mapping[str, Any], currency: str) -> list[tuple[str, str]]:
    """Give the discounts an order was given: name and what each took off."""
    given = terms.get("promotions", [])
    return [(each["name"], text(each["discount_minor"], currency)) for each in given if each["discount_minor"]]
