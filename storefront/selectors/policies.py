"""The shop's own texts: delivery, returns, privacy, imprint, and whatever else it wrote."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reseller.models import Shop
from s2b2c.kernel import texts


def titles(shop: Shop) -> list[tuple[str, str]]:
    """Give code and title of each text there is, in the order people look for them."""
    known = {
        "about": _("About us"), "delivery": _("Delivery"), "returns": _("Returns"), "terms": _("Terms"),
        "privacy": _("Privacy"), "imprint": _("Legal notice"),
    }  # fmt: skip
    written = {code for code in shop.policies if text(shop, code)} | (
        {"about"} if texts.local(shop, "story") else set()
    )
    order = [*known, *sorted(written - set(known))]
    return [(code, known.get(code) or code.replace("-", " ").capitalize()) for code in order if code in written]


def text(shop: Shop, code: str) -> str:
    """Give a text in the reader's language, else in the other one, else ""."""
    if code == "about":
        return texts.local(shop, "story")
    found: Any = shop.policies.get(code)
    return texts.pick(found) if isinstance(found, dict) else ""
