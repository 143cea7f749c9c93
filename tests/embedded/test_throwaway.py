"""Servers that are thrown away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from s2b2c.embedded import postgres, redis, throwaway

HOLD = """
import sys, time
from s2b2c.embedded import throwaway
servers = throwaway.start()
print(servers.folder, *(process.pid for process, _ in servers.processes), flush=True)
time.sleep(60)
"""


def _is_running(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_start_gives_servers_that_answer() -> None:
    servers = throwaway.start()
    port, password = int(servers.redis_url.split(":")[-1].split("/")[0]), "throwaway"

    assert postgres.is_ready(servers.database_url)
    assert redis.is_ready(port, password)
    assert not redis.is_ready(port, "wrong")
    servers.stop()
    assert not servers.folder.exists()


@pytest.mark.chaos
@pytest.mark.skipif(sys.platform != "linux", reason="needs the kernel's signal to orphans")
def test_servers_end_with_a_killed_owner() -> None:
    owner = subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True)
    assert owner.stdout
    folder, *pids = owner.stdout.readline().split()
    assert all(_is_running(int(pid)) for pid in pids)

    os.kill(owner.pid, signal.SIGKILL)
    owner.wait()

    end = time.monotonic() + 10
    while any(_is_running(int(pid)) for pid in pids) and time.monotonic() < end:
        time.sleep(0.05)
    assert [pid for pid in pids if _is_running(int(pid))] == []
    throwaway._sweep()
    assert not Path(folder).exists()
