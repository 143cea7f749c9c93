"""What holds for every source file: sizes, docstrings, no signals, no word that belongs elsewhere."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import sources

LONGEST_FILE, LONGEST_FUNCTION = 400, 60
# Above the limit, and up to where. An entry that is no longer needed fails, too: take it out.
LONG_FILES: dict[str, int] = {}
LONG_FUNCTIONS = {
    "s2b2c/ui/kit.py::context": 70,  # a list of samples
    "tests/factories.py::order": 70,  # a list of defaults
}
# Hosts a lock file or an image must not be tied to: installations use mirrors.
REGISTRIES = re.compile(
    r"\b(?:[\w-]+\.)*(?:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|yarnpkg\.com|docker\.io|ghcr\.io|quay\.io)\b"
)
BINARY = {".png", ".jpg", ".jpeg", ".webp", ".ico", ".woff", ".woff2", ".mo", ".gz", ".xz", ".br"}
WALL_WORDS = re.compile(
    r"coming soon|\blorem\b|\bipsum\b|\bTODO\b|\bFIXME\b|\bXXX\b|under construction|敬请期待|即将推出|施工中",
    re.IGNORECASE,
)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=sources.ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this copy has no Git history")
    paths = [sources.ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and path.suffix not in BINARY]


def functions(path: Path) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in ast.walk(sources.tree(path)):
        if isinstance(node, FUNCTIONS):
            yield f"{sources.named(path)}::{node.name}", node


# --- Sizes ---------------------------------------------------------------------------------------------
def test_no_file_is_too_long() -> None:
    long = {
        sources.named(path): lines
        for path in sources.python(*sources.APPS, "bench", "tests")
        if (lines := sources.text(path).count("\n")) > LONGEST_FILE
    }
    assert {name: lines for name, lines in long.items() if lines > LONG_FILES.get(name, 0)} == {}, "split by use case"
    assert set(LONG_FILES) - set(long) == set()


def test_no_function_is_too_long() -> None:
    long = {
        name: lines
        for path in sources.python(*sources.APPS, "bench", "tests")
        for name, node in functions(path)
        if (lines := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert {name: lines for name, lines in long.items() if lines > LONG_FUNCTIONS.get(name, 0)} == {}
    assert set(LONG_FUNCTIONS) - set(long) == set()


# --- Words ---------------------------------------------------------------------------------------------
def test_every_module_says_what_it_is() -> None:
    silent = [
        sources.named(path)
        for path in sources.python(*sources.APPS, "bench", "tests")
        if path.name != "apps.py" and sources.tree(path).body and not ast.get_docstring(sources.tree(path))
    ]
    assert silent == []


def test_every_use_case_says_what_it_does() -> None:
    """A public function of services or selectors, of a handler or task, opens with a docstring."""
    silent = [
        f"{sources.named(path)}::{node.name}"
        for path in sources.python()
        if {"services", "selectors"} & {*path.relative_to(sources.ROOT).parts, path.stem}
        or path.stem in ("handlers", "tasks")
        for node in sources.tree(path).body
        if isinstance(node, FUNCTIONS) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_templates_promise_nothing() -> None:
    found = {
        sources.named(path): [each.group() for each in WALL_WORDS.finditer(sources.text(path))]
        for path in sources.templates()
    }
    assert {name: words for name, words in found.items() if words} == {}


# --- What must not be anywhere ------------------------------------------------------------------------------
def test_no_file_names_a_registry() -> None:
    own = Path(__file__)
    found = {
        sources.named(path): sorted(set(REGISTRIES.findall(path.read_text(encoding="utf-8", errors="replace"))))
        for path in committed()
        if path != own
    }
    assert {name: hosts for name, hosts in found.items() if hosts} == {}


def test_nobody_listens_to_signals() -> None:
    """Who hears what is decided in s2b2c/wiring.py, on one screen."""
    listening = [
        sources.named(path)
        for path in sources.python()
        for node in ast.walk(sources.tree(path))
        if isinstance(node, ast.ImportFrom)
        and (node.module in ("django.dispatch", "blinker") or (node.module or "").endswith("signals"))
    ]
    assert listening == []


def test_nothing_is_left_open_in_the_code() -> None:
    left = re.compile(r"#\s*(?:TODO|FIXME|XXX|HACK)\b|\bbreakpoint\(\)|\bpdb\b")
    found = {
        sources.named(path): [each.group() for each in left.finditer(sources.text(path))] for path in sources.python()
    }
    assert {name: words for name, words in found.items() if words} == {}
