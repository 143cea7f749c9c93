"""A worker in a process of its own, killed while it is at a chunk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from django.db import connection


def killed_worker(program: str, *, after: int) -> None:
    """Run a program that prints a line after each chunk, and kill it after so many; its connection has ended then."""
    database = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{connection.settings_dict['NAME']}"
    worker = subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "DATABASE_URL": database},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    for _ in range(after):
        if not worker.stdout.readline():
            break
    time.sleep(0.03)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    _wait_for_its_connection_to_end()


def _wait_for_its_connection_to_end() -> None:
    """A statement under way ends by itself, and until then holds the job's row."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND state <> 'idle'"  # an idle one of an earlier test holds nothing
            )
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the killed worker's connection is still there")
