"""One supervisor for one data folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from s2b2c.embedded import lock

SECOND = """
import sys
from pathlib import Path
from s2b2c.embedded import lock
try:
    with lock.held(Path(sys.argv[1])):
        print("held")
except lock.AlreadyRunning as problem:
    print(problem)
"""


def _second(var: Path) -> str:
    return subprocess.run(
        [sys.executable, "-c", SECOND, var], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_a_second_holder_is_told_where_the_first_runs(tmp_path: Path) -> None:
    with lock.held(tmp_path):
        lock.write(tmp_path, address="http://localhost:8123/")
        assert "already running" in _second(tmp_path)
        assert "http://localhost:8123/" in _second(tmp_path)
    assert _second(tmp_path) == "held"


def test_facts_are_gone_with_the_holder(tmp_path: Path) -> None:
    with lock.held(tmp_path):
        lock.write(tmp_path, address="x")
        assert lock.read(tmp_path)["address"] == "x"
    assert lock.read(tmp_path) == {}


def test_facts_of_a_dead_holder_are_not_believed(tmp_path: Path) -> None:
    with lock.held(tmp_path):
        lock.write(tmp_path, pid=2**22 + 1)
        assert lock.read(tmp_path) == {}


def test_passwords_are_for_the_owner_only(tmp_path: Path) -> None:
    with lock.held(tmp_path):
        lock.write(tmp_path, address="x")
        assert (tmp_path / "run" / "up.json").stat().st_mode & 0o077 == 0


def test_read_knows_nothing_of_a_missing_folder(tmp_path: Path) -> None:
    assert lock.read(tmp_path / "missing") == {}
