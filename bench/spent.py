"""What a piece of work cost: time on the wall, and CPU time here and in the database's process that serves us.

On a machine that others use too, only CPU time tells one version from another.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds: on the wall, of CPU in this process, of CPU in the database's."""

    wall: float
    python: float
    database: float

    def each(self, count: int) -> str:
        """Say what one of ``count`` cost in CPU time."""
        here, there = self.python / count * 1e6, self.database / count * 1e6
        return f"{here:.0f} µs of CPU in Python and {there:.0f} µs in PostgreSQL each"


def spent(work: Callable[[], Any]) -> Spent:
    """Do the work and give what it cost. It must keep the connection."""
    wall, python, database = time.perf_counter(), time.process_time(), _database()
    work()
    return Spent(time.perf_counter() - wall, time.process_time() - python, _database() - database)


def _database() -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text()
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
