"""A thread of help as both offices show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from s2b2c.kernel.money import format_minor


def shown(entries: Iterable[dict[str, Any]], steps: Mapping[tuple[str, str], Any]) -> list[dict[str, Any]]:
    """Give the lines of a thread for ``kit/_thread.html``. ``steps``: how the reader is told of ``(by, what)``."""
    return [_line(row, steps) for row in entries]


def _line(row: dict[str, Any], steps: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    cost = row["what"] == "cost"
    return {
        "by": row["by"],
        "who": row["who"],
        "team": row["to"] == "team",
        "step": _cost(row["text"]) if cost else steps.get((row["by"], row["what"]), ""),
        "text": "" if cost else row["text"],
        "at": instant(row["at"]),
        "photos": [f"{settings.MEDIA_URL}{name}" for name in row["photos"]],
    }


def _cost(text: str) -> str:
    minor, currency = text.split(" ")
    told = {"amount": format_minor(int(minor), currency)}
    return _("The supplier's help cost %(amount)s; it stands on the shop's statement.") % told


def instant(text: str) -> datetime:
    """Read when a line was written, in the reader's time zone."""
    return timezone.localtime(datetime.fromisoformat(text))
