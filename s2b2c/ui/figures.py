"""Money and shares of money as markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel.money import exponent, format_minor, to_decimal

MINUS = "−"
ORDERS = {
    "supply": ("wholesale", "margin", "fee", "tax", "shipping", "funded"),
    "office": ("margin", "wholesale", "fee", "shipping", "tax", "funded"),
}
NAMES = {
    "supply": {
        "wholesale": _("Wholesale"),
        "margin": _("Reseller margin"),
        "fee": _("Platform fee"),
        "tax": _("Tax"),
        "shipping": _("Shipping"),
        "funded": _("Discount we fund"),
    },
    "office": {
        "margin": _("You keep"),
        "wholesale": _("Supplier"),
        "fee": _("Fee"),
        "shipping": _("Delivery"),
        "tax": _("Tax"),
        "funded": _("Discount, not yours to bear"),
    },
}


def amount(minor: int, currency: str, *, sign: bool = False, bare: bool = False) -> str:
    """Write an amount with a true minus; ``bare`` leaves the currency out (its column's head names it)."""
    text = (
        f"{to_decimal(abs(minor), currency):,.{exponent(currency)}f}" if bare else format_minor(abs(minor), currency)
    )
    if minor < 0:
        return MINUS + text
    return f"+{text}" if sign and minor > 0 else text


def big(minor: int, currency: str, size: str = "xl") -> SafeString:
    """Write an amount large: currency raised and half size, cents half size and muted, never rounded."""
    match = re.fullmatch(r"(\D*?)([\d,]+)(\.\d+)?(\D*)", format_minor(abs(minor), currency))
    css = {"xl": "money-xl", "l": "money-xl money-l", "m": "money-xl money-m"}[size]
    if match is None:
        return format_html('<span class="{}">{}</span>', css, amount(minor, currency))
    before, whole, cents, after = (part or "" for part in match.groups())
    return format_html(
        '<span class="{}">{}<span class="cur">{}</span>{}<span class="cents">{}{}</span></span>',
        css, MINUS if minor < 0 else "", before.strip(), whole, cents, after.strip(),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Share:
    """One part of the money bar, ready to draw."""

    key: str
    name: str | Promise
    minor: int
    currency: str
    x: float
    width: float
    percent: float
    url: str = ""

    @property
    def written(self) -> str:
        return amount(self.minor, self.currency)

    @property
    def size(self) -> int:
        return abs(self.minor)


def shares(
    parts: dict[str, int], currency: str, *, view: str = "supply", urls: dict[str, str] | None = None
) -> list[Share]:
    """Lay parts out on 1,000 units in the fixed order of ``view``; zero parts vanish, negative ones take no width."""
    total = sum(minor for minor in parts.values() if minor > 0) or 1
    placed: list[Share] = []
    x = 0.0
    for key in (key for key in ORDERS[view] if parts.get(key)):
        width = max(parts[key], 0) / total * 1000
        share = Share(key, NAMES[view][key], parts[key], currency, x, width, width / 10, (urls or {}).get(key, ""))
        placed.append(share)
        x += width
    return placed


def split_bar(placed: Iterable[Share], *, height: int = 28) -> SafeString:
    """Draw the bar; 2 px gaps between the parts."""
    listed = list(placed)
    rects = format_html_join(
        "",
        '<rect class="s-{}" x="{}" y="0" width="{}" height="{}"><title>{}</title></rect>',
        (
            (share.key, *_extent(share), height, f"{share.name} {share.written} ({share.percent:.1f} %)")
            for share in listed
        ),
    )
    return format_html(
        '<svg class="split{}" viewBox="0 0 1000 {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        " slim" if height < 20 else "",
        height,
        ", ".join(f"{share.name} {share.written}" for share in listed),
        rects,
    )


def _extent(share: Share) -> tuple[str, str]:
    gap = 2 if share.x else 0
    return f"{share.x + gap:.1f}", f"{max(share.width - gap, 0):.1f}"
