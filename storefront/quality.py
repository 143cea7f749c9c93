"""What a shop says of a product's quality: S's inspections, what came back, what buyers say – from the product's own row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import ngettext

from s2b2c.kernel import texts
from storefront.words import gettext as _


@dataclass(frozen=True, slots=True)
class Said:
    """A buyer's review. Where it was bought is not said."""

    stars: int
    text: str
    by: str
    on: str
    language: str


def facts(card: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give what is known, as label and value; nothing is said of what nobody looked at."""
    found = []
    if card.get("on"):
        found.append((_("Last inspected"), _("%(day)s, accepted") % {"day": day(card["on"])}))
        lots = ngettext("in %(n)s lot", "in %(n)s lots", card["lots"]) % {"n": card["lots"]}
        looked = ngettext("%(n)s piece", "%(n)s pieces", card["pieces"]) % {"n": number_format(card["pieces"])}
        found.append((_("Looked at in a year"), f"{looked} {lots}"))
    if origin := texts.pick({"en": card.get("origin_en", ""), "zh": card.get("origin_zh", "")}):
        found.append((_("Made in"), origin))
    if "back" in card:
        found.append((_("Came back for a defect"), _("%(n)s of 1,000 pieces") % {"n": card["back"]}))
    if card.get("reviews"):
        found.append((_("Buyers say"), mean(card)))
    return found


def mean(card: Mapping[str, Any]) -> str:
    """Say what buyers think on average."""
    count = ngettext("%(n)s review", "%(n)s reviews", card["reviews"]) % {"n": card["reviews"]}
    return _("%(mean)s of 5, %(count)s") % {"mean": f"{card['stars'] / 10:.1f}", "count": count}


def said(card: Mapping[str, Any]) -> list[Said]:
    """Give the last reviews with a text."""
    rows = card.get("said") or ()
    return [Said(row["stars"], row["text"], row["by"], day(row["on"]), row["in"]) for row in rows]


def day(text: str) -> str:
    """Write a day."""
    return date_format(date.fromisoformat(text), "DATE_FORMAT")


def star_word(stars: int) -> str:
    """Say what so many stars mean."""
    return {1: _("1: bad"), 2: _("2: not good"), 3: _("3: all right"), 4: _("4: good"), 5: _("5: very good")}[stars]
