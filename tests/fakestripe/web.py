"""What the pages share: the reply, the frame, escaping."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape as e
from pathlib import Path

CSS = (Path(__file__).parent / "fakestripe.css").read_text()
# form-action stays open: after the form the browser is sent back to whichever shop it came from
CSP = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"


@dataclass(frozen=True)
class Reply:
    """An answer to a browser."""

    text: str
    status: int = 200
    type: str = "text/html"
    headers: dict[str, str] = field(default_factory=dict)


def frame(title: str, main: str, *, language: str = "en", status: int = 200, reload: int = 0) -> Reply:
    """Put a page together. ``main`` is HTML already escaped; ``reload`` asks for it again after seconds."""
    again = f'<meta http-equiv="refresh" content="{reload}">' if reload else ""
    text = (
        f'<!doctype html><html lang="{"zh-Hans" if language == "zh" else "en"}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">{again}'
        f'<title>{e(title)}</title><link rel="icon" href="data:,">'
        f'<link rel="stylesheet" href="/_assets/fakestripe.css">'
        f"</head><body>{main}</body></html>"
    )
    headers = {"Content-Security-Policy": CSP, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Reply(text, status=status, headers=headers)


def redirect(url: str) -> Reply:
    """Send the browser elsewhere, by GET."""
    return Reply("", status=303, headers={"Location": url, "Cache-Control": "no-store"})
