"""A PostgreSQL server of our own."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg2

from s2b2c.embedded import binaries, places, ports, processes
from s2b2c.embedded.errors import CannotStart

NAME = "s2b2c"  # of the role that owns everything, and of the database
WEB = "s2b2c_web"  # of the role that web, worker and clock use; `manage.py prepare` makes it
_LOCALES = ("C.UTF-8", "C.utf8", "en_US.UTF-8", "C")
UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass
class Cluster:
    """A data folder with the programs and the account that serve it.

    ``settings`` go to the server's command line; ``password`` opens the role ``s2b2c``, ``web_password`` the web's.
    """

    programs: binaries.Postgres
    account: processes.Account | None
    data: Path
    password: str
    settings: dict[str, str] = field(default_factory=dict)
    web_password: str = ""

    def url(self, port: int, database: str = NAME) -> str:
        """Give the owner's address."""
        return f"postgres://{NAME}:{quote(self.password, safe='')}@127.0.0.1:{port}/{database}"

    def web_url(self, port: int) -> str:
        """Give the address of the login that works with rows alone."""
        return f"postgres://{WEB}:{quote(self.web_password, safe='')}@127.0.0.1:{port}/{NAME}"

    def argv(self, port: int) -> list[str]:
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "120",
            "shared_buffers": "128MB",
            "jit": "off",
            "log_line_prefix": "%m [%p] ",
            **self.settings,
        }
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [str(self.programs.program("postgres")), "-D", str(self.data), "-p", str(port), *flags]

    def spawn(
        self, port: int, output: IO[bytes] | int, *, on_parent_death: int = signal.SIGINT
    ) -> subprocess.Popen[bytes]:
        """Start the server; see :func:`is_ready`."""
        return processes.spawn(
            self.argv(port), cwd="/", output=output, account=self.account, on_parent_death=on_parent_death
        )


def find(var: Path, settings: dict[str, str] | None = None) -> Cluster:
    """Return the cluster of an installation, with the programs that fit the data already there."""
    account = processes.unprivileged()
    home = places.server_home(var, account)
    data = home / "postgres"
    major = None
    with contextlib.suppress(FileNotFoundError):
        major = int((data / "PG_VERSION").read_text())
    programs = binaries.for_account(binaries.postgres(major=major), account, home)
    secrets = (places.secret(var / f"postgres-{whose}password") for whose in ("", "web-"))
    password, web_password = secrets
    return Cluster(programs, account, data, password, settings or {}, web_password)


def make(cluster: Cluster, *, sync: bool = True) -> bool:
    """Make the data folder where there is none, whole or not at all; True if it was made.

    :raises CannotStart: with what initdb says.
    """
    if (cluster.data / "PG_VERSION").exists():
        return False
    cluster.data.parent.mkdir(parents=True, exist_ok=True)
    partial = cluster.data.with_name(cluster.data.name + ".new")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)
    descriptor, password_file = tempfile.mkstemp()
    try:
        with open(descriptor, "w", encoding="ascii") as file:
            file.write(cluster.password)
        if cluster.account:
            for path in (str(partial), password_file):
                os.chown(path, cluster.account.uid, cluster.account.gid)
        _initdb(cluster, partial, password_file, sync=sync)
    finally:
        os.unlink(password_file)
    partial.rename(cluster.data)
    return True


def _initdb(cluster: Cluster, folder: Path, password_file: str, *, sync: bool) -> None:
    argv: list[str | Path] = [
        cluster.programs.program("initdb"),
        *("-D", str(folder), "-U", NAME, "--encoding=UTF8", "--auth=scram-sha-256", f"--pwfile={password_file}"),
        *([] if sync else ["--no-sync"]),
    ]
    said = b""
    for locale in _LOCALES:
        done = processes.run(
            [*argv, f"--locale={locale}"], account=cluster.account, env={**os.environ, "LC_ALL": "C", "HOME": "/"}
        )
        if done.returncode == 0:
            return
        said = done.stdout
    raise CannotStart("PostgreSQL's initdb failed:\n" + said.decode(errors="replace").strip())


def is_ready(url: str) -> bool:
    """Tell whether the server lets us in."""
    try:
        psycopg2.connect(url, connect_timeout=3).close()
    except psycopg2.OperationalError:
        return False
    return True


def create_database(cluster: Cluster, port: int, name: str = NAME) -> None:
    """Make the database if it is missing; a query that names no schema sees only ``public``."""
    connection = psycopg2.connect(cluster.url(port, "postgres"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(f'CREATE DATABASE "{name}"')
            cursor.execute(f'ALTER ROLE "{NAME}" SET search_path = public')
    connection.close()


def clear_leftover(cluster: Cluster, *, seconds: float = 15) -> None:
    """Deal with the server of a supervisor that was killed: let it end, then drop its lock file.

    Call only while holding the installation's lock. A lock file can name a zombie or, after a
    restart of the machine, some other process.

    :raises CannotStart: a server is still running on these data and does not stop.
    """
    lock = cluster.data / "postmaster.pid"
    end = time.monotonic() + seconds
    while pid := _server_pid(lock, cluster.data):
        if time.monotonic() > end:
            raise CannotStart(f"PostgreSQL (process {pid}) is still running on {cluster.data} and does not stop.")
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGINT)
        time.sleep(0.2)
    lock.unlink(missing_ok=True)


def _server_pid(lock: Path, data: Path) -> int | None:
    """Return the process a lock file names if it really is a server on these data."""
    try:
        pid = int(lock.read_text().splitlines()[0])
        os.kill(pid, 0)
    except (OSError, ValueError, IndexError) as problem:
        if not isinstance(problem, PermissionError):
            return None
    command = Path(f"/proc/{pid}/cmdline")
    if not command.parent.parent.joinpath("self").exists():
        return pid  # no /proc: believe the file
    try:
        return pid if str(data).encode() in command.read_bytes() else None  # empty for a zombie
    except OSError:
        return None


def start(
    cluster: Cluster, port: int, output: IO[bytes] | int, *, seconds: float = 30, on_parent_death: int = signal.SIGINT
) -> subprocess.Popen[bytes]:
    """Start the server and wait until it lets us in, recovery after a crash included.

    :raises CannotStart: it ended, or was not ready in time.
    """
    end = time.monotonic() + seconds
    url = cluster.url(port, "postgres")
    while True:
        process = cluster.spawn(port, output, on_parent_death=on_parent_death)
        ready = processes.wait_until(lambda: is_ready(url), seconds=end - time.monotonic(), process=process)
        if ready and process.poll() is None:
            return process
        ended = process.poll()
        processes.stop(process, signal.SIGQUIT, grace=5)
        if ended is None or time.monotonic() + 1 > end or not ports.is_free(port):
            raise CannotStart("PostgreSQL did not start; its log says why.")
        time.sleep(0.5)  # shared memory of a killed server is let go a moment after it
