"""From a clean clone to the first page, the second start, memory of the whole, and the stop."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import rig
from bench.results import Result
from s2b2c.embedded import places, ports

_OWN = ("DATABASE_URL", "REDIS_URL", "VAR_DIR", "VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL", "DJANGO_SETTINGS_MODULE")


def measure() -> Iterator[Result]:
    """Clone what is committed, install, start twice."""
    env = {name: value for name, value in os.environ.items() if name not in _OWN and not name.startswith("STRIPE_")}
    with tempfile.TemporaryDirectory(prefix="s2b2c-clone-") as folder:
        Path(folder).chmod(0o755)
        clone = Path(folder, "platform")
        subprocess.run(["git", "clone", "--quiet", "--no-local", places.PROJECT, clone], check=True)
        began = time.monotonic()
        subprocess.run(
            ["make", "--no-print-directory", ".venv/.packages-run"], cwd=clone, env=env, check=True, stdout=2
        )
        yield Result("start: packages", time.monotonic() - began, "s", note="once; mostly the network")
        yield from _start(
            clone, {**env, "VAR_DIR": f"{folder}/empty"}, "start without demo world", "--no-seed", goal=20
        )
        yield from _start(clone, env, "first start", goal=120)
        yield from _start(clone, env, "second start", goal=15)


def _start(clone: Path, env: dict[str, str], name: str, words: str = "", *, goal: float) -> Iterator[Result]:
    port = ports.any_free()
    with open(clone / "run.log", "ab") as log:
        process = subprocess.Popen(
            ["make", "--no-print-directory", "run", f"PORT={port}", f"ARGS={words}"],
            cwd=clone,
            env=env,
            stdout=log,
            stderr=log,
        )
    try:
        seconds = rig.seconds_until(lambda: process.poll() is not None or rig.answers(port, "/"), limit=600)
        if process.poll() is not None:
            raise RuntimeError(f"make run ended:\n{(clone / 'run.log').read_text()[-3000:]}")
        yield Result(f"start: {name}", seconds, "s", goal=f"≤ {goal:g}", met=seconds <= goal, note="to the first page")
        _wait_for_greeting(clone / "run.log")
        pids = rig.family(process.pid)
        yield Result(f"start: memory after {name}", rig.memory_mb(pids), "MB", note=f"{len(pids)} processes")
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        seconds = time.monotonic() - began
        yield Result(f"start: stop after {name}", seconds, "s", goal="≤ 15", met=seconds <= 15)
    finally:
        process.kill()
        process.wait()


def _wait_for_greeting(log: Path) -> None:
    """Wait for the workers and the clock too, and let them settle."""
    rig.seconds_until(lambda: "Stop: Ctrl-C" in log.read_text(), limit=60)
    log.write_text("")
    time.sleep(5)
