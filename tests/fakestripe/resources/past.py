"""The demo world's past, told by who made it up: payments, refunds and disputes, each booked at its own time.

``POST /_control/past`` with ``{"told": [...]}``; each thing has ``kind``, ``at`` (Unix seconds) and ``id``, and as its kind
needs ``payment``, ``amount``, ``currency``, ``metadata``, ``description``, ``reason``, ``due``, ``won``. What is known
already, by its id, is passed over. No webhook tells of it: it is long over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.fakestripe.errors import ApiError
from tests.fakestripe.resources import disputes, payments, refunds
from tests.fakestripe.store import Record
from tests.fakestripe.world import World

Told = dict[str, Any]


def remember(world: World, told: list[Told]) -> None:
    """Book what is told, the oldest first. :raises ApiError: a kind nobody knows."""
    for each in sorted(told, key=lambda each: int(each["at"])):
        if each["kind"] not in _KINDS:
            raise ApiError(f"There is no {each['kind']} in the past; there are {', '.join(_KINDS)}.")
        with world.silently_at(int(each["at"])):
            _KINDS[each["kind"]](world, each)


def _pay(world: World, each: Told) -> None:
    data = {"metadata": each.get("metadata", {}), "description": each.get("description")}
    session = {"amount_total": each["amount"], "currency": each["currency"], "payment_method_types": ["card"]}
    if each["id"] not in world.store.objects:
        intent = payments.begin(world, session | {"_intent": data}, each["id"])
        payments.succeed(world, intent, "card", None)


def _charge(world: World, each: Told) -> Record:
    return world.get(world.get(each["payment"], "payment_intent")["latest_charge"], "charge")


def _refund(world: World, each: Told) -> None:
    if each["id"] not in world.store.objects:
        params = {"metadata": each.get("metadata", {})}
        refunds.book(world, _charge(world, each), each["amount"], params, id_=each["id"])


def _dispute(world: World, each: Told) -> None:
    if each["id"] not in world.store.objects:
        charge = _charge(world, each)
        disputes.open_(world, charge["id"], each["reason"], each["amount"], id_=each["id"], due_by=each["due"])


def _end(world: World, each: Told) -> None:
    if world.get(each["id"], "dispute")["status"] not in disputes.OVER:
        disputes.decide(world, each["id"], won=each["won"])


_KINDS: dict[str, Callable[[World, Told], None]] = {
    "payment": _pay,
    "refund": _refund,
    "dispute": _dispute,
    "dispute_end": _end,
}
