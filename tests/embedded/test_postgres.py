"""A PostgreSQL of our own: made whole, recovered after a crash, found again."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from s2b2c.embedded import binaries, places, ports, postgres, processes
from s2b2c.embedded.errors import CannotStart

SOURCES = ["machine", "wheels"]


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """Give a data folder below one that only its owner can enter, and clear what root puts elsewhere."""
    folder = tmp_path / "var"
    yield folder
    home = places.server_home(folder, processes.unprivileged())
    if home != folder:
        shutil.rmtree(home)


@pytest.fixture(params=SOURCES)
def cluster(request: pytest.FixtureRequest, var: Path, monkeypatch: pytest.MonkeyPatch) -> postgres.Cluster:
    monkeypatch.setenv("S2B2C_SERVERS", request.param)
    if not binaries.postgres_all():
        pytest.skip(f"no PostgreSQL from {request.param}")
    return postgres.find(var, {"fsync": "off"})


def _query(cluster: postgres.Cluster, port: int, sql: str) -> object:
    connection = psycopg2.connect(cluster.url(port))
    with connection, connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone() if cursor.description else None
    connection.close()
    return row and row[0]


def _start(cluster: postgres.Cluster, tmp_path: Path, port: int):
    with open(tmp_path / "postgres.log", "ab") as output:
        return postgres.start(cluster, port, output)


def test_data_survive_a_killed_server(cluster: postgres.Cluster, tmp_path: Path) -> None:
    assert postgres.make(cluster)
    assert not postgres.make(cluster)
    port = ports.any_free()
    server = _start(cluster, tmp_path, port)
    postgres.create_database(cluster, port)
    _query(cluster, port, "CREATE TABLE kept AS SELECT 7 AS value")
    assert _query(cluster, port, "SHOW search_path") == "public"

    os.kill(server.pid, signal.SIGKILL)  # its zombie stays until somebody waits for it
    postgres.clear_leftover(cluster)
    port = ports.any_free()
    second = _start(cluster, tmp_path, port)

    assert _query(cluster, port, "SELECT value FROM kept") == 7
    processes.stop(second, signal.SIGINT, grace=10)
    server.wait()


def test_only_the_password_opens(cluster: postgres.Cluster, tmp_path: Path) -> None:
    postgres.make(cluster)
    port = ports.any_free()
    server = _start(cluster, tmp_path, port)

    assert postgres.is_ready(cluster.url(port, "postgres"))
    assert not postgres.is_ready(cluster.url(port, "postgres").replace(cluster.password, "wrong"))
    processes.stop(server, signal.SIGINT, grace=10)


def test_a_leftover_server_is_ended_before_the_next(cluster: postgres.Cluster, tmp_path: Path) -> None:
    postgres.make(cluster)
    server = _start(cluster, tmp_path, ports.any_free())

    postgres.clear_leftover(cluster)

    assert server.wait(5) == 0
    assert not (cluster.data / "postmaster.pid").exists()


def test_data_of_a_version_that_is_gone_are_not_touched(var: Path) -> None:
    home = places.server_home(var, processes.unprivileged())
    (home / "postgres").mkdir()
    (home / "postgres" / "PG_VERSION").write_text("9\n")

    with pytest.raises(CannotStart, match="PostgreSQL 9 is needed"):
        postgres.find(var)
