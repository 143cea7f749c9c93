"""Texts with a few marks: what they draw, and that nothing typed becomes markup."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from s2b2c.ui import prose


def test_marks_are_drawn() -> None:
    text = "## Pack well\n\nTwo **strong** lines\nand *one* more\n\n- wrap\n- seal\n\n1. ship [here](https://example.com/a?b=1)"
    assert prose.markup(text) == (
        "<h3>Pack well</h3><p>Two <strong>strong</strong> lines<br>and <em>one</em> more</p><ul><li>wrap</li><li>seal</li></ul>"
        '<ol><li>ship <a href="https://example.com/a?b=1" rel="noopener nofollow">here</a></li></ol>'
    )


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "[x](javascript:alert(1))", '[x](https://a"onclick="b)', "**<img src=x onerror=y>**",
     "<a href='https://x' onclick='y'>z</a>", '[<b onmouseover="1">](https://x.example)'],
)  # fmt: skip
def test_nothing_typed_becomes_markup(text: str) -> None:
    found = _Found()
    found.feed(prose.markup(text))
    assert {tag for tag, _given in found.tags} <= prose.TAGS
    given = [pair for _tag, pairs in found.tags for pair in pairs]
    assert {name for name, _value in given} <= {"href", "rel"}
    assert [value for name, value in given if name == "href" and not value.startswith("https://")] == []


class _Found(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))


def test_plain_has_no_marks() -> None:
    assert prose.plain("## A\n\n- **b** [c](https://x.example)\n\n") == "A b c"
