"""What holds for every template: nothing inline, icons that exist, style sheets that are not stale."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from s2b2c.ui import icons

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html") if "emails" not in path.parts)
SOURCES = [
    path
    for app in ("s2b2c", "supplier", "enablement", "reseller", "orders", "storefront")
    for path in (ROOT / app).rglob("*.py")
]
INLINE = re.compile(
    r'(?<![\w-])style="|<style\b|\son[a-z]+="|javascript:|hx-on|hx-vals=.js:|<script(?![^>]*(?:\bsrc=|application/json))[^>]*>',
    re.IGNORECASE,
)
IN_TEMPLATE = re.compile(
    r"""ui_icon\s+["']([\w-]+)["']|\bicon(?:_end)?=["']([\w-]+)["']|ui_empty\s+\S+(?:\([^)]*\))?\s+["']([\w-]+)["']"""
)
IN_PYTHON = re.compile(r"""\bicon=["']([\w-]+)["']|NavItem\([^"']*["'][^"']*["']\)?,\s*[^,"']+,\s*["']([\w-]+)["']""")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_template_has_nothing_inline(path: Path) -> None:
    assert [found.group() for found in INLINE.finditer(path.read_text(encoding="utf-8"))] == []


def test_icons_in_use_are_in_the_sprite() -> None:
    used: dict[str, str] = {}
    for paths, pattern in ((TEMPLATES, IN_TEMPLATE), (SOURCES, IN_PYTHON)):
        for path in paths:
            for found in pattern.findall(path.read_text(encoding="utf-8")):
                used |= {name: named(path) for name in ([found] if isinstance(found, str) else found) if name}
    assert {name: where for name, where in used.items() if name not in icons.drawings()} == {}


def test_icons_of_the_list_are_in_the_sprite() -> None:
    listed = set((ROOT / "assets" / "icons.txt").read_text(encoding="utf-8").split())
    assert listed == set(icons.drawings())


def test_lock_file_names_no_registry() -> None:
    assert "://" not in (ROOT / "assets" / "package-lock.json").read_text(encoding="utf-8").replace(
        "https://opencollective.com", ""
    ).replace("https://github.com", "")


def test_style_sheets_are_not_stale() -> None:
    node = shutil.which("node")
    if node is None or not (ROOT / "assets" / "node_modules").is_dir():
        pytest.skip("Node.js or the packages of assets/ are not installed (make css)")
    done = subprocess.run(
        [node, "build.mjs", "--check"], cwd=ROOT / "assets", capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
