"""No row of one shop in another, under load, also when PgBouncer hands connections about."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.tenancy.conftest import ROOT, Installation, new_installation

pytestmark = pytest.mark.slow
SHOPS, THREADS, SECONDS = 200, 8, 4
PGBOUNCER = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")


@pytest.fixture(scope="module")
def shops(django_db_setup: None) -> Iterator[Installation]:
    with new_installation() as installation:
        made = installation.python("-m", "tests.tenancy.load", "make", str(SHOPS))
        assert made.returncode == 0, made.stderr
        yield installation


@pytest.fixture
def bouncer(shops: Installation, tmp_path: Path) -> Iterator[str]:
    """PgBouncer with the sample's settings, four server connections, before the installation's database."""
    if PGBOUNCER is None:
        pytest.skip("pgbouncer is not installed")
    server, port = urlsplit(shops.url), _free_port()
    config = tmp_path / "pgbouncer.ini"
    config.write_text(_adapted((ROOT / "compose" / "pgbouncer.ini").read_text(), server, port, tmp_path))
    (tmp_path / "users.txt").write_text(f'"{server.username}" "{server.password or ""}"\n')
    tmp_path.chmod(0o755)
    as_nobody = ["-u", "nobody"] if Path("/proc/self").owner() == "root" else []
    process = subprocess.Popen([PGBOUNCER, "-q", *as_nobody, str(config)], stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        address = f"{server.username}@127.0.0.1:{port}"
        yield urlunsplit(server._replace(netloc=address, query=""))
    finally:
        process.kill()
        process.wait(10)


def test_no_row_strays_under_load(shops: Installation) -> None:
    _assert_clean(_load(shops))


def test_no_row_strays_through_pgbouncer(shops: Installation, bouncer: str) -> None:
    _assert_clean(_load(shops, DATABASE_URL=bouncer, CONN_MAX_AGE="60"))


def test_the_stock_backend_leaks_in_this_very_test(shops: Installation, bouncer: str) -> None:
    """The counter-check: were there a leak, the test would see it."""
    result = _load(shops, "autocommit", DATABASE_URL=bouncer, LOAD_ENGINE="django_tenants.postgresql_backend")
    assert result["misplaced"] + result["foreign_seen"] > 0


def test_the_same_work_in_autocommit_is_refused(shops: Installation) -> None:
    run = shops.python("-m", "tests.tenancy.load", "run", "2", "1", "autocommit")
    assert (run.returncode, "ImproperlyUsed" in run.stderr) == (1, True)
    assert shops.query("SELECT count(*) FROM tenancy_reseller") == [(SHOPS,)]


def _load(installation: Installation, *mode: str, **environment: str) -> dict[str, int]:
    command = ["-m", "tests.tenancy.load", "run", str(THREADS), str(SECONDS), *mode]
    run = installation.python(*command, **environment)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def _assert_clean(result: dict[str, int]) -> None:
    assert result["written"] > 200
    assert {**result, "written": 0} == {"written": 0, "foreign_seen": 0, "misplaced": 0, "lost": 0}


def _adapted(sample: str, server, port: int, folder: Path) -> str:
    """The sample with this test's addresses, trust instead of passwords, and few connections to fight over."""
    socket_folder = dict(part.split("=") for part in server.query.split("&") if part).get("host")
    changes = {
        r"^\* = .*$": f"* = host={socket_folder or server.hostname} port={server.port or 5432}",
        r"^listen_port = .*$": f"listen_port = {port}",
        r"^auth_type = .*$": "auth_type = trust",
        r"^auth_file = .*$": f"auth_file = {folder}/users.txt",
        r"^default_pool_size = .*$": "default_pool_size = 4",
    }
    for pattern, line in changes.items():
        sample, count = re.subn(pattern, line, sample, flags=re.MULTILINE)
        assert count == 1, pattern
    return sample


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(port: int) -> None:
    for _ in range(100):
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"pgbouncer does not listen on {port}")
