"""The platform as it is run, on servers of its own: each part can be killed as a machine kills, and starts again."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench import rig
from s2b2c.embedded import binaries, places, ports, postgres, processes, redis

_PYTHON = sys.executable
_CELERY = (_PYTHON, "-m", "celery", "-A", "s2b2c.celery")
_YOUNG = 10.0  # seconds in which a part may still be starting
_STRIPE_KEY, _STRIPE_SECRET = "sk_test_chaos", "whsec_chaos"


@dataclass
class Part:
    """One process with its own group. ``start`` gives it, ready or not yet.

    ``may_end``: a child was killed while it was starting. Celery's worker ends then, on purpose, and leaves it to its
    supervisor to start it again.
    """

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    may_end: bool = False

    def up(self) -> None:
        """Start it unless it runs."""
        if self.process is None or self.process.poll() is not None:
            if self.process is not None:
                processes.kill_group(self.process.pid)
            self.began, self.may_end = time.monotonic(), False
            self.process = self.start()

    def kill(self, sig: int = signal.SIGKILL) -> None:
        """End it, and at once all it had started."""
        if self.process is not None:
            if sig == signal.SIGKILL:
                processes.kill_group(self.process.pid)
            else:
                self.process.send_signal(sig)
            self.process.wait()

    def signal(self, sig: int) -> None:
        """Send it a signal: to hang, to go on."""
        if self.process is not None:
            self.process.send_signal(sig)

    def kill_child(self, chance: random.Random) -> bool:
        """End one of the processes it had started; it is to replace it by itself."""
        children = rig.family(self.process.pid)[1:] if self.process else []
        if not children:
            return False
        try:
            os.kill(chance.choice(sorted(children)), signal.SIGKILL)
        except ProcessLookupError:
            return False
        self.may_end = time.monotonic() < self.began + _YOUNG
        return True


@dataclass
class Platform:
    """All parts; use as a context manager. Nothing of it outlives this process."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="s2b2c-chaos-")))
    parts: dict[str, Part] = field(default_factory=dict)
    port: int = 0
    stripe_port: int = 0
    ended: list[str] = field(default_factory=list)  # without having been killed

    def __enter__(self) -> Platform:
        self.folder.chmod(0o711)
        try:
            self._servers()
            self._environment()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for name in reversed(list(self.parts)):
            self.parts[name].kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _spawn(self, name: str, *argv: object, **environment: str) -> subprocess.Popen[bytes]:
        with open(self.log(name), "ab") as output:
            return processes.spawn(
                [str(word) for word in argv], env={**os.environ, **environment}, cwd=places.PROJECT, output=output
            )

    # --- PostgreSQL and Redis, which keep their ports ---

    def _servers(self) -> None:
        account = processes.unprivileged()
        programs = binaries.for_account(binaries.postgres(), account, self.folder)
        settings = {"max_connections": "150", "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
        self.cluster = postgres.Cluster(programs, account, self.folder / "postgres", "throwaway", settings, "web")
        postgres.make(self.cluster, sync=False)
        self.redis = redis.Server(binaries.redis(), self.folder / "redis", "throwaway")
        self.database_port, self.redis_port = ports.any_free(), ports.any_free()
        self._add("postgres", self._start_postgres)
        self._add("redis", self._start_redis)
        postgres.create_database(self.cluster, self.database_port)

    def _add(self, name: str, start: Callable[[], subprocess.Popen[bytes]]) -> None:
        self.parts[name] = Part(name, start)
        self.parts[name].up()

    def _start_postgres(self) -> subprocess.Popen[bytes]:
        with open(self.log("postgres"), "ab") as output:
            return postgres.start(self.cluster, self.database_port, output, seconds=60, on_parent_death=signal.SIGQUIT)

    def _start_redis(self) -> subprocess.Popen[bytes]:
        with open(self.log("redis"), "ab") as output:
            return redis.start(self.redis, self.redis_port, output)

    def wipe_redis(self) -> None:
        """Throw away what Redis wrote to its disk."""
        shutil.rmtree(self.redis.folder, ignore_errors=True)

    def _environment(self) -> None:
        self.port, self.stripe_port = ports.any_free(), ports.any_free()
        for name in ("static", "media", "mail"):
            (self.folder / "var" / name).mkdir(parents=True)
        os.environ |= {
            "DATABASE_URL": self.cluster.web_url(self.database_port),
            "REDIS_URL": self.redis.url(self.redis_port),
            "VAR_DIR": str(self.folder / "var"),
            "DJANGO_SETTINGS_MODULE": "s2b2c.settings",
            "SECRET_KEY": "chaos-only-" * 6,
            "DEBUG": "",
            "DEMO": "",
            "PUBLIC_PORT": str(self.port),
            "PLATFORM_DOMAIN": "localhost",
            "LOG_LEVEL": "WARNING",
            "STRIPE_SECRET_KEY": _STRIPE_KEY,
            "STRIPE_WEBHOOK_SECRET": _STRIPE_SECRET,
            "STRIPE_API_BASE": f"http://127.0.0.1:{self.stripe_port}",
            **{f"THROTTLE_{who}": "1000000/min" for who in ("SHOP", "SUPPLY", "CLIENT")},
        }

    # --- what runs on them ---

    def prepare(self) -> None:
        """Make the shared schema."""
        env = {**os.environ, "DATABASE_OWNER_URL": self.cluster.url(self.database_port)}
        subprocess.run([_PYTHON, "manage.py", "prepare", "--no-seed"], cwd=places.PROJECT, env=env, check=True)

    def serve(self) -> None:
        """Start what stands in for Stripe, the web server, Celery's worker and its clock; wait until a page is there."""
        self._add("stripe", self._start_stripe)
        self._add("web", self._start_web)
        self._add("worker", self._start_worker)
        self._add("beat", self._start_beat)
        rig.seconds_until(lambda: rig.answers(self.port, "/readyz") and ports.answers(self.stripe_port), limit=90)

    def _start_stripe(self) -> subprocess.Popen[bytes]:
        hook = f"http://localhost:{self.port}/webhooks/stripe/"
        return self._spawn(
            *("stripe", _PYTHON, "-m", "tests.fakestripe", "--port", self.stripe_port, "--api-key", _STRIPE_KEY),
            *("--secret", _STRIPE_SECRET, "--webhook-url", hook),
            *("--public-url", f"http://127.0.0.1:{self.stripe_port}"),
        )

    def _start_web(self) -> subprocess.Popen[bytes]:
        return self._spawn(
            *("web", _PYTHON, "-m", "granian", "--interface", "wsgi", "s2b2c.wsgi:application", "--no-ws"),
            *("--port", self.port, "--workers", 2, "--blocking-threads", 4, "--respawn-failed-workers"),
            *("--workers-kill-timeout", 5, "--log-level", "warning"),
        )

    def _start_worker(self) -> subprocess.Popen[bytes]:
        quiet = ("--without-gossip", "--without-mingle")
        return self._spawn("worker", *_CELERY, "worker", "--loglevel", "WARNING", "--concurrency", 2, *quiet)

    def _start_beat(self) -> subprocess.Popen[bytes]:
        schedule = self.folder / "beat-schedule"
        return self._spawn("beat", *_CELERY, "beat", "--loglevel", "WARNING", "--pidfile=", "--schedule", schedule)

    def look_after(self) -> list[str]:
        """Start again what has ended by itself, as a supervisor does; give the names."""
        fallen = [part for part in self.parts.values() if part.process is None or part.process.poll() is not None]
        for part in fallen:
            if not part.may_end:
                self.ended.append(part.name)
            part.up()
        return [part.name for part in fallen]

    def settle(self, seconds: float) -> bool:
        """Wait so long for a page to be there again; tell whether it is."""
        end = time.monotonic() + seconds
        while not rig.answers(self.port, "/readyz"):
            if time.monotonic() > end:
                return False
            self.look_after()
            time.sleep(0.1)
        return True
