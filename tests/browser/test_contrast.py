"""Contrast that axe leaves open is computed, and counts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser import looking
from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SVG = '<svg width="200" height="40"><rect width="200" height="40" fill="{ground}"/><text x="4" y="24" fill="{ink}">Words in a chart</text></svg>'
SELECT = '<select style="background:linear-gradient(45deg,#000 50%,#fff 50%) #fff no-repeat right/8px;color:{ink}"><option>What it costs</option></select>'
PICTURE = '<div style="background:url(data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==)"><p>Words over a picture</p></div>'
OVER = '<img alt="" src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==" style="position:absolute;width:300px;height:90px"><p style="position:relative;color:#333;background:{ground}">Words on a sheet over a picture</p>'
PSEUDO = '<style>p{{position:relative}}p::after{{content:"";position:absolute;inset:0;z-index:-1;background:{ground}}}</style><p style="color:#444">Words on a band</p>'


@pytest.mark.parametrize(
    ("markup", "faults"),
    [
        (SVG.format(ground="#fff", ink="#444"), 0),
        (SVG.format(ground="#fff", ink="#999"), 1),
        (SVG.format(ground="#333", ink="#444"), 1),
        (SVG.format(ground="#333", ink="#eee"), 0),
        (SELECT.format(ink="#333"), 0),
        (SELECT.format(ink="#aaa"), 1),
        (PICTURE, 1),
        (OVER.format(ground="transparent"), 1),
        (OVER.format(ground="#fff"), 0),
        (PSEUDO.format(ground="#eee"), 0),
        (PSEUDO.format(ground="#555"), 1),
    ],
)
def test_what_axe_leaves_open_is_computed(opened: Open, markup: str, faults: int) -> None:
    page: Any = opened()
    page.set_content(f"<!doctype html><html lang=en><title>x</title><main style='background:#fff'>{markup}</main>")
    assert len(looking.unsure(page)) + len([each for each in looking.serious(page) if "contrast" in each]) == faults
