"""What can be seen of an open page by a machine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.browser import contrast

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RUN = "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})"
# A message's name instead of its words, a placeholder nobody filled.
RAW = re.compile(r"%\(\w+\)[sd]|\{\{|\{%|\bundefined\b|\bNaN\b")


def serious(page: Any) -> list[str]:
    """Give what axe calls serious or critical, with the first place of each."""
    wrong = [each for each in _axe(page)["violations"] if each["impact"] in ("serious", "critical")]
    return [_named(each) for each in wrong]


def unsure(page: Any) -> list[str]:
    """Give the places whose contrast axe could not tell, and that is too low or can't be computed either."""
    found = [each for each in _axe(page)["incomplete"] if each["id"] == "color-contrast"]
    return [fault for each in found for fault in contrast.faults(page, each)]


def _axe(page: Any) -> Any:
    page.evaluate(AXE)  # through the debugger, which the policy does not concern
    return page.evaluate(RUN)


def _named(found: dict[str, Any]) -> str:
    first = found["nodes"][0]
    return f"{found['id']} ×{len(found['nodes'])}: {first['html'][:160]} {first['any'][0]['message'][:120] if first['any'] else ''}"


def sideways(page: Any) -> bool:
    """Tell whether the page is wider than its window."""
    return bool(page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"))


def untranslated(page: Any, language: str) -> list[str]:
    """Give signs of text that was not made for people, and in Chinese of a page that speaks something else."""
    text = page.evaluate("() => document.body.innerText")
    raw = [f"raw text: {found}" for found in sorted(set(RAW.findall(text)))]
    spoken = page.evaluate("() => document.documentElement.lang.toLowerCase()")
    both = page.evaluate("() => Boolean(document.querySelector('main > div[lang]'))")  # where no language is known yet
    wrong = [] if both or spoken.startswith(language[:2]) else [f"speaks {spoken}"]
    return raw + wrong
