"""What happens to a case of help, between shop and S."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from s2b2c.kernel.event import Event

Entry = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMoved(Event):
    """How a case stands at the shop; ``about``: its topic. What was said is told from when the shop, or time, pulled S in, and not before.

    ``entries``: those S hears for the first time, ``{"key", "at", "by", "who", "to", "what", "text", "photos"}``;
    told twice, an entry is one by its key. ``why`` S was pulled in: ``topic``, ``shop`` or ``time``; empty: it wasn't.
    ``consent``: c lets S speak to it directly. ``at``: ISO 8601, UTC. ``goods``: of a case about goods, ``{"line": id or
    None, "problem": code}``.
    """

    number: str
    about: str
    state: str
    turn: str
    why: str
    consent: bool
    at: str
    entries: list[Entry] = field(default_factory=list)
    goods: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTold(Event):
    """What S says or wants in a case; the shop's side acts on it, and says so.

    ``action``: ``answer`` (to c, in the shop's name), ``ask`` (the shop, whose turn it is then), ``close`` (and why), ``cost``
    (who bears S's work, for the shop's eyes), or ``overdue``: the shop's time is up, if it is still at ``since``.
    """

    number: str
    action: str
    entry: str = ""
    text: str = ""
    since: str = ""
