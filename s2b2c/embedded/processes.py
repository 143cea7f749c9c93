"""Child processes that never outlive their parent.

Three holds, because each has a hole: the child asks the kernel for a signal when its parent dies
(Linux only, and lost on a change of user, so it is asked for after that); each child leads a
process group of its own, so that its grandchildren can be found; and the watchdog, a process of
its own, ends the groups when the supervisor's pipe closes.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """The user a server runs as when the supervisor is root."""

    name: str
    uid: int
    gid: int


def unprivileged() -> Account | None:
    """Return ``nobody`` for root, None for everybody else: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def die_with_parent(sig: int = signal.SIGTERM) -> None:
    """Ask the kernel for a signal to this process when the thread that started it ends."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(sig), 0, 0, 0)


def _leash(sig: int, parent: int) -> Callable[[], None]:
    def attach() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        die_with_parent(sig)
        if os.getppid() != parent:  # it died before the request was made
            os._exit(1)

    return attach


def spawn(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: str | Path | None = None,
    output: IO[bytes] | int | None = None,
    stdin: int | None = subprocess.DEVNULL,
    account: Account | None = None,
    on_parent_death: int = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a process in its own session, tied to this one's life; call from the main thread.

    Standard output and error go to ``output``. With ``account`` the process changes to that user.
    """
    return subprocess.Popen(
        [str(part) for part in argv],
        env=None if env is None else dict(env),
        cwd=cwd,
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        preexec_fn=_leash(on_parent_death, os.getpid()),  # noqa: PLW1509 - there is one thread only
    )


def run(
    argv: Sequence[str | Path],
    *,
    account: Account | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float = 120,
) -> subprocess.CompletedProcess[bytes]:
    """Run a short command to its end and return it with its output; it too dies with us."""
    process = spawn(
        argv,
        env=env,
        cwd="/",
        output=subprocess.PIPE,
        account=account,
        on_parent_death=signal.SIGKILL,
    )
    try:
        output, _ = process.communicate(timeout=timeout)
    except BaseException:
        kill_group(process.pid)
        raise
    return subprocess.CompletedProcess(process.args, process.returncode, output)


def signal_group(pgid: int, sig: int) -> bool:
    """Send a signal to a process group; False when nobody is left in it."""
    try:
        os.killpg(pgid, sig)
    except ProcessLookupError:
        return False
    except PermissionError:  # only processes of another user are left
        return True
    return True


def kill_group(pgid: int) -> None:
    """End what is left of a process group at once."""
    signal_group(pgid, signal.SIGKILL)


def stop(process: subprocess.Popen[bytes], sig: int, *, grace: float) -> bool:
    """Ask a child to end, then end its whole group; True when it went by itself.

    The signal goes to the child alone: servers tell their own workers.
    """
    if process.poll() is None:
        process.send_signal(sig)
    try:
        process.wait(grace)
        gentle = True
    except subprocess.TimeoutExpired:
        gentle = False
    kill_group(process.pid)
    process.wait()
    return gentle


def wait_until(ready: Callable[[], bool], *, seconds: float, process: subprocess.Popen[bytes] | None = None) -> bool:
    """Poll ``ready`` for so long; False when time is up or the process has ended."""
    end = time.monotonic() + seconds
    pause = 0.02
    while time.monotonic() < end:
        if ready():
            return True
        if process is not None and process.poll() is not None:
            return False
        time.sleep(pause)
        pause = min(pause * 1.3, 0.25)
    return False
