"""Cards and pictures as markup. Drawn by hand: a page holds dozens, and a template takes ten times as long."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import quote

from django.core.files.storage import default_storage
from django.utils.safestring import SafeString, mark_safe

from s2b2c.ui import plates
from storefront import prices
from storefront.selectors.cards import Card
from storefront.words import gettext as _


@lru_cache(maxsize=20_000)
def plate_url(glyph: str, tint: str = "", name: str = "") -> str:
    """Give the address of a drawn plate."""
    return quote(plates.url(glyph, tint, "", name), safe="/?&=.-_")


@lru_cache(maxsize=2_000)
def tint_hex(tint: str) -> str:
    """Give the colour of a tint's dot."""
    return plates.shades(plates.tint_name(tint))[0]


def photo_url(file: str) -> str:
    """Give the address of an uploaded picture."""
    return file if file.startswith(("/", "http")) else default_storage.url(file)


def image(
    photo: tuple[str, int, int, str] | None,
    plate: str,
    tint: str,
    name: str,
    *,
    alt: str = "",
    lazy: bool = True,
    css: str = "",
) -> str:
    """Give the ``<img>`` of a photo, else of the drawn plate."""
    if photo is not None:
        src, width, height, alt = photo_url(photo[0]), photo[1], photo[2], alt and (photo[3] or alt)
    else:
        src, width, height = plate_url(plate, tint, name), plates.WIDTH, plates.HEIGHT
    style = f' class="{css}"' if css else ""
    load = ' loading="lazy" decoding="async"' if lazy else ' fetchpriority="high"'
    return f'<img{style} src="{escape(src)}" width="{width}" height="{height}" alt="{escape(alt)}"{load}>'


def markup(photo: tuple[str, int, int, str] | None, plate: str, tint: str, name: str, **how: Any) -> SafeString:
    """Give :func:`image` for a template."""
    return mark_safe(image(photo, plate, tint, name, **how))  # noqa: S308 - every text in it is escaped


def safe(html: str) -> SafeString:
    """Mark what a function of this module gave as markup."""
    return mark_safe(html)  # noqa: S308 - every text in it is escaped


def grid(cards: Iterable[Card], currency: str, *, lead: bool = False, eager: int = 0) -> SafeString:
    """Draw cards, to stand in ``.sf-grid``. ``lead``: the first is large; ``eager``: so many load at once."""
    words = {
        "new": _("New"), "sale": _("Sale"), "out": _("Sold out"), "low": _("Few left"), "from": _("from %(price)s"),
        "now": _("Now"), "was": _("Was"), "colours": _("Colours"),
    }  # fmt: skip
    words = {key: escape(word) for key, word in words.items()}
    cards = list(cards)
    if sum(card.new for card in cards) * 2 > len(cards):
        words["new"] = ""  # where most are, the word says nothing
    said = tuple(words.items())
    return mark_safe(  # noqa: S308 - every text in it is escaped
        "".join(_card(card, currency, said, lead and not i, i >= eager) for i, card in enumerate(cards))
    )


@lru_cache(maxsize=10_000)
def _card(card: Card, currency: str, said: tuple[tuple[str, str], ...], lead: bool, lazy: bool) -> str:
    """Draw one card; the same card in the same words is always the same markup."""
    words = dict(said)
    picture = image(card.photo, card.plate, card.tints[0] if card.tints else "", card.title, lazy=lazy)
    css = f"sf-card{' sf-card-lead' if lead else ''}{' sf-out' if card.stock == 'out' else ''}"
    summary = f'<p class="sf-small sf-muted">{escape(card.summary)}</p>' if card.summary else ""
    return (
        f'<article class="{css}"><span class="sf-card-pic">{picture}{_flag(card, words)}</span>'
        f'<div class="sf-card-txt"><h3><a href="/p/{card.slug}/">{escape(card.title)}</a></h3>{summary}'
        f'<p class="sf-price">{price(card.price_minor, card.was_minor, currency, words, ranges=card.ranges)}</p>'
        f"{_dots(card.tints, words)}</div></article>"
    )


def _flag(card: Card, words: dict[str, str]) -> str:
    if card.stock == "out":
        return f'<span class="sf-flag">{words["out"]}</span>'
    if card.was_minor:
        return f'<span class="sf-flag sf-flag-sale">{words["sale"]}</span>'
    if card.stock == "low":
        return f'<span class="sf-flag">{words["low"]}</span>'
    return f'<span class="sf-flag">{words["new"]}</span>' if card.new and words["new"] else ""


def price(minor: int, was: int | None, currency: str, words: dict[str, str], *, ranges: bool = False) -> str:
    """Draw a price; with what it was, where that was more."""
    shown = escape(prices.text(minor, currency))
    before, _price, after = words["from"].partition("%(price)s") if ranges else ("", "", "")
    before, after = (f"<span>{word.strip()}</span>" if word else "" for word in (before, after))
    if not was:
        return f"{before}{shown}{after}"
    old = escape(prices.text(was, currency))
    return (
        f'{before}<ins><span class="sr-only">{words["now"]} </span>{shown}</ins>{after} '
        f'<del><span class="sr-only">{words["was"]} </span>{old}</del>'
    )


@lru_cache(maxsize=5_000)
def _drawn_dots(tints: tuple[str, ...]) -> str:
    return "".join(
        f'<svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="7" fill="{tint_hex(tint)}" stroke="#00000030"/></svg>'
        for tint in tints
    )


def _dots(tints: tuple[str, ...], words: dict[str, str]) -> str:
    if len(tints) < 2:
        return ""
    return f'<p class="sf-dots"><span class="sr-only">{len(tints)} {words["colours"]}</span>{_drawn_dots(tints)}</p>'
