"""Cells of files that spreadsheets open."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*")


def harmless(text: str) -> str:
    """Keep a spreadsheet from running a cell as a formula, by an apostrophe in front; numbers stay numbers.

    What starts a formula: OWASP, "CSV Injection".
    """
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _NUMBER.fullmatch(text) else text
