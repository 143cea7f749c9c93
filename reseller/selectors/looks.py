"""The six looks a shop can have, and what a shop may change about its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from reseller.models import Shop
from s2b2c.kernel.errors import Refused
from s2b2c.ui import colour, theme


def check(look: str) -> None:
    """Let a known look pass.

    :raises Refused: ``look``: there is none of this name.
    """
    if look not in theme.codes():
        raise Refused("look", _("Choose one of the looks."), field="look")


def clean(overrides: Mapping[str, Any]) -> dict[str, str]:
    """Give the choices a shop may make about its look, without empty ones.

    :raises Refused: ``colour``: a text that is no colour.
    """
    for word in theme.COLOURS:
        picked = str(overrides.get(word) or "")
        if picked and not colour.is_hex(picked):
            raise Refused("colour", _("Write a colour as # and six digits, such as #0e5e4e."), field=word)
    return theme.clean(overrides)


def corrections(shop: Shop) -> list[theme.Correction]:
    """Give what the contrast guard changes of the shop's own colours."""
    return theme.corrections(shop.look, shop.look_overrides)
