"""The platform as it runs: web server, Celery worker with its clock, and the stand-in for Stripe, each a process."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

from s2b2c.embedded import places, ports, processes

ERROR = re.compile(r"Traceback|\b(?:ERROR|CRITICAL)\b")


@dataclass
class Platform:
    """Processes on a database; ``port`` is the web server's."""

    folder: Path
    database: str
    port: int = field(default_factory=ports.any_free)
    stripe_port: int = field(default_factory=ports.any_free)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)

    def address(self, host: str = "", path: str = "/") -> str:
        """Give the address of a page: ``address("supply", "/orders/")``."""
        return f"http://{f'{host}.' if host else ''}localhost:{self.port}{path}"

    def start(self) -> None:
        """Start everything, and wait until the web server answers and the worker has begun."""
        for name in ("mail", "static"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        secret, key = "whsec_browser", "sk_test_browser"
        env = self._environment(secret, key)
        hook = self.address(path="/webhooks/stripe/")
        self._spawn(
            "stripe", env,
            "-m", "tests.fakestripe", "--port", self.stripe_port, "--api-key", key, "--secret", secret,
            "--webhook-url", hook, "--public-url", f"http://localhost:{self.stripe_port}",
        )  # fmt: skip
        self._spawn(
            "web", env,
            "-m", "granian", "--interface", "wsgi", "s2b2c.wsgi:application", "--host", "127.0.0.1",
            "--port", self.port, "--workers", 1, "--blocking-threads", 4, "--log-level", "warning", "--no-ws",
        )  # fmt: skip
        self._spawn(
            "worker", env,
            "-m", "celery", "-A", "s2b2c.celery", "worker", "--beat", "--concurrency", 1, "--loglevel", "INFO",
            "--without-gossip", "--without-mingle", "--schedule", self.folder / "beat",
        )  # fmt: skip
        self._wait("stripe", lambda: ports.answers(self.stripe_port))
        self._wait("web", self._web_answers)
        self._wait("worker", lambda: b" ready." in self._log("worker").read_bytes())

    def stop(self) -> None:
        """Stop everything, the worker first."""
        for name in ("worker", "web", "stripe"):
            if name in self.processes:
                processes.stop(self.processes.pop(name), signal.SIGTERM, grace=5)

    def errors(self) -> list[str]:
        """Give the lines of the logs that tell of an error of ours, each once."""
        found = []
        for name in ("web", "worker", "stripe"):
            lines = self._log(name).read_text(errors="replace").splitlines()
            new, self.read[name] = lines[self.read.get(name, 0) :], len(lines)
            found += [f"{name}: {line}" for line in new if ERROR.search(line)]
        return found

    def mails(self) -> list[str]:
        """Give the mails sent so far, oldest first: sender, recipient, subject and text."""
        found = []
        for path in sorted((self.folder / "mail").iterdir(), key=lambda each: each.stat().st_mtime_ns):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = message.get_body(("plain",))
            text = body.get_content() if body else ""
            found.append(f"{message['From']}\n{message['To']}\n{message['Subject']}\n{text}")
        return found

    def _environment(self, secret: str, key: str) -> dict[str, str]:
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{self.database}")
        stripe = f"http://localhost:{self.stripe_port}"
        return {
            **os.environ,
            "DATABASE_URL": urlunsplit(url),
            "VAR_DIR": str(self.folder),
            "PUBLIC_PORT": str(self.port),
            "SUPPLIER_MFA_REQUIRED": "0",
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "STRIPE_SECRET_KEY": key,
            "STRIPE_WEBHOOK_SECRET": secret,
            "STRIPE_API_BASE": f"http://127.0.0.1:{self.stripe_port}",
            "CSP_FORM_ACTION": f"{stripe},http://127.0.0.1:{self.stripe_port}",
            "PYTHONUNBUFFERED": "1",
        }

    def _spawn(self, name: str, env: dict[str, str], *argv: object) -> None:
        command = [sys.executable, *(str(part) for part in argv)]
        with self._log(name).open("wb") as output:
            self.processes[name] = processes.spawn(command, env=env, cwd=places.PROJECT, output=output)

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _wait(self, name: str, ready: object) -> None:
        if not processes.wait_until(ready, seconds=60, process=self.processes[name]):  # type: ignore[arg-type]
            log = self._log(name).read_text(errors="replace")
            self.stop()
            raise AssertionError(f"{name} did not start:\n{log}")

    def _web_answers(self) -> bool:
        try:
            return Visitor(self.port, "localhost").get("/healthz")[0] == 200
        except OSError:
            return False


class Visitor:
    """A browser without a window: one host, cookies, forms; several at once are really at once."""

    def __init__(self, port: int, host: str) -> None:
        self.port, self.host = port, host
        self.cookies: SimpleCookie = SimpleCookie()

    def get(self, path: str) -> tuple[int, str, str]:
        """Give status, text and where it leads."""
        return self._ask("GET", path, None)

    def post(self, path: str, data: dict[str, object]) -> tuple[int, str, str]:
        """Send a form; give status, text and where it leads."""
        return self._ask("POST", path, urlencode(data))

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Host": f"{self.host}:{self.port}", "Accept-Language": "en"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={each.value}" for name, each in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://{self.host}:{self.port}"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            for value in response.headers.get_all("Set-Cookie") or []:
                self.cookies.load(value)
            text = response.read().decode(errors="replace")
            return response.status, text, response.headers.get("Location", "")
        finally:
            connection.close()
