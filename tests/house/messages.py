"""The texts of the platform as ``makemessages`` would find them, and what stands in the catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages import pofile
from babel.messages.catalog import Catalog
from django.utils.translation.template import templatize

from tests.house import sources

FOLDER = sources.ROOT / "locale" / "zh_Hans" / "LC_MESSAGES"
PO, MO = FOLDER / "django.po", FOLDER / "django.mo"

# function → positions of context, singular, plural
CALLS: dict[str, tuple[int | None, int, int | None]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "translate"), (None, 0, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (None, 0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (0, 1, None)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, 1, 2)),
}
_STRING = r"""u?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
_IN_TEMPLATE = re.compile(rf"\b(n?p?gettext|_)\(\s*{_STRING}(?:\s*,\s*{_STRING})?(?:\s*,\s*{_STRING})?\s*[,)]")


class Message(NamedTuple):
    """A text to translate; ``plural`` is empty where there is one form."""

    context: str
    text: str
    plural: str
    where: str


def catalogue() -> Catalog:
    """Read the Chinese catalogue."""
    with PO.open("rb") as file:
        return pofile.read_po(file)


def used() -> Iterator[Message]:
    """Give every text that is marked in our templates and sources."""
    for path in sources.templates():
        yield from _of_template(path)
    for path in sources.python():
        yield from _of_source(path)


def _of_template(path: Path) -> Iterator[Message]:
    code = templatize(sources.text(path), origin=sources.named(path))
    for found in _IN_TEMPLATE.finditer(code):
        name, *strings = found.groups()
        given = [ast.literal_eval(each) for each in strings if each is not None]
        line = code.count("\n", 0, found.start()) + 1
        yield _message(name, given, f"{sources.named(path)}:{line}")


def _of_source(path: Path) -> Iterator[Message]:
    for node in ast.walk(sources.tree(path)):
        if isinstance(node, ast.Call) and (name := called(node)) in CALLS:
            given = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
            if isinstance(given[CALLS[name][1]] if len(given) > CALLS[name][1] else None, str):
                yield _message(name, given, f"{sources.named(path)}:{node.lineno}")


def _message(name: str, given: list[str], where: str) -> Message:
    context, single, plural = CALLS[name]
    pick = ["" if at is None else given[at] for at in (context, single, plural)]
    return Message(*pick, where=where)


def called(node: ast.Call) -> str:
    """Give the name of the function that is called, without its module."""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))
