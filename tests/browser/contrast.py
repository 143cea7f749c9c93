"""Contrast where axe can't tell: computed from the colours the browser drew with, or allowed by name with a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_JUDGE = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")

# What no computation can tell, by selector, and why it may be read all the same. Keep it short.
ALLOWED: dict[str, str] = {}


def faults(page: Any, found: dict[str, Any]) -> list[str]:
    """Give what is too pale, or can't be told and isn't allowed, of one ``incomplete`` finding of axe."""
    told = []
    for node in found["nodes"]:
        target = node["target"][0]
        seen = page.evaluate(_JUDGE, [target if isinstance(target, str) else target[-1], list(ALLOWED)])
        if seen["allowed"] or (seen["ratio"] is not None and seen["ratio"] >= seen["needed"]):
            continue
        why = seen["why"] or f"{seen['ratio']:.2f} : 1 where {seen['needed']} : 1 is needed, {seen['colours']}"
        told.append(f"contrast of {node['html'][:160]} {why}")
    return told
