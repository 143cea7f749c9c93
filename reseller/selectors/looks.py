"""The six looks a shop can have."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from s2b2c.kernel.errors import Refused

NAMES = ("hearth", "field", "kiln", "gallery", "pantry", "dusk")


def check(look: str) -> None:
    if look not in NAMES:
        raise Refused("look", _("Choose one of the looks."), field="look")


def clean(look: str, overrides: Mapping[str, str]) -> dict[str, str]:
    return dict(overrides)
