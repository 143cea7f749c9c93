"""Those who buy in the shops, and those who pick, pack and send at S: threads that speak HTTP and write down answers.

Each repeats what got no answer, with the same Idempotency-Key, as a good client does.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.chaos.world import WAREHOUSES, World

_TIMEOUT = 20
_CONTACT = {
    "name": "June Park", "street": "28 Churchill Street", "postcode": "12508", "city": "Beacon", "region": "NY",
    "country": "US",
}  # fmt: skip


class GaveUp(Exception):
    """The time is over and no answer came."""


@dataclass(slots=True)
class Order:
    """A checkout that was sent. ``number``: it was acknowledged; ``paid``: the provider said that it took the money."""

    shop: str
    email: str
    method: str
    wanted: dict[int, int]
    number: str = ""
    token: str = ""
    total_minor: int = 0
    paid: bool = False
    cancelled: bool = False


@dataclass(slots=True)
class SoldOut:
    """A shop said that there is not enough; asked at ``began``, told at ``ended``."""

    wanted: dict[int, int]
    began: float
    ended: float
    bag: dict[int, int]


@dataclass
class Notes:
    """What was asked, and what was answered."""

    orders: list[Order] = field(default_factory=list)
    sold_out: list[SoldOut] = field(default_factory=list)
    parcels: list[tuple[str, str]] = field(default_factory=list)  # fulfilment order, parcel
    short: list[str] = field(default_factory=list)
    receipts: list[tuple[float, int, int]] = field(default_factory=list)  # when, variant, pieces
    latencies: list[float] = field(default_factory=list)
    repeated: Counter[str] = field(default_factory=Counter)  # by what came instead of an answer
    odd: list[str] = field(default_factory=list)


class Person(threading.Thread):
    """Somebody with a seed, who stops when told."""

    def __init__(self, name: str, seed: int, notes: Notes, stop: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self.chance = random.Random(f"{seed}:{name}")
        self.notes, self.stop = notes, stop
        self.give_up_at = float("inf")

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self.turn()
            except GaveUp:
                return
            except Exception as error:  # a thread that dies unseen would make every check easy
                self.notes.odd.append(f"{self.name}: {error!r}")

    def turn(self) -> None:
        raise NotImplementedError

    def key(self) -> str:
        return str(uuid.UUID(int=self.chance.getrandbits(128)))

    def ask(self, method: str, url: str, data: Any = None, *, host: str = "", **headers: str) -> tuple[int, Any]:
        """Ask until there is an answer; the server's own trouble is none."""
        while True:
            try:
                status, body = _once(method, url, data, host, headers)
                if status < 500 and _code(body) != "idempotency_in_progress":
                    return status, body
                instead = f"{status} {_code(body)}".strip()
            except (OSError, http.client.HTTPException, ValueError) as error:
                instead = type(error).__name__
            self.notes.repeated[instead] += 1
            if time.monotonic() > self.give_up_at:
                raise GaveUp
            time.sleep(self.chance.uniform(0.05, 0.4))


def _once(method: str, url: str, data: Any, host: str, headers: dict[str, str]) -> tuple[int, Any]:
    where = urlsplit(url)
    link = http.client.HTTPConnection("127.0.0.1", where.port, timeout=_TIMEOUT)
    form = isinstance(data, str)
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    body = None if data is None else (data if form else json.dumps(data)).encode()
    try:
        sent = {"Host": host or where.netloc, "Content-Type": kind, "Connection": "close", **headers}
        link.request(method, where.path + (f"?{where.query}" if where.query else ""), body, sent)
        answer = link.getresponse()
        text = answer.read()
        plain = "json" in (answer.getheader("Content-Type") or "")
        return answer.status, json.loads(text) if plain and text else text
    finally:
        link.close()


def _code(body: Any) -> str:
    return str(body["error"]["code"]) if isinstance(body, dict) and isinstance(body.get("error"), dict) else ""


