"""``manage.py up``: the whole platform comes up, keeps its data, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from s2b2c.embedded import places, ports, processes
from tests.embedded import hearing

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]
NOT_INHERITED = (
    "DATABASE_URL",
    "REDIS_URL",
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRET",
    "SECRET_KEY",
    "PUBLIC_PORT",
)


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "var"
    yield folder
    home = places.server_home(folder, processes.unprivileged())
    if home != folder:
        shutil.rmtree(home)


class Up:
    """One start of the platform, its output in a file."""

    def __init__(self, var: Path, port: int, *words: str, **env: str) -> None:
        self.var, self.port, self.log = var, port, var.with_name(f"output-{port}-{time.monotonic_ns()}")
        kept = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        command = [sys.executable, "manage.py", "up", "--no-seed", "--workers", "1", "--port", str(port), *words]
        with open(self.log, "wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=places.PROJECT,
                env={**kept, "VAR_DIR": str(var), **env},
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=hearing.restore,  # noqa: PLW1509 - no threads here
            )

    @property
    def said(self) -> str:
        return self.log.read_text()

    def wait_until_running(self) -> None:
        running = processes.wait_until(lambda: "Stop: Ctrl-C" in self.said, seconds=90, process=self.process)
        assert running, self.said

    def facts(self) -> dict:
        return json.loads((self.var / "run" / "up.json").read_text())

    def get(self, path: str) -> dict:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.facts()['port']}{path}", timeout=10) as response:
            return json.loads(response.read())

    def query(self, sql: str) -> object:
        connection = psycopg2.connect(self.facts()["environment"]["DATABASE_OWNER_URL"])
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            row = cursor.fetchone() if cursor.description else None
        connection.close()
        return row and row[0]

    def left(self) -> list[str]:
        """Return the commands still running that were started for these data."""
        mark, found = os.fsencode(str(self.var)), []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                command = (folder / "cmdline").read_bytes()
                if int(folder.name) not in (os.getpid(), self.process.pid) and command:
                    home = os.fsencode(str(places.server_home(self.var, processes.unprivileged())))
                    if any(word in command + (folder / "environ").read_bytes() for word in (mark, home)):
                        found.append(command.replace(b"\0", b" ").decode())
        return found


@pytest.fixture
def up(var: Path) -> Iterator[Up]:
    platform = Up(var, ports.any_free())
    platform.wait_until_running()
    yield platform
    platform.process.terminate()
    platform.process.wait(60)


def _gone(up: Up, seconds: float = 20) -> bool:
    return processes.wait_until(lambda: not up.left(), seconds=seconds)


def test_up_serves_keeps_data_and_stops(var: Path, up: Up) -> None:
    assert up.get("/readyz")["ready"] is True
    assert len(up.left()) > 5
    up.query("CREATE TABLE kept AS SELECT 7 AS value")

    second = Up(var, ports.any_free())
    assert second.process.wait(30) == 1
    assert "already running" in second.said
    assert up.get("/readyz")["ready"] is True

    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(60) == 0
    assert "killed" not in up.said
    assert up.left() == []

    third = Up(var, up.port)
    third.wait_until_running()
    assert third.query("SELECT value FROM kept") == 7
    third.process.terminate()
    assert third.process.wait(60) == 0
    assert third.left() == []


@pytest.mark.chaos
def test_a_killed_supervisor_leaves_nothing_and_the_next_start_recovers(var: Path, up: Up) -> None:
    up.query("CREATE TABLE kept AS SELECT 7 AS value")
    up.process.kill()
    up.process.wait()
    assert _gone(up), up.left()

    again = Up(var, up.port)
    again.wait_until_running()
    assert again.query("SELECT value FROM kept") == 7
    again.process.terminate()
    assert again.process.wait(60) == 0


@pytest.mark.chaos
def test_killing_everything_at_once_loses_no_data(var: Path, up: Up) -> None:
    up.query("CREATE TABLE kept AS SELECT 7 AS value")
    family = [up.process.pid, *_descendants(up.process.pid)]
    for pid in family:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    up.process.wait()
    assert _gone(up), up.left()

    again = Up(var, up.port)
    again.wait_until_running()
    assert again.query("SELECT value FROM kept") == 7
    again.process.terminate()
    assert again.process.wait(60) == 0


def test_a_port_in_use_is_said_and_another_taken(var: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        platform = Up(var, port)
        platform.wait_until_running()
        assert f"Port {port} is in use" in platform.said
        assert platform.facts()["port"] > port
        assert platform.get("/readyz")["ready"] is True
        platform.process.terminate()
        assert platform.process.wait(60) == 0


@pytest.mark.chaos
def test_a_dead_child_comes_back(up: Up) -> None:
    for name in ("web", "postgres"):
        victim = next(pid for pid in _descendants(up.process.pid) if _is(pid, name) and _parent(pid) == up.process.pid)
        os.kill(victim, signal.SIGKILL)
        assert processes.wait_until(lambda name=name: f"{name} is started again" in up.said, seconds=40), up.said
    assert processes.wait_until(lambda: _ready(up), seconds=30), up.said


def _ready(up: Up) -> bool:
    try:
        return bool(up.get("/readyz")["ready"])
    except OSError:
        return False


def _is(pid: int, name: str) -> bool:
    word = {"web": b"granian", "postgres": b"bin/postgres"}[name]
    return word in Path(f"/proc/{pid}/cmdline").read_bytes()


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _descendants(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                child = int(stat.parent.name)
                found += [child, *_descendants(child)]
    return found
