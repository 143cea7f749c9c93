"""The files the house tests read: sources and templates of the platform, parsed once."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ("s2b2c", "supplier", "enablement", "reseller", "orders", "storefront")


@cache
def python(*folders: str) -> tuple[Path, ...]:
    """Give our Python files without migrations; of all apps unless folders are named."""
    return tuple(
        sorted(
            path
            for folder in folders or APPS
            for path in (ROOT / folder).rglob("*.py")
            if "migrations" not in path.parts
        )
    )


@cache
def templates(pattern: str = "*") -> tuple[Path, ...]:
    """Give the templates, those of mails included."""
    found = (ROOT / "templates").rglob(pattern)
    return tuple(sorted(path for path in found if path.is_file() and path.suffix in {".html", ".txt"}))


@cache
def text(path: Path) -> str:
    """Read a file."""
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    """Parse a Python file."""
    return ast.parse(text(path), filename=named(path))


def named(path: Path) -> str:
    """Give a path as people say it."""
    return str(path.relative_to(ROOT))
