"""A shop's score in words: what it is made of, and how each part did."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from enablement.models import ShopScore
from enablement.services import shop_scores


def shown(row: ShopScore | None) -> dict[str, Any] | None:
    """Give a score as its page draws it; None: there is none to show."""
    if row is None or not row.parts:
        return None
    known = {each["key"]: each for each in row.parts}
    total = sum(shop_scores.WEIGHTS[key] for key in known)
    parts = [
        {"title": title, "how": how, "percent": known[key]["percent"] if key in known else None,
         "said": _said(known[key]) if key in known else _("Nothing of this yet: the others weigh more."),
         "weight": round(shop_scores.WEIGHTS[key] * 100 / total) if key in known else 0}
        for key, (title, how) in _words().items()
    ]  # fmt: skip
    return {"score": row.score, "made_on": row.made_on, "parts": parts, "least": shop_scores.LEAST}


def _words() -> dict[str, tuple[str, str]]:
    return {
        "returns": (_("Returns answered"), _("Asked for in the last 13 weeks and decided within 48 hours.")),
        "cases": (_("Customers answered"), _("Cases of the last 13 weeks that the clock did not have to pass on.")),
        "must_reads": (_("Must-reads read"), _("Of the last year, in time; without a day: within a week.")),
        "courses": (_("Courses passed"), _("Of all there are.")),
        "growth": (
            _("Growth"),
            _("Sales of 4 weeks against the 4 before: no change is 50, each per cent one point up or down."),
        ),
    }


def _said(part: dict[str, Any]) -> str:
    if part["key"] == "growth":
        change = round((part["good"] - part["of"]) * 100 / part["of"])
        return _("%(change)s %%") % {"change": f"{'+' if change > 0 else '−' if change < 0 else '±'}{abs(change)}"}
    return _("%(n)s of %(of)s") % {"n": part["good"], "of": part["of"]}
