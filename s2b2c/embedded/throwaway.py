"""Servers for a test or bench run: fast, on any free port, gone with the process that made them."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from s2b2c.embedded import binaries, places, ports, postgres, processes, redis
from s2b2c.embedded.errors import CannotStart

_PREFIX = "s2b2c-servers-"


@dataclass
class Servers:
    """What is running, and the addresses for ``DATABASE_URL`` and ``REDIS_URL``."""

    folder: Path
    database_url: str = ""
    redis_url: str = ""
    processes: list[tuple[subprocess.Popen[bytes], int]] = field(default_factory=list)

    def stop(self) -> None:
        """Stop the servers and remove their data."""
        while self.processes:
            process, sig = self.processes.pop()
            processes.stop(process, sig, grace=5)
        shutil.rmtree(self.folder, ignore_errors=True)


def start(*, safe: bool = False, settings: dict[str, str] | None = None, database: str = postgres.NAME) -> Servers:
    """Start a PostgreSQL and a Redis that end with this process, also when it is killed.

    ``safe`` keeps fsync on: for figures and for tests of crashes.
    """
    _sweep()
    servers = Servers(Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-")))
    servers.folder.chmod(0o711)
    atexit.register(_stop_own, servers, os.getpid())
    try:
        _start_postgres(servers, database, {**({} if safe else postgres.UNSAFE), **(settings or {})})
        _start_redis(servers)
    except BaseException:
        servers.stop()
        raise
    return servers


def _start_postgres(servers: Servers, database: str, settings: dict[str, str]) -> None:
    account = processes.unprivileged()
    programs = binaries.for_account(binaries.postgres(), account, servers.folder)
    if not places.reachable(servers.folder, account):
        raise CannotStart(f"{servers.folder} can't be reached by {account and account.name}: set TMPDIR.")
    cluster = postgres.Cluster(
        programs, account, servers.folder / "postgres", "throwaway", {"max_connections": "200", **settings}
    )
    postgres.make(cluster, sync=False)
    log = servers.folder / "postgres.log"
    for attempt in (1, 2, 3):
        port = ports.any_free()
        with open(log, "ab") as output:
            try:
                process = postgres.start(cluster, port, output, on_parent_death=signal.SIGQUIT)
            except CannotStart as problem:
                if attempt == 3:
                    raise CannotStart(f"{problem}\n{log.read_text(errors='replace')[-2000:]}") from None
                continue
        servers.processes.append((process, signal.SIGINT))
        break
    postgres.create_database(cluster, port, database)
    servers.database_url = cluster.url(port, database)


def _start_redis(servers: Servers) -> None:
    server = redis.Server(binaries.redis(), servers.folder / "redis", "throwaway", persistent=False)
    log = servers.folder / "redis.log"
    for attempt in (1, 2, 3):
        port = ports.any_free()
        with open(log, "ab") as output:
            try:
                process = redis.start(server, port, output)
            except CannotStart as problem:
                if attempt == 3:
                    raise CannotStart(f"{problem}\n{log.read_text(errors='replace')[-2000:]}") from None
                continue
        servers.processes.append((process, signal.SIGKILL))
        servers.redis_url = server.url(port)
        break


def _stop_own(servers: Servers, owner: int) -> None:
    if os.getpid() == owner:
        servers.stop()


def _sweep() -> None:
    """Remove the data that killed runs left behind."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(ValueError, OSError):
            pid = int(folder.name.removeprefix(_PREFIX).partition("-")[0])
            if not _is_running(pid):
                shutil.rmtree(folder, ignore_errors=True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
