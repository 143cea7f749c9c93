"""Keeps a row of processes running: starts them in order, restarts what dies, stops in reverse."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from s2b2c.embedded import processes
from s2b2c.embedded.errors import CannotStart

_LONGEST_PAUSE = 30.0
_PROVED_SECONDS = 60.0  # running so long makes a process count as healthy again
_LOG_LIMIT = 5_000_000
_PROBLEMS = ("ERROR", "CRITICAL", "FATAL", "PANIC")
_TRACEBACK = "Traceback (most recent call last)"
_SHOWN_PER_LOOK = 3


class Stopped(BaseException):
    """The person or the machine asked for an end."""


@dataclass
class Service:
    """One process of the platform and how to treat it.

    ``start`` spawns it with its log and returns when it is ready; ``stop_signal`` asks it to end.
    """

    name: str
    start: Callable[[int], subprocess.Popen[bytes]]
    stop_signal: int = signal.SIGTERM
    grace: float = 10.0
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    retry_at: float = 0.0


@dataclass
class Log:
    """A service's log file, read behind for problems to show."""

    path: Path
    seen: int = 0

    def open(self) -> int:
        """Return a descriptor to append to; a log that has grown large is put aside first."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            if self.path.stat().st_size > _LOG_LIMIT:
                self.path.replace(self.path.with_suffix(".1.log"))
                self.seen = 0
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self.seen = max(self.seen, os.fstat(descriptor).st_size)
        return descriptor

    def news(self) -> list[str]:
        """Return the lines that came since the last look."""
        try:
            with open(self.path, "rb") as file:
                file.seek(self.seen)
                fresh = file.read(200_000)
        except FileNotFoundError:
            return []
        whole = fresh[: fresh.rfind(b"\n") + 1]
        self.seen += len(whole) if len(fresh) < 200_000 else len(fresh)
        return whole.decode(errors="replace").splitlines()

    def tail(self, lines: int = 12) -> list[str]:
        try:
            return self.path.read_text(errors="replace")[-8000:].splitlines()[-lines:]
        except FileNotFoundError:
            return []


def say(text: str = "") -> None:
    """Print for the person at the terminal, who may have closed it."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


def problems_in(lines: list[str]) -> list[str]:
    """Return what a person should see of a log: its complaints, and the last line of each traceback."""
    problems: list[str] = []
    inside = False
    for line in lines:
        if _TRACEBACK in line:
            inside = True
        elif inside and line and not line.startswith((" ", "+", "|")):
            inside = False
            problems.append(line)
        elif any(word in line for word in _PROBLEMS):
            problems.append(line)
    return problems


