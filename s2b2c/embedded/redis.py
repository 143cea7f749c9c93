"""A Redis server of our own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from s2b2c.embedded import binaries, places, processes
from s2b2c.embedded.errors import CannotStart


@dataclass
class Server:
    """A folder for its snapshot and configuration, with the program that serves it."""

    program: binaries.Redis
    folder: Path
    password: str
    persistent: bool = True

    def url(self, port: int, database: int = 0) -> str:
        return f"redis://:{self.password}@127.0.0.1:{port}/{database}"

    def configure(self, port: int) -> Path:
        """Write the configuration: a command line would show the password to everybody."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / "redis.conf"
        lines = [
            "bind 127.0.0.1",
            f"port {port}",
            f"requirepass {self.password}",
            f'dir "{self.folder}"',
            "daemonize no",
            "save 60 1" if self.persistent else 'save ""',
            "appendonly no",
            "loglevel notice",
        ]
        path.touch(mode=0o600)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def spawn(self, port: int, output: IO[bytes] | int) -> subprocess.Popen[bytes]:
        """Start the server; see :func:`is_ready`."""
        return processes.spawn(
            [self.program.program, self.configure(port)], cwd=self.folder, output=output, env=_environment()
        )


def find(var: Path) -> Server:
    """Return the server of an installation."""
    return Server(binaries.redis(), var / "redis", places.secret(var / "redis-password"))


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name in ("PATH", "TZ", "TMPDIR")}


def is_ready(port: int, password: str) -> bool:
    """Tell whether the server lets us in and has read its data; speaks Redis by itself, to stay small."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as link:
            link.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:
                if not (more := link.recv(200)):
                    return False
                answer += more
    except OSError:
        return False
    return b"+PONG" in answer


def start(server: Server, port: int, output: IO[bytes] | int, *, seconds: float = 30) -> subprocess.Popen[bytes]:
    """Start the server and wait until it answers.

    :raises CannotStart: it ended, or was not ready in time.
    """
    process = server.spawn(port, output)
    if processes.wait_until(lambda: is_ready(port, server.password), seconds=seconds, process=process):
        return process
    processes.stop(process, signal.SIGTERM, grace=2)
    raise CannotStart("Redis did not start; its log says why.")
