"""``manage.py up``: the whole platform on one machine, in one terminal."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
import unicodedata
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from s2b2c import env as environment
from s2b2c.embedded import lock, places, ports, postgres, processes, redis
from s2b2c.embedded.errors import CannotStart
from s2b2c.embedded.supervisor import Service, Stopped, Supervisor, say

_AUDIENCES = {
    "platform": "Platform (what it is, sign up, sign in)",
    "supply": "Supplier office",
    "office": "Reseller offices",
    "shop": "Shops",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; the management command has the same."""
    parser.add_argument("--port", type=int, default=8000, help="web port; the next free one if it is taken")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--no-seed", action="store_true", help="leave an empty database empty")
    parser.add_argument("--workers", type=int, default=0, help="web worker processes (default: one per core, up to 4)")
    parser.add_argument("--with-parent", action="store_true", help="stop when the process that started this one dies")


@dataclass
class Platform:
    """One start of the platform: options, data folder, and the environment its children get."""

    options: argparse.Namespace
    var: Path
    supervisor: Supervisor
    env: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    ports: dict[str, int] = field(default_factory=dict)
    owner_url: str = ""  # of the database, for `prepare` alone

    def start(self) -> None:
        """Start everything in order; returns when the first page can be seen."""
        self._configure()
        self._start_postgres()
        self._start_redis()
        self._start_stripe()  # before the demo world, whose buyers pay by it
        self._prepare()
        self._start_web()
        self._start_celery()

    # --- settings of the children ---

    def _configure(self) -> None:
        options, env = self.options, self.env
        self.owner_url = env.pop("DATABASE_OWNER_URL", "")
        env["VAR_DIR"] = str(self.var)
        for name in ("static", "media", "mail"):
            (self.var / name).mkdir(exist_ok=True)
        env.setdefault("PYTHONUNBUFFERED", "1")
        env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(places.PROJECT), env.get("PYTHONPATH")]))
        env["DJANGO_SETTINGS_MODULE"] = "s2b2c.settings"
        if not env.get("SECRET_KEY"):
            env["SECRET_KEY"] = places.secret(self.var / "secret-key")
        port = self._pick("web", options.port)
        if port != options.port:
            say(f"! Port {options.port} is in use by another program; taking {port} instead.")
        if not env.get("HTTPS"):
            env["PUBLIC_PORT"] = str(port)
        if not env.get("DEMO"):
            env["DEMO"] = "0" if options.no_seed else "1"

    def _pick(self, name: str, preferred: int) -> int:
        port = ports.pick(preferred, taken=self.ports.values())
        self.ports[name] = port
        return port

    # --- servers ---

    def _start_postgres(self) -> None:
        if self.env.get("DATABASE_URL"):
            say("  PostgreSQL  from DATABASE_URL")
            return
        cluster = postgres.find(self.var)
        if postgres.make(cluster):
            say(f"  PostgreSQL  new data folder {cluster.data}")
        postgres.clear_leftover(cluster)
        port = self._pick("postgres", 54329)
        self.supervisor.add(
            Service("postgres", lambda output: postgres.start(cluster, port, output), signal.SIGINT, grace=20)
        )
        postgres.create_database(cluster, port)
        self.env["DATABASE_URL"], self.owner_url = cluster.web_url(port), cluster.url(port)
        say(f"  PostgreSQL  {cluster.programs.version} ({cluster.programs.source}) on port {port}")

    def _start_redis(self) -> None:
        if self.env.get("REDIS_URL"):
            say("  Redis       from REDIS_URL")
            return
        server = redis.find(self.var)
        port = self._pick("redis", 63799)
        self.supervisor.add(Service("redis", lambda output: redis.start(server, port, output)))
        self.env["REDIS_URL"] = server.url(port)
        say(f"  Redis       {server.program.version} ({server.program.source}) on port {port}")

    def _prepare(self) -> None:
        """Migrate, and fill an empty database with the demo world."""
        command = [sys.executable, "manage.py", "prepare", *(["--no-seed"] if self.options.no_seed else [])]
        env = {"LOG_LEVEL": "ERROR", **self.env, **({"DATABASE_OWNER_URL": self.owner_url} if self.owner_url else {})}
        if self.supervisor.run_once(command, env=env, cwd=places.PROJECT) != 0:
            raise CannotStart("The database could not be prepared; the lines above say why.")

    def _start_stripe(self) -> None:
        """Start the stand-in for Stripe unless a key for the real one is set."""
        if self.env.get("STRIPE_SECRET_KEY"):
            say("  Stripe      with STRIPE_SECRET_KEY")
            return
        port = self._pick("stripe", self.ports["web"] + 100)
        secret = "whsec_" + places.secret(self.var / "stripe-webhook-secret")
        key = "sk_test_demo"
        self.env |= {
            "STRIPE_SECRET_KEY": key,
            "STRIPE_WEBHOOK_SECRET": secret,
            "STRIPE_API_BASE": f"http://127.0.0.1:{port}",
            "CSP_FORM_ACTION": f"http://localhost:{port},http://127.0.0.1:{port}",
        }
        hook = f"http://localhost:{self.ports['web']}/webhooks/stripe/"
        argv: list[object] = [
            *(sys.executable, "-m", "tests.fakestripe", "--port", port, "--api-key", key),
            *("--webhook-url", hook, "--secret", secret, "--public-url", f"http://localhost:{port}"),
            *("--state", self.var / "stripe.sqlite3"),
            *("--funds", "usd:50000000"),  # the demo's past was paid without it; its margins can be paid out
        ]
        self.supervisor.add(self._service("stripe", argv, port=port))
        say(f"  Stripe      a stand-in on port {port}: no real money moves")

    def _start_web(self) -> None:
        port, cores = self.ports["web"], os.cpu_count() or 1
        workers = self.options.workers or min(4, max(1, cores))
        argv: list[object] = [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "s2b2c.wsgi:application"),
            *("--host", self.options.host, "--port", port, "--workers", workers, "--blocking-threads", 4),
            *("--respawn-failed-workers", "--workers-kill-timeout", 5, "--log-level", "warning", "--no-ws"),
        ]
        self.supervisor.add(self._service("web", argv, port=port, healthy="/healthz"))
        say(f"  Web         {workers} × 4 threads on port {port}")

    def _start_celery(self) -> None:
        celery: list[object] = [sys.executable, "-m", "celery", "-A", "s2b2c.celery"]
        cores = min(4, max(2, os.cpu_count() or 1))
        worker: list[object] = [
            "worker",
            "--loglevel",
            "INFO",
            "--concurrency",
            cores,
            "--without-gossip",
            "--without-mingle",
        ]
        beat: list[object] = ["beat", "--loglevel", "INFO", "--pidfile=", "--schedule", self.var / "beat-schedule"]
        self.supervisor.add(self._service("worker", [*celery, *worker], grace=15))
        self.supervisor.add(self._service("beat", [*celery, *beat]))
        say(f"  Celery      {cores} workers and the clock")

    def _service(
        self,
        name: str,
        argv: list[object],
        *,
        port: int | None = None,
        healthy: str | None = None,
        grace: float = 10,
    ) -> Service:
        command = [str(part) for part in argv]

        def start(output: int) -> subprocess.Popen[bytes]:
            process = self.supervisor.spawn(name, command, env=self.env, cwd=places.PROJECT, output=output)
            if port is not None and not processes.wait_until(
                lambda: self._answers(port, healthy), seconds=40, process=process
            ):
                processes.stop(process, signal.SIGTERM, grace=2)
                raise CannotStart(f"{name} did not start.")
            return process

        return Service(name, start, grace=grace)

    def _answers(self, port: int, path: str | None) -> bool:
        if path is None:
            return ports.answers(port)
        domain = self.env.get("PLATFORM_DOMAIN") or "localhost"
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": domain})
        try:
            with urllib.request.urlopen(request, timeout=10):
                return True
        except urllib.error.HTTPError as answer:
            return answer.code < 500
        except OSError:
            return False

    # --- words ---

    def address(self, host: str = "", path: str = "/") -> str:
        domain = self.env.get("PLATFORM_DOMAIN") or "localhost"
        name = f"{host}.{domain}" if host else domain
        if self.env.get("HTTPS"):
            return f"https://{name}{path}"
        return f"http://{name}:{self.ports['web']}{path}"

    def greet(self, seconds: float) -> None:
        """Print where to go, how to sign in, and how to stop."""
        say()
        say(f"  The platform is running after {seconds:.1f} s.")
        say()
        for line in self._doors():
            say(f"  {line}")
        say()
        say(f"  Data and logs: {self.var}    Stop: Ctrl-C (the data stay)")

    def _doors(self) -> list[str]:
        lines = [self._door(_AUDIENCES["platform"], self.address())]
        logins = self._logins()
        if not logins:
            offices = [self._door(_AUDIENCES[host], self.address(host)) for host in ("supply", "office")]
            return [*lines, *offices]
        for login in logins:
            title = ": ".join(filter(None, [_AUDIENCES.get(login.get("audience", "")), login.get("title")]))
            lines.append(self._door(title, self.address(login.get("host", ""), login.get("path", "/"))))
            if login.get("email"):
                words = (login["email"], login.get("password", ""), login.get("note", ""))
                lines.append(self._door("", "  ".join(filter(None, ["", *words]))))
        return lines

    @staticmethod
    def _door(title: str, where: str) -> str:
        wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in title)
        return f"{title.ljust(40 - wide)} {where}"

    def _logins(self) -> list[dict[str, str]]:
        """Return the doors of the demo world, as ``seed`` wrote them down."""
        try:
            logins: list[dict[str, str]] = json.loads((self.var / "demo-logins.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        return logins

    def publish(self) -> None:
        """Let other commands on this machine find the servers while they run."""
        names = ("DATABASE_URL", "REDIS_URL", "PUBLIC_PORT", "SECRET_KEY", "DEMO")
        stripe = ("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE", "CSP_FORM_ACTION")
        known = {name: self.env[name] for name in (*names, *stripe) if self.env.get(name)}
        known |= {"DATABASE_OWNER_URL": self.owner_url} if self.owner_url else {}
        lock.write(self.var, address=self.address(), port=self.ports["web"], environment=known)


def main(argv: list[str] | None = None) -> int:
    """Start the platform and look after it until it is told to stop; return the exit status."""
    parser = argparse.ArgumentParser(prog="manage.py up", description="Start the whole platform on this machine.")
    arguments(parser)
    return run(parser.parse_args(argv))


def run(options: argparse.Namespace) -> int:
    """Do what ``manage.py up`` does with options that were read already."""
    if options.with_parent:
        processes.die_with_parent(signal.SIGTERM)
    environment.load(places.PROJECT / ".env")
    var = places.var_dir()
    began = time.monotonic()
    try:
        places.server_home(var, processes.unprivileged())
        with lock.held(var), Supervisor(var / "log") as supervisor:
            say("Starting the platform …")
            platform = Platform(options, var, supervisor)
            try:
                platform.start()
                platform.publish()
                platform.greet(time.monotonic() - began)
                supervisor.watch()
            except Stopped:
                say("\nStopping …")
    except Stopped:
        return 130
    except CannotStart as problem:
        print(f"\n{problem}", file=sys.stderr, flush=True)
        return 1
    say("Stopped; nothing is left running.")
    return 0