@dataclass
class Supervisor:
    """Runs services until it is told to stop; use as a context manager.

    ``orphans_grace`` is how many seconds they have to end by themselves should it be killed.
    """

    logs: Path
    orphans_grace: float = 8.0
    services: list[Service] = field(default_factory=list)
    _log_of: dict[str, Log] = field(default_factory=dict)
    _watchdog: subprocess.Popen[bytes] | None = None
    _stopping_since: float | None = None
    _hurry: bool = False
    _wake: tuple[int, int] = (-1, -1)

    def __enter__(self) -> Supervisor:
        self._wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC) if hasattr(os, "pipe2") else os.pipe()
        for descriptor in self._wake:
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(self._wake[1], warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(sig) is not signal.SIG_IGN or sig is signal.SIGTERM:  # nohup stays
                signal.signal(sig, self._on_signal)
        self._start_watchdog()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping_since = self._stopping_since or time.monotonic()
        self.stop_all()
        if self._watchdog and self._watchdog.stdin:
            self._watchdog.stdin.close()
            self._watchdog.wait()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if self._stopping_since is None:
            self._stopping_since = now
            raise Stopped
        # Only a person pressing Ctrl-C again: make, a dying terminal and the kernel repeat themselves.
        self._hurry = self._hurry or (number == signal.SIGINT and now - self._stopping_since > 0.5)

    # --- starting ---

    def add(self, service: Service) -> None:
        """Start one more service and wait until it is ready.

        :raises CannotStart: it didn't come up; the end of its log is in the text.
        """
        self.services.append(service)
        try:
            self._start(service)
        except CannotStart as problem:
            raise CannotStart("\n".join([str(problem), *self.log(service.name).tail()])) from None

    def log(self, name: str) -> Log:
        return self._log_of.setdefault(name, Log(self.logs / f"{name}.log"))

    def spawn(
        self, name: str, argv: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path, output: int
    ) -> subprocess.Popen[bytes]:
        """Start a process that the watchdog knows from its first moment."""
        process = processes.spawn(argv, env=env, cwd=cwd, output=output)
        self._tell_watchdog(f"+{process.pid} {int(signal.SIGTERM)}")
        return process

    def run_once(self, argv: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path) -> int:
        """Run a command to its end with its output on the terminal; return its exit status."""
        process = processes.spawn(argv, env=env, cwd=cwd)
        self._tell_watchdog(f"+{process.pid} {int(signal.SIGTERM)}")
        try:
            return process.wait()
        finally:
            processes.stop(process, signal.SIGTERM, grace=5)
            self._tell_watchdog(f"-{process.pid}")

    def _start(self, service: Service) -> None:
        output = self.log(service.name).open()
        try:
            service.process = service.start(output)
        finally:
            os.close(output)
        service.started_at = time.monotonic()
        self.log(service.name).news()  # complaints before it was ready are no news
        self._tell_watchdog(f"+{service.process.pid} {int(service.stop_signal)}")

    def _start_watchdog(self) -> None:
        script = Path(__file__).with_name("watchdog.py")
        self._watchdog = subprocess.Popen(
            [sys.executable, "-I", "-S", str(script), str(self.orphans_grace)],
            stdin=subprocess.PIPE,
            start_new_session=True,
            cwd="/",
        )
        for service in self.services:
            if service.process and service.process.poll() is None:
                self._tell_watchdog(f"+{service.process.pid} {int(service.stop_signal)}")

    def _tell_watchdog(self, line: str) -> None:
        if self._watchdog and self._watchdog.stdin:
            with contextlib.suppress(OSError):
                self._watchdog.stdin.write(line.encode() + b"\n")
                self._watchdog.stdin.flush()

    # --- running ---

    def watch(self) -> None:
        """Look after the services until :class:`Stopped`."""
        while True:
            select.select([self._wake[0]], [], [], 1.0)
            with contextlib.suppress(BlockingIOError):
                os.read(self._wake[0], 4096)
            if self._watchdog and self._watchdog.poll() is not None:
                self._start_watchdog()
            for service in self.services:
                self._look_after(service)
            for service in self.services:
                self._echo_problems(service)

    def _look_after(self, service: Service) -> None:
        now = time.monotonic()
        if service.process is not None:
            status = service.process.poll()
            if status is None:
                if service.failures and now - service.started_at > _PROVED_SECONDS:
                    service.failures = 0
                return
            self._bury(service, status, now)
        elif now >= service.retry_at:
            self._restart(service)

    def _bury(self, service: Service, status: int, now: float) -> None:
        assert service.process is not None
        processes.kill_group(service.process.pid)
        self._tell_watchdog(f"-{service.process.pid}")
        service.process = None
        pause = min(_LONGEST_PAUSE, 0.5 * 2**service.failures)
        service.failures += 1
        service.retry_at = now + pause
        how = f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
        log = self.log(service.name)
        say(f"! {service.name} {how}; starting it again in {pause:g} s. The end of {log.path}:")
        for line in log.tail(8):
            say(f"    {line[:300]}")
        log.news()

    def _restart(self, service: Service) -> None:
        try:
            self._start(service)
        except CannotStart as problem:
            pause = min(_LONGEST_PAUSE, 0.5 * 2**service.failures)
            service.failures += 1
            service.retry_at = time.monotonic() + pause
            say(f"! {service.name}: {problem} Trying again in {pause:g} s.")
        else:
            say(f"  {service.name} is started again.")

    def _echo_problems(self, service: Service) -> None:
        lines = self.log(service.name).news()
        problems = problems_in(lines)
        for line in problems[:_SHOWN_PER_LOOK]:
            say(f"! {service.name}: {line[:300]}")
        if len(problems) > _SHOWN_PER_LOOK:
            say(f"! {service.name}: {len(problems) - _SHOWN_PER_LOOK} more lines like these in {service.name}.log")

    # --- stopping ---

    def stop_all(self) -> None:
        """End every service, the youngest first; a second signal ends the rest at once."""
        while self.services:
            service = self.services.pop()
            if service.process is None:
                continue
            self._stop(service, service.process)
            self._tell_watchdog(f"-{service.process.pid}")

    def _stop(self, service: Service, process: subprocess.Popen[bytes]) -> None:
        if process.poll() is None:
            process.send_signal(service.stop_signal)
        end = time.monotonic() + service.grace
        while process.poll() is None and time.monotonic() < end and not self._hurry:
            time.sleep(0.02)
        if process.poll() is None:
            say(f"  {service.name} did not end in time and is killed.")
        processes.kill_group(process.pid)
        process.wait()
