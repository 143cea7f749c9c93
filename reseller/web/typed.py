"""What people type, without what no database keeps."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def plain(text: str) -> str:
    """Give a text without control characters; line breaks and tabs stay."""
    return _CONTROL.sub("", text)