class Buyer(Person):
    """Fills bags of one to five things, some of them scarce, and pays on delivery or by card; or leaves, or cancels."""

    def __init__(self, name: str, seed: int, notes: Notes, stop: threading.Event, *, world: World, port: int) -> None:
        super().__init__(name, seed, notes, stop)
        self.world, self.port, self.turns = world, port, 0

    def turn(self) -> None:
        self.turns += 1
        shop = self.chance.choice(self.world.shops)
        order = Order(shop, f"{self.name}-{self.turns}@chaos.invalid", self._method(), self._bag())
        cart = self._fill(order)
        if cart and self._place(order, cart):
            if order.method == "card":
                self._pay(order)
            if self.chance.random() < 0.08:
                status, _ = self._ask(shop, "POST", f"/orders/{order.token}/cancel/", {})
                order.cancelled = status == 200

    def _method(self) -> str:
        return self.chance.choice(("card", "card", "cod"))

    def _bag(self) -> dict[int, int]:
        scarce = min(self.chance.choice((0, 0, 1, 1, 2)), 2)
        picked = self.chance.sample(self.world.scarce, scarce)
        picked += self.chance.sample(self.world.plenty, self.chance.randint(1, 5 - scarce))
        picked += [bundle for bundle in self.world.inside if self.chance.random() < 0.15]
        return {variant: self.chance.choice((1, 1, 1, 2, 3)) for variant in picked}

    def _ask(self, shop: str, method: str, path: str, data: Any = None, **headers: str) -> tuple[int, Any]:
        url = f"http://{shop}.localhost:{self.port}/api/v1{path}"
        return self.ask(method, url, data, **headers)

    def _fill(self, order: Order) -> str:
        lines = [{"variant": variant, "quantity": quantity} for variant, quantity in order.wanted.items()]
        began = time.time()
        status, body = self._ask(order.shop, "POST", "/carts/", {"lines": lines}, **{"Idempotency-Key": self.key()})
        if status == 201:
            return str(body["token"])
        self._refused(order, status, body, began)
        return ""

    def _place(self, order: Order, cart: str) -> bool:
        data = {"cart": cart, "contact": {**_CONTACT, "email": order.email}, "method": order.method}
        self.notes.orders.append(order)
        began = time.time()
        status, body = self._ask(order.shop, "POST", "/checkout/", data, **{"Idempotency-Key": self.key()})
        self.notes.latencies.append(time.time() - began)
        if status != 201:
            self._refused(order, status, body, began)
            return False
        order.number, order.token, order.total_minor = body["number"], body["token"], body["total_minor"]
        self.page = body["payment_url"] or ""
        return True

    def _refused(self, order: Order, status: int, body: Any, began: float) -> None:
        if _code(body) == "out_of_stock":
            short = {line["variant"]: line["wanted"] for line in body["error"]["params"]["lines"]}
            self.notes.sold_out.append(SoldOut(short, began, time.time(), order.wanted))
        else:
            self.notes.odd.append(f"{self.name}: {status} {body!r:.300}")

    def _pay(self, order: Order) -> None:
        """Pay on the hosted page; one in eight leaves, one in eight has a card declined first."""
        mood = self.chance.random()
        if mood < 0.12:
            return
        if not self.page:
            status, body = self._ask(order.shop, "POST", f"/orders/{order.token}/payment/", {})
            self.page = body["payment_url"] if status == 200 else ""
        if not self.page:
            return  # cancelled or placed meanwhile
        if mood < 0.24:
            self.ask("POST", self.page, "outcome=decline")
        outcome = self.chance.choice(("card", "card", "alipay"))
        status, _ = self.ask("POST", self.page, f"outcome={outcome}")
        order.paid = status in (302, 303)


class Staff(Person):
    """S's warehouse system: picks, packs, sends, reports what is missing, receives goods, books cash."""

    def __init__(self, name: str, seed: int, notes: Notes, stop: threading.Event, *, world: World, port: int) -> None:
        super().__init__(name, seed, notes, stop)
        self.world, self.port = world, port

    def turn(self) -> None:
        if self.chance.random() < 0.1:
            self._receive()
        query = f"?limit=20&state={self.chance.choice(('queued', 'queued', 'picking', 'packed'))}"
        status, body = self._ask("GET", f"/fulfilment-orders/{query}")
        for each in self.chance.sample(body["items"], min(6, len(body["items"]))) if status == 200 else ():
            self._go_on(each)
        self.stop.wait(0.2)

    def _ask(self, method: str, path: str, data: Any = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.world.key}"}
        if method == "POST":
            headers["Idempotency-Key"] = self.key()
        return self.ask(method, f"http://supply.localhost:{self.port}/api/v1{path}", data, **headers)

    def _go_on(self, order: dict[str, Any]) -> None:
        path, state = f"/fulfilment-orders/{order['number']}/", order["state"]
        if state == "queued":
            self._ask("POST", f"{path}picking/", {})
        elif state == "picking" and self.chance.random() < 0.12:
            self._report_short(path, order)
        elif state == "picking":
            self._ask("POST", f"{path}packing/", {})
        else:
            self._send(path, order)

    def _report_short(self, path: str, order: dict[str, Any]) -> None:
        line = self.chance.choice(order["lines"])
        left = line["quantity"] - line["shipped"] - line["cancelled"]
        if left < 1:
            return
        told = {
            "reason": "Broken",
            "write_off": self.chance.random() < 0.5,
            "lines": [{"line": line["id"], "quantity": left}],
        }
        status, _ = self._ask("POST", f"{path}shortages/", told)
        if status == 200:
            self.notes.short.append(order["number"])

    def _send(self, path: str, order: dict[str, Any]) -> None:
        status, body = self._ask("POST", f"{path}shipments/", {"carrier": "Post", "tracking": f"T{order['number']}"})
        if status != 201:
            return
        self.notes.parcels.append((order["number"], body["number"]))
        if order["method"] == "cod" and self.chance.random() < 0.5:
            outcome = self.chance.choice(("collected", "collected", "refused"))
            self._ask(
                "POST", "/cash-on-delivery/", {"items": [{"reference": order["order_number"], "outcome": outcome}]}
            )

    def _receive(self) -> None:
        variant, pieces = self.chance.choice(self.world.scarce), self.chance.randint(1, 8)
        lines = [{"sku": self.world.skus[variant], "quantity": pieces}]
        status, _ = self._ask(
            "POST", "/stock/receipts/", {"warehouse": self.chance.choice(WAREHOUSES), "lines": lines}
        )
        if status == 201:
            self.notes.receipts.append((time.time(), variant, pieces))


def start(make: Callable[..., Person], count: int, **fields: Any) -> list[Person]:
    """Let several people begin."""
    people = [make(f"{make.__name__.lower()}{number}", **fields) for number in range(count)]
    for each in people:
        each.start()
    return people
