"""The ground for measurements: throw-away servers that wait for the disk, and a web server like ``make run``'s.

Call :func:`servers` before anything reads the settings.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from s2b2c.embedded import places, ports, processes, throwaway


@contextlib.contextmanager
def servers(*, migrate: bool = True) -> Iterator[throwaway.Servers]:
    """Give a fresh database and Redis, named in the environment, with the shared schema made."""
    with tempfile.TemporaryDirectory(prefix="s2b2c-bench-") as var:
        running = throwaway.start(safe=True)
        os.environ |= {
            "DATABASE_URL": running.database_url,
            "REDIS_URL": running.redis_url,
            "VAR_DIR": var,
            "DJANGO_SETTINGS_MODULE": "s2b2c.settings",
            "SECRET_KEY": "bench-only-" * 6,
        }
        try:
            if migrate:
                _manage("prepare", "--no-seed")
            yield running
        finally:
            running.stop()


def _manage(*words: str) -> None:
    subprocess.run([sys.executable, "manage.py", *words], cwd=places.PROJECT, check=True, stdout=sys.stderr)


@contextlib.contextmanager
def web(*, workers: int = 2, threads: int = 4, app: str = "s2b2c.wsgi:application") -> Iterator[int]:
    """Give the port of a running web server."""
    port = ports.any_free()
    argv = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", app, "--port", str(port), "--no-ws"),
        *("--workers", str(workers), "--blocking-threads", str(threads), "--log-level", "warning"),
    ]
    process = processes.spawn(argv, env={**os.environ, "PUBLIC_PORT": str(port)}, cwd=places.PROJECT, output=2)
    try:
        if not processes.wait_until(lambda: answers(port), seconds=60, process=process):
            raise RuntimeError("the web server did not start")
        yield port
    finally:
        processes.stop(process, 15, grace=5)


def answers(port: int, path: str = "/healthz", host: str = "localhost") -> bool:
    """Tell whether a page is there (status 200)."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": f"{host}:{port}"})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return int(response.status) == 200
    except (OSError, urllib.error.HTTPError):
        return False


def family(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents.setdefault(int(stat.read_text().rpartition(")")[2].split()[1]), []).append(int(stat.parent.name))
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += parents.get(one, [])
    return found


def memory_mb(pids: list[int]) -> float:
    """Return the memory of processes together, shared pages counted once (PSS)."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def seconds_until(ready: object, *, limit: float) -> float:
    """Return how long it took until ``ready()`` was true.

    :raises TimeoutError: it never was.
    """
    assert callable(ready)
    began = time.monotonic()
    if not processes.wait_until(ready, seconds=limit):
        raise TimeoutError(f"not ready after {limit:g} s")
    return time.monotonic() - began
