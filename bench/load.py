"""A load generator that costs the machine as little as can be: one process, one loop, keep-alive, ready bytes.

``python -m bench.load`` reads one JSON object from standard input and prints one: it imports nothing of the
platform, and the reference is asked by the very same program. Measured against a server that only answers, it makes
about 25,000 requests a second, so it is never what is measured.
"""

from __future__ import annotations

import json
import select
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back. ``statuses``: how many of each; ``p50`` and ``p99`` in milliseconds."""

    per_second: float
    statuses: dict[str, int]
    bytes_each: float
    p50: float
    p99: float

    def only(self, status: int) -> Answered:
        """Give itself when every answer had this status.

        :raises RuntimeError: one had not: the figure would be about something else.
        """
        if set(self.statuses) != {str(status)}:
            raise RuntimeError(f"expected {status} only, got {self.statuses}")
        return self


def get(path: str, host: str, headers: Mapping[str, str] | None = None) -> str:
    """Write a GET as it goes over the wire."""
    return _request("GET", path, host, headers or {}, "")


def post(path: str, host: str, fields: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> str:
    """Write a form's POST as it goes over the wire."""
    return _request(
        "POST", path, host, {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}, urlencode(fields)
    )


def post_json(path: str, host: str, data: Any) -> str:
    """Write a JSON POST as it goes over the wire."""
    return _request("POST", path, host, {"Content-Type": "application/json"}, json.dumps(data))


def _request(method: str, path: str, host: str, headers: Mapping[str, str], body: str) -> str:
    fixed = {"Host": host, "Accept": "*/*", "Accept-Language": "en", "User-Agent": "bench"}
    if body:
        fixed["Content-Length"] = str(len(body.encode()))
    lines = [f"{name}: {value}" for name, value in {**fixed, **headers}.items()]
    return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", body])


def run(port: int, requests: Sequence[str], *, seconds: float, connections: int = CONNECTIONS) -> Answered:
    """Send requests in turn, over and over, from a process of its own."""
    asked = {"port": port, "requests": list(requests), "seconds": seconds, "connections": connections}
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"], input=json.dumps(asked), text=True, stdout=subprocess.PIPE, check=True
    )
    return Answered(**json.loads(done.stdout))


# --- In the process of its own ---------------------------------------------------------------------
class _Line:
    """One connection with at most one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.began = 0.0
        self.read = bytearray()

    def send(self, request: bytes) -> None:
        self.read.clear()
        self.began = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> int:
        """Take what is there; give the status once the answer is whole, else 0."""
        part = self.socket.recv(1 << 18)
        if not part:
            raise ConnectionError("the server hung up")
        read = self.read
        read += part
        end = read.find(b"\r\n\r\n")
        if end < 0:
            return 0
        head = read[:end].lower()
        at = head.find(b"content-length:")
        if at >= 0:
            stop = head.find(b"\r\n", at)
            length = int(head[at + 15 : stop if stop >= 0 else len(head)])
            whole = len(read) >= end + 4 + length
        elif b"transfer-encoding: chunked" in head:
            whole = read.endswith(b"0\r\n\r\n")
        else:
            whole = True
        return int(read[9:12]) if whole else 0


def _generate(port: int, requests: list[bytes], seconds: float, connections: int) -> dict[str, Any]:
    lines = {}
    poll = select.epoll()
    for _ in range(connections):
        line = _Line(port)
        lines[line.socket.fileno()] = line
        poll.register(line.socket, select.EPOLLIN)
    statuses: dict[int, int] = {}
    times: list[float] = []
    volume, number = 0, 0
    began = time.perf_counter()
    until = began + seconds
    for line in lines.values():
        line.send(requests[number % len(requests)])
        number += 1
    waiting = connections
    while waiting:
        for descriptor, _event in poll.poll(30):
            line = lines[descriptor]
            status = line.receive()
            if not status:
                continue
            now = time.perf_counter()
            statuses[status] = statuses.get(status, 0) + 1
            times.append(now - line.began)
            volume += len(line.read)
            if now < until:
                line.send(requests[number % len(requests)])
                number += 1
            else:
                waiting -= 1
    took = time.perf_counter() - began
    times.sort()
    return {
        "per_second": len(times) / took,
        "statuses": statuses,
        "bytes_each": volume / len(times),
        "p50": times[len(times) // 2] * 1000,
        "p99": times[len(times) * 99 // 100] * 1000,
    }


def main() -> None:
    asked = json.load(sys.stdin)
    requests = [request.encode() for request in asked["requests"]]
    json.dump(_generate(asked["port"], requests, asked["seconds"], asked["connections"]), sys.stdout)


if __name__ == "__main__":
    main()
