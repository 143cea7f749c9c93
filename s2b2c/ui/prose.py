"""Texts with a few marks as markup: ``## heading``, ``- item``, ``1. item``, ``**strong**``, ``[words](https://…)``.

Nothing else has a meaning, and nothing that was typed reaches a page as markup: the text is escaped before it is drawn,
and what was drawn is cleaned once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby

import nh3
from django.utils.safestring import SafeString, mark_safe

TAGS = {"p", "h3", "ul", "ol", "li", "strong", "em", "a", "br"}
_LINK = re.compile(r"\[([^\]\n]{1,120})\]\((https?://[^\s()]{1,400})\)")
_STRONG, _EM = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*"), re.compile(r"(?<!\*)\*(?=[^\s*])(.+?)(?<=[^\s*])\*(?!\*)")
_KINDS = (("h3", re.compile(r"#{1,4}\s+")), ("ul", re.compile(r"[-*•]\s+")), ("ol", re.compile(r"\d{1,2}[.)]\s+")))


def markup(text: str) -> SafeString:
    """Draw a text. The tags are those of ``TAGS``, links lead outside and open nothing of ours."""
    drawn = "".join(part for block in re.split(r"\n\s*\n", text.strip()) for part in _block(block))
    clean = nh3.clean(
        drawn, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"}, link_rel="noopener nofollow"
    )
    return mark_safe(clean)  # noqa: S308 - cleaned just now


def plain(text: str) -> str:
    """Give a text without its marks, on one line: for descriptions and lists."""
    lines = (_marked(line)[1] for line in text.splitlines())
    return " ".join(_EM.sub(r"\1", _STRONG.sub(r"\1", _LINK.sub(r"\1", line))) for line in lines if line.strip())


def _block(block: str) -> Iterator[str]:
    lines = [_marked(line.strip()) for line in block.splitlines() if line.strip()]
    for kind, group in groupby(lines, key=lambda line: line[0]):
        words = [_inline(text) for _kind, text in group]
        if kind in ("ul", "ol"):
            yield f"<{kind}>{''.join(f'<li>{each}</li>' for each in words)}</{kind}>"
        elif kind == "h3":
            yield from (f"<h3>{each}</h3>" for each in words)
        else:
            yield f"<p>{'<br>'.join(words)}</p>"


def _marked(line: str) -> tuple[str, str]:
    for kind, mark in _KINDS:
        found = mark.match(line)
        if found:
            return kind, line[found.end() :]
    return "p", line


def _inline(text: str) -> str:
    safe = escape(text, quote=True)
    safe = _LINK.sub(r'<a href="\2">\1</a>', safe)
    return _EM.sub(r"<em>\1</em>", _STRONG.sub(r"<strong>\1</strong>", safe))
