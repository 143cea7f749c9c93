"""Small pieces of the control pages. What goes in as text is escaped here; cells are HTML already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape as e

GOOD = frozenset(["available", "paid", "ready", "won", "succeeded"])
BAD = frozenset(["failed", "lost", "rejected.fraud", "restricted", "disputed", "unpaid"])


def badge(status: str) -> str:
    """Show a state with its colour."""
    kind = "good" if status in GOOD else "bad" if status in BAD else "plain"
    return f'<span class="badge {kind}">{e(status.replace("_", " "))}</span>'


def button(text: str, *, name: str = "", value: str = "", kind: str = "") -> str:
    """Give a button that may carry a value."""
    sends = f' name="{name}" value="{e(value)}"' if name else ""
    return f'<button{sends} class="{kind or "small"}{" small" if kind == "quiet" else ""}">{e(text)}</button>'


def form(act: str, *parts: str, css: str = "inline", back: str = "") -> str:
    """Give a form that does ``act`` and comes back to a page."""
    hidden = f'<input type="hidden" name="back" value="{back}">' if back else ""
    return f'<form method="post" action="/_control/{act}" class="{css}">{hidden}{"".join(parts)}</form>'


def field(name: str, label: str, value: str = "", mode: str = "text") -> str:
    """Give a labelled input."""
    return f'<label>{e(label)}<input name="{name}" value="{e(value)}" inputmode="{mode}" autocomplete="off"></label>'


def select(name: str, label: str, values: Iterable[str]) -> str:
    """Give a labelled choice."""
    options = "".join(f'<option value="{e(value)}">{e(value.replace("_", " "))}</option>' for value in values)
    return f'<label>{e(label)}<select name="{name}">{options}</select></label>'


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a table that becomes cards on a phone."""
    unseen = '<span class="hidden">Actions</span>'
    head = "".join(f'<th scope="col">{name or unseen}</th>' for name in heads)
    body = "".join(f"<tr>{_cells(heads, row)}</tr>" for row in rows)
    return f'<table class="list"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _cells(heads: Sequence[str], row: Sequence[str]) -> str:
    pairs = zip(heads, row, strict=True)
    return "".join(f'<td data-label="{name}"><div>{cell}</div></td>' for name, cell in pairs)


def empty(text: str) -> str:
    """Say that there is nothing, and why."""
    return f'<p class="empty">{e(text)}</p>'
