"""Why a plan buys where it does, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop, ngettext

from enablement.models import PlanLine
from enablement.selectors.planning.problem import GRAINS
from s2b2c.ui import figures

Names = Mapping[int, str]


def why(line: PlanLine, names: Names, currency: str) -> str:
    """Say why a line is bought of its vendor, or why nobody delivers it. ``names``: of vendors, by id."""
    told = line.reason
    first = _FIRST[told["code"]](told, names.get(told.get("other", 0), "?"), currency)
    more = [
        gettext("The price is that from %(step)s pieces on.") % {"step": f"{told['step']:,}"} if told.get("step") else "",
        ngettext("%(n)s piece more than wanted: packs or a lower price.", "%(n)s pieces more than wanted: packs or a lower price.", told["extra"]) % {"n": told["extra"]}
        if told.get("extra") else "",
    ]  # fmt: skip
    return " ".join(part for part in (first, *more) if part)


def _each(grains: int, currency: str) -> str:
    return figures.amount((grains + GRAINS // 2) // GRAINS, currency)


def _compared(text: str) -> Callable[[dict[str, Any], str, str], str]:
    """Make a sentence that names the other vendor and what a piece would cost there."""
    return lambda told, other, currency: gettext(text) % {"other": other, "each": _each(told["other_unit"], currency)}


def _plain(text: str) -> Callable[[dict[str, Any], str, str], str]:
    return lambda _told, _other, _currency: gettext(text)


_FIRST: dict[str, Callable[[dict[str, Any], str, str], str]] = {
    "only": _plain(gettext_noop("Nobody else offers it.")),
    "cheapest": _compared(gettext_noop("Cheapest: next is %(other)s at %(each)s.")),
    "capacity": _compared(gettext_noop("%(other)s at %(each)s cannot make more in time.")),
    "minimum": _compared(gettext_noop("%(other)s at %(each)s takes no order this small.")),
    "fee": _compared(gettext_noop("%(other)s at %(each)s is not worth its fee for an order.")),
    "whole": _compared(gettext_noop("%(other)s at %(each)s would cost more with its packs and steps.")),
    "nobody": _plain(gettext_noop("Nobody offers it.")),
    "busy": _plain(gettext_noop("Vendors cannot make more in time.")),
    "small": _plain(gettext_noop("Too little for the smallest order a vendor takes.")),
}
