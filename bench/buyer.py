"""Guests who buy over HTTP, step by step as a browser does. ``python -m bench.buyer``: JSON in, JSON out.

A process of its own that imports nothing of the platform; each guest is a thread with one kept-alive connection.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
import time
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
class _Browser:
    """One visitor of one shop: a connection and cookies."""

    def __init__(self, port: int, shop: str) -> None:
        self.host = f"{shop}.localhost:{port}"
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> tuple[int, str, str]:
        return self._ask(f"GET {path} HTTP/1.1", "")

    def post(self, path: str, fields: dict[str, Any]) -> tuple[int, str, str]:
        return self._ask(f"POST {path} HTTP/1.1", urlencode(fields))

    def _ask(self, first: str, body: str) -> tuple[int, str, str]:
        """Give status, ``Location`` and body."""
        lines = [first, f"Host: {self.host}", "Accept: text/html", "Accept-Language: en"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if body:
            lines += [
                f"Origin: http://{self.host}", "Sec-Fetch-Site: same-origin",
                "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}",
            ]  # fmt: skip
        self.socket.sendall("\r\n".join([*lines, "", body]).encode())
        return self._answer()

    def _answer(self) -> tuple[int, str, str]:
        read = b""
        while (end := read.find(b"\r\n\r\n")) < 0:
            read += self._more()
        head = read[:end].decode("latin-1").split("\r\n")
        fields = [line.split(": ", 1) for line in head[1:]]
        length = next((int(value) for name, value in fields if name.lower() == "content-length"), 0)
        while len(read) < end + 4 + length:
            read += self._more()
        location = ""
        for name, value in fields:
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
            elif name.lower() == "location":
                location = value
        return int(head[0].split()[1]), location, read[end + 4 :].decode()

    def _more(self) -> bytes:
        part = self.socket.recv(1 << 18)
        if not part:
            raise ConnectionError("the server hung up")
        return part


def _expect(answer: tuple[int, str, str], status: int, what: str) -> tuple[int, str, str]:
    if answer[0] != status:
        raise RuntimeError(f"{what}: {answer[0]} {answer[1]} {answer[2][:500]}")
    return answer


def _fill(browser: _Browser, slug: str, variant: int) -> dict[str, str]:
    """Look at a thing, put it into the bag, look at the bag, open the checkout; give what its form holds."""
    _expect(browser.get(f"/p/{slug}/"), 200, "product")
    _expect(browser.post("/bag/add/", {"variant": variant, "quantity": 1}), 303, "add")
    _expect(browser.get("/bag/"), 200, "bag")
    page = _expect(browser.get("/checkout/"), 200, "checkout")[2]
    return {name: re.search(f'name="{name}" value="([^"]*)"', page)[1] for name in ("bag", "total")}  # type: ignore[index]


class _Guests:
    def __init__(self, asked: dict[str, Any]) -> None:
        self.asked = asked
        self.times: list[float] = []
        self.refused: dict[str, int] = {}
        self.errors: list[str] = []
        self.ready = threading.Barrier(asked["clients"])
        self.until = time.perf_counter() + asked["seconds"]

    def run(self) -> dict[str, Any]:
        threads = [threading.Thread(target=self._guest, args=[number]) for number in range(self.asked["clients"])]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.errors:
            raise RuntimeError(self.errors[0])
        took, times = time.perf_counter() - began, sorted(self.times) or [0.0]
        return {
            "orders": len(self.times),
            "seconds": took,
            "refused": self.refused,
            "p50": times[len(times) // 2] * 1000,
            "p99": times[len(times) * 99 // 100] * 1000,
        }

    def _guest(self, number: int) -> None:
        try:
            shops, goods = self.asked["shops"], self.asked["goods"]
            browser = _Browser(self.asked["port"], shops[number % len(shops)])
            turn = number
            while True:
                self._buy(browser, f"guest-{number}-{turn}@bench.invalid", *goods[turn % len(goods)])
                turn += self.asked["clients"]
                if time.perf_counter() >= self.until:
                    return
        except Exception as error:
            self.errors.append(repr(error))
            self.ready.abort()

    def _buy(self, browser: _Browser, email: str, slug: str, variant: int) -> None:
        began = time.perf_counter()
        browser.cookies.clear()
        hidden = _fill(browser, slug, variant)
        if not self.asked["seconds"]:
            self.ready.wait(60)
        answer = browser.post("/checkout/", {**_ADDRESS, "email": email, "method": "cod", **hidden})
        if answer[0] == 303 and answer[1].startswith("/order/"):
            _expect(browser.get(answer[1]), 200, "order")
            self.times.append(time.perf_counter() - began)
        else:
            self.refused[str(answer[0])] = self.refused.get(str(answer[0]), 0) + 1


def main() -> None:
    json.dump(_Guests(json.load(sys.stdin)).run(), sys.stdout)


if __name__ == "__main__":
    main()
