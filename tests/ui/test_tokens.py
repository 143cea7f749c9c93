"""The offices' two themes: every text on every ground it meets reads at 4.5:1, edges of fields at 3:1."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from s2b2c.ui import colour

CSS = Path(settings.BASE_DIR) / "assets" / "css"
TEXTS = (
    ("--color-base-content", ("--color-base-100", "--color-base-200", "--wash", "--cursor", "--mute-t", "--info-t", "--warn-t", "--bad-t", "--ok-t", "--pine-t", "--amber-t")),
    ("--muted", ("--color-base-100", "--color-base-200", "--wash", "--cursor", "--mute-t", "--amber-t", "--pine-t")),
    ("--color-primary", ("--color-base-100", "--color-base-200", "--wash", "--pine-t", "--cursor")),
    ("--color-primary-content", ("--color-primary",)),
    ("--color-neutral-content", ("--color-neutral",)),
    ("--color-accent-content", ("--color-accent",)),
    ("--color-success", ("--ok-t", "--color-base-100", "--color-base-200")),
    ("--color-warning", ("--warn-t", "--color-base-100")),
    ("--color-error", ("--bad-t", "--color-base-100", "--color-base-200")),
    ("--color-info", ("--info-t", "--color-base-100")),
    ("--mark-ink", ("--mark",)),
)  # fmt: skip


def tokens(night: bool) -> dict[str, str]:
    """Read a theme's values out of the sources."""
    name = "ledger-dark" if night else "ledger"
    themes, more = ((CSS / f"{file}.css").read_text(encoding="utf-8") for file in ("themes", "tokens"))
    block = re.search(rf'name: "{name}";(.*?)\n}}', themes, re.DOTALL)
    day, dark = more.split("@variant night")
    text = (block[1] if block else "") + day + (dark if night else "")
    return dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6})(?=;)", text))


@pytest.mark.parametrize("night", [False, True])
@pytest.mark.parametrize(("ink", "grounds"), TEXTS)
def test_text_reads_on_its_grounds(ink: str, grounds: tuple[str, ...], night: bool) -> None:
    values = tokens(night)
    poor = {
        ground: round(colour.contrast(values[ink], values[ground]), 2)
        for ground in grounds
        if colour.contrast(values[ink], values[ground]) < 4.5
    }
    assert poor == {}


@pytest.mark.parametrize("night", [False, True])
def test_edges_of_fields_are_seen(night: bool) -> None:
    values = tokens(night)
    assert (
        min(colour.contrast(values["--edge"], values[ground]) for ground in ("--color-base-100", "--color-base-200"))
        >= 3
    )
