"""What S asks of shops when goods were bad: to write to a consumer in their name, and to make it good."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from s2b2c.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallTold(Event):
    """An order got pieces of a recalled lot. ``remedy``: ``refund``, ``exchange`` or ``none``; ``lines``:
    ``[{line_id, quantity}]``; ``return_number``: under which it is made good. Texts are in both languages."""

    recall: str
    remedy: str
    lines: list[dict[str, int]]
    return_number: str
    words: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintAnswered(Event):
    """Somebody answered what a consumer complained of; it is sent in the shop's name."""

    complaint: str
    data: dict[str, Any] = field(default_factory=dict)
