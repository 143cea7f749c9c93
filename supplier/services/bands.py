"""The order of a variant's prices: wholesale ≤ floor ≤ suggested ≤ ceiling."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import money
from s2b2c.kernel.errors import Refused

PRICES = ("wholesale_minor", "suggested_minor", "floor_minor", "ceiling_minor")

TEXTS: dict[str, Promise] = {
    "price_negative": _("A price can't be negative."),
    "price_too_large": _("This price is too large."),
    "floor_above_ceiling": _("The floor %(floor)s is above the ceiling %(ceiling)s."),
    "floor_above_suggested": _("The floor %(floor)s is above the suggested price %(suggested)s."),
    "ceiling_below_suggested": _("The ceiling %(ceiling)s is below the suggested price %(suggested)s."),
    "floor_below_wholesale": _(
        "The floor %(floor)s is below the wholesale price %(wholesale)s: shops would sell at a loss."
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one field; ``params`` fill the text of ``code``."""

    field: str
    code: str
    params: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def message(self) -> str:
        return str(TEXTS[self.code]) % self.params


def faults(*, wholesale: int, suggested: int, floor: int, ceiling: int, currency: str) -> list[Fault]:
    """Give what is wrong with four prices in minor units; empty when nothing is."""
    values = dict(zip(PRICES, (wholesale, suggested, floor, ceiling), strict=True))
    outside = [Fault(name, "price_negative") for name, value in values.items() if value < 0]
    outside += [Fault(name, "price_too_large") for name, value in values.items() if value > money.MAX_MINOR]
    if outside:
        return outside
    shown = {name.removesuffix("_minor"): f"{money.to_decimal(value, currency):f}" for name, value in values.items()}
    found = []
    if floor > ceiling:
        found.append(Fault("floor_minor", "floor_above_ceiling", shown))
    elif floor > suggested:
        found.append(Fault("floor_minor", "floor_above_suggested", shown))
    elif ceiling < suggested:
        found.append(Fault("ceiling_minor", "ceiling_below_suggested", shown))
    if floor < wholesale:
        found.append(Fault("floor_minor", "floor_below_wholesale", shown))
    return found


class VariantsRefused(Refused):
    """Some variants can't be written; none was. ``faults``: ``[(SKU, field, message)]``."""

    code = "variants"

    def __init__(self, found: list[tuple[str, str, str]]) -> None:
        self.faults = found
        sku, name, message = found[0]
        super().__init__(None, f"{sku}: {message}" if sku else message, field=name)
