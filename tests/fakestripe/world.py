"""The account the fake plays: its objects, its clock, its events."""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import stripe

from tests.fakestripe.errors import ApiError, no_such, not_served
from tests.fakestripe.faults import Faults
from tests.fakestripe.store import Record, Store, new_id

OWNER = "_account"  # the connected account an object belongs to; the platform's own have none


class World:
    """State shared by the API, the hosted page and the courier. Hold ``lock`` to touch it."""

    def __init__(self, *, api_key: str, secret: str, business_name: str, state: Path | None = None) -> None:
        self.api_key = api_key
        self.secret = secret
        self.business_name = business_name
        self.public_url = ""
        self.bank_debit = False  # whether shops that don't choose offer debits from a bank account
        self.lock = threading.RLock()
        self.store = Store(state)
        self.faults = Faults()
        self.on_event: Callable[[], None] = lambda: None
        self.clock: Callable[[], float] = time.time
        self.silent = False

    @contextmanager
    def silently_at(self, instant: int) -> Iterator[None]:
        """Let what is done happen at that time, and no webhook tell of it."""
        before, self.clock, self.silent = self.clock, lambda: instant, True
        try:
            yield
        finally:
            self.clock, self.silent = before, False

    def now(self) -> int:
        """Give the time in whole seconds, as Stripe does."""
        return int(self.clock())

    def get(self, id_: str, kind: str, *, name: str = "", param: str = "id", account: str = "") -> Record:
        """Give an object of a type that belongs to ``account`` (empty: the platform).

        :raises ApiError: there is none.
        """
        found = self.store.objects.get(id_)
        if found is None or found["object"] != kind or owner(found) != account:
            raise no_such(name or kind, id_, param)
        return found

    def of(self, kind: str, account: str = "") -> Iterator[Record]:
        """Give the objects of a type that belong to ``account`` (empty: the platform), newest first."""
        return (item for item in self.store.of(kind) if owner(item) == account)

    def emit(self, type_: str, subject: Record, call: Call | None = None, account: str = "") -> Record:
        """Record an event with the object as it is now, and queue it for the webhook.

        What happens at a connected account names it: Stripe sends these to webhooks "on connected accounts".
        """
        event = {
            **({"account": account, OWNER: account} if account else {}),
            "id": new_id("evt_"),
            "object": "event",
            "api_version": stripe.api_version,
            "created": self.now(),
            "data": {"object": copy.deepcopy(public(subject))},
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": call and call.request_id, "idempotency_key": call and call.idempotency_key},
            "type": type_,
        }
        if self.silent:
            return event
        self.store.put(event)
        self.store.put({"id": event["id"], "tries": 0, "not_before": 0, "retry_at": 0}, "deliveries")
        return event

    def commit(self) -> None:
        """Make durable what happened, then let the courier go."""
        self.store.commit()
        if self.store.deliveries:
            self.on_event()


@dataclass
class Call:
    """One request, checked: what a resource function gets."""

    world: World
    params: dict[str, Any]
    ids: tuple[str, ...] = ()
    request_id: str = ""
    idempotency_key: str | None = None
    method: str = "GET"
    account: str = ""

    @property
    def id(self) -> str:
        """The last id in the path."""
        return self.ids[-1]


@dataclass(frozen=True)
class Route:
    """A line of the API: who answers, which parameters exist, and which of them have an effect here."""

    method: str
    path: str
    shape: Any
    answer: Callable[[Call], Record]
    serves: frozenset[str] = field(default=frozenset())
    connected: bool = False  # may be asked for a connected account, by the header Stripe-Account

    def refuse_unserved(self, params: dict[str, Any]) -> None:
        """Refuse a parameter Stripe knows and the fake would ignore."""
        for name in params:
            if name != "expand" and name not in self.serves:
                raise not_served(f"the parameter {name} of {self.method} {self.path}", name)


def owner(record: Record) -> str:
    """Give the connected account an object belongs to; empty: the platform."""
    return record.get(OWNER, "")


def public(record: Record) -> Record:
    """Give an object without the notes we keep in it (names that begin with ``_``)."""
    return {name: value for name, value in record.items() if not name.startswith("_")}


def expand(world: World, answer: Record, paths: list[str]) -> Record:
    """Replace ids by the objects they name, along dotted paths such as ``payment_intent.latest_charge``."""
    answer = copy.deepcopy(public(answer))
    for path in paths:
        _expand(world, answer, path.split("."), path)
    return answer


def _expand(world: World, node: Any, names: list[str], path: str) -> None:
    if isinstance(node, list):
        for item in node:
            _expand(world, item, names, path)
        return
    name, *rest = names
    hidden = world.store.objects.get(node.get("id", ""), {}).get(f"_{name}")
    if name not in node and hidden is None:
        raise ApiError(f"This property cannot be expanded ({path}).", param="expand", code="property_not_expandable")
    value = hidden if hidden is not None else node[name]
    if isinstance(value, str) and value in world.store.objects:
        value = public(world.store.objects[value])
    node[name] = copy.deepcopy(value)
    if rest and isinstance(node[name], dict | list):
        _expand(world, node[name], rest, path)
