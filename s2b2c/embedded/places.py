"""Where the servers' files lie: under VAR_DIR, or beside it where ``nobody`` can't get in."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from s2b2c.embedded.processes import Account

PROJECT = Path(__file__).resolve().parent.parent.parent


def var_dir() -> Path:
    """Return the folder for all data, as the settings do."""
    return Path(os.environ.get("VAR_DIR") or PROJECT / "var").resolve()


def reachable(path: Path, account: Account | None) -> bool:
    """Tell whether that user can walk down to a folder, or run a program, by the permissions."""
    if account is None:
        return True
    for step in [path, *path.parents]:
        if not step.exists():
            continue
        status = step.stat()
        if status.st_uid == account.uid:
            bit = 0o100
        elif status.st_gid == account.gid:
            bit = 0o010
        else:
            bit = 0o001
        if not status.st_mode & bit:
            return False
    return True


def server_home(var: Path, account: Account | None) -> Path:
    """Return (and make) the folder for PostgreSQL's data: ``var`` if reachable, else one in /var/lib.

    The second is named after ``var``, so that each installation finds its own again.
    """
    var.mkdir(mode=0o711, parents=True, exist_ok=True)
    if reachable(var, account):
        return var
    name = hashlib.sha256(str(var).encode()).hexdigest()[:12]
    for base in (Path("/var/lib"), Path("/var/tmp")):
        home = base / "s2b2c" / name
        try:
            home.mkdir(mode=0o711, parents=True, exist_ok=True)
        except OSError:
            continue
        if reachable(home, account):
            return home
    return var


def secret(path: Path) -> str:
    """Return the secret kept in a file that only its owner can read; make it the first time."""
    if path.is_file() and (known := path.read_text(encoding="ascii").strip()):
        return known
    value = secrets.token_urlsafe(48)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".new")
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(value)
    partial.replace(path)
    return value
