"""JSON that PostgreSQL can hold, or a 400."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

_DEEPEST = 20


class CleanJSONParser(JSONParser):
    """Refuses what would fail further in: NUL, half a surrogate pair, absurd depth."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            data = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("This JSON is nested too deeply.")) from error
        _check(data, 0)
        return data


def _check(data: Any, depth: int) -> None:
    if depth > _DEEPEST:
        raise ParseError(_("This JSON is nested too deeply."))
    if isinstance(data, str):
        if "\x00" in data or (not data.isascii() and any("\ud800" <= sign <= "\udfff" for sign in data)):
            raise ParseError(_("A text here holds a character that can't be stored."))
    elif isinstance(data, dict):
        for name, value in data.items():
            _check(name, depth + 1)
            _check(value, depth + 1)
    elif isinstance(data, list):
        for value in data:
            _check(value, depth + 1)
