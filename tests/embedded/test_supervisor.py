"""The supervisor: starts, restarts, stops, and leaves nothing behind when it is killed."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from s2b2c.embedded.supervisor import problems_in
from tests.embedded import hearing

FAMILY = """
import os, signal, sys, time
from pathlib import Path
folder, name, stubborn = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "stubborn"
child = os.fork()
if stubborn or not child:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
who = f"{name}-{'parent' if child else 'child'}"
(folder / who).write_text(str(os.getpid()))
with open(folder / "order", "a") as order:
    order.write(f"+{who}\\n")
def end(*_):
    with open(folder / "order", "a") as order:
        order.write(f"-{who}\\n")
    sys.exit()
if not stubborn and child:
    signal.signal(signal.SIGTERM, end)
while True:
    time.sleep(0.05)
"""

SUPERVISOR = """
import sys
from pathlib import Path
from s2b2c.embedded import processes
from s2b2c.embedded.supervisor import Service, Stopped, Supervisor, say
folder, family, kind = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
def service(name):
    argv = [sys.executable, "-c", family, folder, name, kind]
    def start(output):
        (folder / f"{name}-child").unlink(missing_ok=True)
        process = supervisor.spawn(name, argv, env={}, cwd=folder, output=output)
        processes.wait_until((folder / f"{name}-child").exists, seconds=10)
        return process
    return Service(name, start, grace=1)
with Supervisor(folder / "log", orphans_grace=1) as supervisor:
    try:
        for name in ("first", "second"):
            supervisor.add(service(name))
        say("ready")
        supervisor.watch()
    except Stopped:
        say("stopping")
"""

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def _is_running(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def _running(folder: Path) -> list[str]:
    files = [*folder.glob("*-parent"), *folder.glob("*-child")]
    return sorted(path.name for path in files if _is_running(int(path.read_text() or 0)))


def _eventually(true: Callable[[], bool], seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while not (result := true()) and time.monotonic() < end:
        time.sleep(0.05)
    return result


@contextlib.contextmanager
def _supervised(folder: Path, kind: str = "gentle") -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, folder, FAMILY, kind],
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=hearing.restore,  # noqa: PLW1509 - no threads here
    )
    try:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.communicate()


@linux_only
@pytest.mark.parametrize("sig", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_all_in_reverse_order(tmp_path: Path, sig: signal.Signals) -> None:
    with _supervised(tmp_path) as supervisor:
        supervisor.send_signal(sig)
        assert supervisor.wait(15) == 0

    assert _running(tmp_path) == []
    ended = [line for line in (tmp_path / "order").read_text().splitlines() if line.startswith("-")]
    assert ended == ["-second-parent", "-first-parent"]


@linux_only
@pytest.mark.chaos
@pytest.mark.parametrize("kind", ["gentle", "stubborn"])
def test_nothing_outlives_a_killed_supervisor(tmp_path: Path, kind: str) -> None:
    with _supervised(tmp_path, kind) as supervisor:
        assert len(_running(tmp_path)) == 4
        supervisor.kill()

        assert _eventually(lambda: _running(tmp_path) == [])


@linux_only
def test_a_stubborn_child_is_killed_with_its_own(tmp_path: Path) -> None:
    with _supervised(tmp_path, "stubborn") as supervisor:
        supervisor.terminate()
        assert supervisor.wait(15) == 0

    assert _running(tmp_path) == []


@linux_only
@pytest.mark.chaos
def test_a_dead_child_is_started_again_without_its_orphans(tmp_path: Path) -> None:
    with _supervised(tmp_path) as supervisor:
        parent, child = ((tmp_path / name).read_text() for name in ("first-parent", "first-child"))

        os.kill(int(parent), signal.SIGKILL)

        # the new family runs a moment before the supervisor says so; a signal in between would leave it unsaid
        assert supervisor.stdout
        said = list(itertools.takewhile(lambda line: "first is started again" not in line, supervisor.stdout))
        assert "first was ended by SIGKILL" in said[0]
        assert (tmp_path / "first-parent").read_text() != parent
        assert _eventually(lambda: len(_running(tmp_path)) == 4)
        assert not _is_running(int(child))
        supervisor.terminate()
        assert supervisor.wait(15) == 0


def test_problems_in_a_log_are_shown_without_their_tracebacks() -> None:
    lines = [
        "12:00 INFO all is well",
        "12:01 ERROR task failed",
        "Traceback (most recent call last):",
        '  File "x.py", line 1, in <module>',
        "    raise ValueError",
        "ValueError: no such shop",
        "12:02 INFO goes on",
    ]
    assert problems_in(lines) == ["12:01 ERROR task failed", "ValueError: no such shop"]
