"""Guests who buy over HTTP, step by step as a browser does. ``python -m bench.buyer``: JSON in, JSON out.

A process of its own that imports nothing of the platform: one loop, and each guest one kept-alive connection, so that
the buying costs the machine as little as the asking of the reference in ``bench.load``.
"""

from __future__ import annotations

import json
import re
import select
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

_ADDRESS = {
    "name": "June Park", "street": "28 Churchill Street", "postcode": "12508", "city": "Beacon", "region": "NY",
    "phone": "", "country": "US",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bought:
    """What came of it. ``refused``: how often which page answered the last step instead; ``p50``, ``p99`` in ms."""

    orders: int
    seconds: float
    refused: dict[str, int]
    p50: float
    p99: float

    @property
    def per_second(self) -> float:
        return self.orders / self.seconds


def run(port: int, shops: list[str], goods: list[tuple[str, int]], *, clients: int, seconds: float = 0) -> Bought:
    """Let guests buy one thing after the other, for so many seconds; 0: one each, all paying at the same moment."""
    asked = {"port": port, "shops": shops, "goods": goods, "clients": clients, "seconds": seconds}
    done = subprocess.run(
        [sys.executable, "-m", "bench.buyer"], input=json.dumps(asked), text=True, stdout=subprocess.PIPE, check=True
    )
    return Bought(**json.loads(done.stdout))


# --- In the process of its own ---------------------------------------------------------------------
_Answer = tuple[int, str, bytes]  # status, ``Location``, body
_Steps = Generator[bytes, _Answer, None]  # gives requests, takes their answers; nothing to send: wait for all others


class _Browser:
    """One visitor of one shop: a connection and cookies."""

    def __init__(self, port: int, shop: str) -> None:
        self.cookies: dict[str, str] = {}
        self.read = bytearray()
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        host = f"{shop}.localhost:{port}"
        self._head = f"Host: {host}\r\nAccept: text/html\r\nAccept-Language: en\r\n"
        self._form = (
            f"Origin: http://{host}\r\nSec-Fetch-Site: same-origin\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
        )

    def get(self, path: str) -> bytes:
        return f"GET {path} HTTP/1.1\r\n{self._head}{self._cookie()}\r\n".encode()

    def post(self, path: str, fields: dict[str, Any]) -> bytes:
        body = urlencode(fields)
        head = f"POST {path} HTTP/1.1\r\n{self._head}{self._cookie()}{self._form}{len(body)}"
        return f"{head}\r\n\r\n{body}".encode()

    def _cookie(self) -> str:
        named = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return f"Cookie: {named}\r\n" if named else ""

    def send(self, request: bytes) -> None:
        self.read.clear()
        self.socket.sendall(request)

    def receive(self) -> _Answer | None:
        """Take what is there; give the answer once it is whole."""
        part = self.socket.recv(1 << 18)
        if not part:
            raise ConnectionError("the server hung up")
        self.read += part
        end = self.read.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = self.read[:end].decode("latin-1")
        length = _LENGTH.search(head)
        if len(self.read) < end + 4 + int(length[1] if length else 0):
            return None
        self.cookies.update(_COOKIE.findall(head))
        location = _LOCATION.search(head)
        return int(head[9:12]), location[1] if location else "", bytes(self.read[end + 4 :])


_LENGTH = re.compile(r"(?i)\r\ncontent-length: *(\d+)")
_LOCATION = re.compile(r"(?i)\r\nlocation: *([^\r]*)")
_COOKIE = re.compile(r"(?i)\r\nset-cookie: *([^=\r]*)=([^;\r]*)")
_HIDDEN = re.compile(rb'name="(bag|total)" value="([^"]*)"')


def _expect(answer: _Answer, status: int, what: str) -> _Answer:
    if answer[0] != status:
        raise RuntimeError(f"{what}: {answer[0]} {answer[1]} {answer[2][:500]!r}")
    return answer


class _Guests:
    """All guests, in one loop: which of them waits for an answer, and which at the till for all others."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.asked = asked
        self.times: list[float] = []
        self.refused: dict[str, int] = {}
        self.until = time.perf_counter() + asked["seconds"]
        self.poll = select.epoll()
        self.guests: dict[int, tuple[_Browser, _Steps]] = {}
        self.at_the_till: list[int] = []

    def run(self) -> dict[str, Any]:
        began = time.perf_counter()
        for number in range(self.asked["clients"]):
            self._enter(number)
        while self.guests:
            if len(self.at_the_till) == len(self.guests):
                self._let_all_pay()
            for descriptor, _event in self.poll.poll(60):
                answer = self.guests[descriptor][0].receive()
                if answer is not None:
                    self._go_on(descriptor, answer)
        took, times = time.perf_counter() - began, sorted(self.times) or [0.0]
        return {
            "orders": len(self.times),
            "seconds": took,
            "refused": self.refused,
            "p50": times[len(times) // 2] * 1000,
            "p99": times[len(times) * 99 // 100] * 1000,
        }

    def _enter(self, number: int) -> None:
        shops = self.asked["shops"]
        browser = _Browser(self.asked["port"], shops[number % len(shops)])
        steps = self._guest(browser, number)
        self.guests[browser.socket.fileno()] = browser, steps
        self.poll.register(browser.socket, select.EPOLLIN)
        browser.send(next(steps))

    def _go_on(self, descriptor: int, answer: _Answer) -> None:
        browser, steps = self.guests[descriptor]
        try:
            request = steps.send(answer)
        except StopIteration:
            self.poll.unregister(descriptor)
            del self.guests[descriptor]
            browser.socket.close()
            return
        if request:
            browser.send(request)
        else:
            self.at_the_till.append(descriptor)

    def _let_all_pay(self) -> None:
        ready = [(self.guests[descriptor][0], next(self.guests[descriptor][1])) for descriptor in self.at_the_till]
        self.at_the_till.clear()
        for browser, request in ready:
            browser.send(request)

    def _guest(self, browser: _Browser, number: int) -> _Steps:
        turn = number
        while True:
            slug, variant = self.asked["goods"][turn % len(self.asked["goods"])]
            yield from self._buy(browser, f"guest-{number}-{turn}@bench.invalid", slug, variant)
            turn += self.asked["clients"]
            if time.perf_counter() >= self.until:
                return

    def _buy(self, browser: _Browser, email: str, slug: str, variant: int) -> _Steps:
        """Look at a thing, put it into the bag, look at the bag, open the checkout, order, look at the order."""
        began = time.perf_counter()
        browser.cookies.clear()
        _expect((yield browser.get(f"/p/{slug}/")), 200, "product")
        _expect((yield browser.post("/bag/add/", {"variant": variant, "quantity": 1})), 303, "add")
        _expect((yield browser.get("/bag/")), 200, "bag")
        page = _expect((yield browser.get("/checkout/")), 200, "checkout")[2]
        hidden = {name.decode(): value.decode() for name, value in _HIDDEN.findall(page)}
        if not self.asked["seconds"]:
            yield b""
        status, location, _ = yield browser.post("/checkout/", {**_ADDRESS, "email": email, "method": "cod", **hidden})
        if status == 303 and location.startswith("/order/"):
            _expect((yield browser.get(location)), 200, "order")
            self.times.append(time.perf_counter() - began)
        else:
            self.refused[str(status)] = self.refused.get(str(status), 0) + 1


def main() -> None:
    json.dump(_Guests(json.load(sys.stdin)).run(), sys.stdout)


if __name__ == "__main__":
    main()
