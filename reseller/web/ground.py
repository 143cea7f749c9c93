"""What the pages of the shop's products have in common."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from s2b2c.accounts.http import Request
from s2b2c.ui.states import State

# Where the session keeps what was taken out last.
KEPT = "removed_listings"
STATES = {
    "published": State("ok", gettext_lazy("In the shop")),
    "hidden": State("", gettext_lazy("Hidden"), "hold"),
    "gone": State("bad", gettext_lazy("No longer supplied"), "stop"),
}


def slug(request: Request) -> str:
    """Give the slug of the shop these pages are below."""
    assert request.reseller is not None
    return request.reseller.slug


def url(name: str, slug: str, **more: Any) -> str:
    """Give the address of a page of this shop's office."""
    return reverse(f"office:{name}", kwargs={"shop": slug, **more})


def writes(request: Request) -> bool:
    """Say whether who asks may change products."""
    return request.membership is not None and request.membership.role != "clerk"
