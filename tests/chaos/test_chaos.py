"""The short run: a third of a minute of buying while everything dies in turn. ``make chaos`` is the long one."""

from __future__ import annotations

import signal
import sys
import tempfile

import pytest

from s2b2c.embedded import places, processes

pytestmark = pytest.mark.chaos


def run(module: str, *words: str, timeout: float = 280) -> tuple[int, str]:
    """Run one of the programs of this folder; give its status and what it said."""
    with tempfile.TemporaryFile() as output:
        argv = [sys.executable, "-m", module, *words]
        process = processes.spawn(argv, cwd=places.PROJECT, output=output.fileno(), on_parent_death=signal.SIGTERM)
        try:
            status = process.wait(timeout)
        finally:
            processes.stop(process, signal.SIGTERM, grace=10)
        output.seek(0)
        return status, output.read().decode(errors="replace")


def test_nothing_is_lost_doubled_or_out_of_order_while_everything_dies() -> None:
    status, said = run("tests.chaos", "--seconds", "20", "--seed", "7", "--shops", "4")
    assert status == 0, said
    assert "kill -9 postgres" in said, said


def test_without_redis_every_checkout_succeeds_soon_and_sync_catches_up() -> None:
    status, said = run("tests.chaos.dead_redis")
    assert status == 0, said
