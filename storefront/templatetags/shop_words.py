"""``{% load shop_words %}``: money and names in e-mails, where there is no markup to lean on."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template

from s2b2c.kernel import money, texts
from storefront import promise

register = template.Library()


@register.filter(name="money")
def money_text(minor: int | None, currency: str) -> str:
    """Write minor units as text: ``{{ order.total_minor|money:order.currency }}``."""
    return "" if minor is None else money.format_minor(int(minor), currency)


@register.filter
def slot(day: str, part: int) -> str:
    """Write an ISO day and a part of it as people say it: ``{{ data.on|slot:data.part }}``."""
    return promise.slot(date.fromisoformat(day), part)


@register.filter
def day(iso: str) -> str:
    """Write an ISO day as people say it: ``{{ data.expected_on|day }}``."""
    return promise.day(date.fromisoformat(iso))


@register.filter
def local(thing: Any, name: str) -> str:
    """Give a content text in the reader's language: ``{{ shop|local:"tagline" }}``."""
    return texts.local(thing, name)
