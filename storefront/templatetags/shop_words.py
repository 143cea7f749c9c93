"""``{% load shop_words %}``: money and names in e-mails, where there is no markup to lean on."""

from __future__ import annotations

from typing import Any

from django import template

from s2b2c.kernel import money, texts

register = template.Library()


@register.filter(name="money")
def money_text(minor: int | None, currency: str) -> str:
    """Write minor units as text: ``{{ order.total_minor|money:order.currency }}``."""
    return "" if minor is None else money.format_minor(int(minor), currency)


@register.filter
def local(thing: Any, name: str) -> str:
    """Give a content text in the reader's language: ``{{ shop|local:"tagline" }}``."""
    return texts.local(thing, name)
