"""The pages about quality, as tabs: by name, whichever app each belongs to."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

_PAGES = [
    ("lots", "supply:lots", _("Lots")),
    ("held_orders", "supply:held_orders", _("Orders that wait")),
    ("inspections", "supply:inspections", _("Inspections")),
    ("plans", "supply:inspection_plans", _("Plans of inspection")),
    ("complaints", "supply:complaints", _("Complaints")),
    ("reviews", "supply:reviews", _("Reviews")),
    ("recalls", "supply:recalls", _("Recalls")),
]
READERS = ("quality", "warehouse", "catalogue", "support")
WORKERS = ("quality",)


def tabs(here: str) -> list[tuple[str, Any, bool]]:
    """Give address, label and whether it is the page one is at."""
    return [(reverse(name), label, key == here) for key, name, label in _PAGES]
