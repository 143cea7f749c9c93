"""One supervisor for one data folder, and what others may know about it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from s2b2c.embedded.errors import CannotStart


class AlreadyRunning(CannotStart):
    """Another supervisor serves these data."""


def _state(var: Path) -> Path:
    return var / "run" / "up.json"


@contextlib.contextmanager
def held(var: Path) -> Iterator[None]:
    """Hold the folder's lock; the kernel lets go of it however this process ends.

    :raises AlreadyRunning: somebody else holds it; nothing was touched.
    """
    folder = var / "run"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError as problem:
        raise CannotStart(
            f"{problem.filename} can't be written by this user. The data there belong to another one: "
            "start as that user, or choose another folder with VAR_DIR."
        ) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise AlreadyRunning(_running_text(var)) from None
    try:
        yield
    finally:
        _state(var).unlink(missing_ok=True)
        os.close(descriptor)


def _running_text(var: Path) -> str:
    known = read(var)
    where = f" at {known['address']}" if known.get("address") else ""
    who = f" (process {known['pid']})" if known.get("pid") else ""
    return (
        f"The platform is already running on {var}{who}{where}. Stop it there with Ctrl-C, "
        "or start a second one on data of its own with VAR_DIR=/another/folder."
    )


def write(var: Path, **facts: Any) -> None:
    """Leave the addresses for other commands, readable by the owner only: they hold passwords."""
    path = _state(var)
    partial = path.with_suffix(".new")
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump({"pid": os.getpid(), **facts}, file, indent=1)
    partial.replace(path)


def read(var: Path) -> dict[str, Any]:
    """Return what the running supervisor left; empty when none is running."""
    try:
        facts: dict[str, Any] = json.loads(_state(var).read_text(encoding="utf-8"))
        os.kill(int(facts["pid"]), 0)
    except PermissionError:
        return {}
    except (OSError, ValueError, KeyError):
        return {}
    return facts
