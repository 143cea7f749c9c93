"""States as pills: a glyph, a word, a tint. Colour is never the only cue."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_ROUND = '<circle cx="5" cy="5" r="4" fill="none" stroke="currentColor" stroke-width="1.5"/>'
GLYPHS = {
    "open": '<circle cx="5" cy="5" r="4" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="2 1.6"/>',
    "quarter": _ROUND + '<path d="M5 5V1a4 4 0 0 1 4 4z" fill="currentColor"/>',
    "half": _ROUND + '<path d="M5 1a4 4 0 0 1 0 8z" fill="currentColor"/>',
    "full": '<circle cx="5" cy="5" r="4.5" fill="currentColor"/>',
    "done": '<path d="M1.5 5.5 4 8l4.5-6" fill="none" stroke="currentColor" stroke-width="1.8"/>',
    "warn": '<path d="M5 .8 9.6 9H.4z" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round"/>'
    '<path d="M5 4v2" stroke="currentColor" stroke-width="1.3"/>',
    "hold": '<path d="M3.4 1.5v7M6.6 1.5v7" stroke="currentColor" stroke-width="2"/>',
    "stop": '<path d="m2 2 6 6M8 2 2 8" stroke="currentColor" stroke-width="1.8"/>',
    "back": '<path d="M4 1.5 1.5 4 4 6.5M1.5 4H6a2.5 2.5 0 0 1 0 5H4" fill="none" stroke="currentColor" stroke-width="1.5"/>',
    "up": '<path d="M5 9V1.5M1.5 5 5 1.5 8.5 5" fill="none" stroke="currentColor" stroke-width="1.5"/>',
    "down": '<path d="M5 1v7.5M1.5 5 5 8.5 8.5 5" fill="none" stroke="currentColor" stroke-width="1.5"/>',
    "none": "",
}
TONES = {"": "", "info": "p-info", "ok": "p-ok", "warn": "p-warn", "bad": "p-bad"}
USUAL = {"": "open", "info": "half", "ok": "done", "warn": "warn", "bad": "warn"}


@dataclass(frozen=True, slots=True)
class State:
    """How a state is shown. Declare one per value: ``STATES = {"shipped": State("ok", _("Shipped"))}``."""

    tone: str
    word: str | Promise
    glyph: str = ""

    def pill(self) -> SafeString:
        """Draw the state."""
        drawing = _drawing(self.glyph or USUAL[self.tone])
        return format_html('<span class="{}">{}{}</span>', f"pill {TONES[self.tone]}".strip(), drawing, self.word)


def _drawing(glyph: str) -> SafeString:
    markup = GLYPHS[glyph]
    return mark_safe(f'<svg viewBox="0 0 10 10" aria-hidden="true">{markup}</svg>' if markup else "")  # noqa: S308 - ours
