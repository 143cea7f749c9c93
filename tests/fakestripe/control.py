"""The control endpoints: what the world outside does – banks, customers, Stripe itself – and what shall go wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakestripe import control_page, money
from tests.fakestripe.api import Request
from tests.fakestripe.errors import ApiError
from tests.fakestripe.resources import accounts, balance, checkout, disputes, past, payouts
from tests.fakestripe.web import Reply, redirect
from tests.fakestripe.webhooks import Courier
from tests.fakestripe.world import World, public

READ = {
    "times": int, "seconds": float, "copies": int, "status": int, "percent": int, "kind": str, "only": str, "code": str,
}  # fmt: skip
Sent = dict[str, Any]


def answer(world: World, courier: Courier, request: Request) -> Reply:
    """Answer the pages (``GET /_control…``), the state as JSON, and a pressed button or JSON (``POST``).

    ``DELETE /_control/faults`` clears the faults. JSON in gives JSON out, a form gives the page again.
    """
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        return _json({"error": "other origin"}, status=403)
    path = request.path.removeprefix("/_control").strip("/")
    if request.method == "GET":
        return _state(world) if path == "state" else control_page.show(world, courier, path, request.form)
    return _act(world, courier, request, path)


def _act(world: World, courier: Courier, request: Request, path: str) -> Reply:
    plain = _speaks_json(request) or request.method == "DELETE"
    try:
        sent = _sent(request)
        if not _change(world, courier, request.method, path, sent):
            return _json({"error": "no such control"}, status=404)
    except (ValueError, TypeError, KeyError, ApiError) as error:
        return _json({"error": str(error)}, status=400) if plain else control_page.refused(str(error))
    if plain:
        return _json({"faults": world.faults.list()})
    back = str(sent.get("back", ""))
    return redirect(f"/_control/{back}" if back and back in control_page.PAGES else "/_control")


def _change(world: World, courier: Courier, method: str, path: str, sent: Sent) -> bool:
    if (method, path) == ("DELETE", "faults") or path == "faults/clear":
        world.faults.clear()
    elif path == "faults":
        world.faults.add(**{name: READ[name](value) for name, value in sent.items() if name in READ and value != ""})
    elif path == "faults/remove":
        world.faults.remove(int(sent["id"]))
    elif path == "resend":
        courier.resend(str(sent.get("event", "")))
    elif path in ACTS:
        with world.lock:
            ACTS[path](world, sent)
            world.commit()
    else:
        return False
    return True


def _add_funds(world: World, sent: Sent) -> None:
    currency = str(sent.get("currency") or "usd").lower()
    balance.add_funds(world, money.parse(str(sent["amount"]), currency), currency)


def _dispute(world: World, sent: Sent) -> None:
    disputes.open_(world, str(sent["id"]), str(sent.get("reason") or "fraudulent"))


def _pay_out(world: World, sent: Sent) -> None:
    if not payouts.send_all(world, str(sent.get("id", ""))):
        raise ApiError("Nothing is available to be paid out.")


def _require(world: World, sent: Sent) -> None:
    accounts.require(world, str(sent["id"]), str(sent.get("fields") or "").split())


def _offer_debits(world: World, sent: Sent) -> None:
    world.bank_debit = str(sent.get("on", "")) == "1"


ACTS: dict[str, Callable[[World, Sent], Any]] = {
    "funds": _add_funds,
    "past": lambda world, sent: past.remember(world, sent["told"]),
    "dispute": _dispute,
    "dispute/win": lambda world, sent: disputes.decide(world, str(sent["id"]), won=True),
    "dispute/lose": lambda world, sent: disputes.decide(world, str(sent["id"]), won=False),
    "payment/succeed": lambda world, sent: checkout.end_payment(world, str(sent["id"])),
    "payment/fail": lambda world, sent: checkout.end_payment(world, str(sent["id"]), failed=True),
    "debits": _offer_debits,
    "account/submit": lambda world, sent: accounts.submit(world, str(sent["id"])),
    "account/require": _require,
    "account/reject": lambda world, sent: accounts.reject(world, str(sent["id"])),
    "payout": _pay_out,
    "payout/arrive": lambda world, sent: payouts.settle(world, str(sent["id"])),
    "payout/fail": lambda world, sent: payouts.settle(
        world, str(sent["id"]), str(sent.get("reason") or "account_closed")
    ),
}


def _speaks_json(request: Request) -> bool:
    return "json" in request.headers.get("content-type", "")


def _sent(request: Request) -> Sent:
    if not _speaks_json(request):
        return dict(parse_qsl(request.form, keep_blank_values=True))
    sent = json.loads(request.form or "{}")
    if not isinstance(sent, dict):
        raise ValueError("send an object")
    return sent


def _json(value: Any, status: int = 200) -> Reply:
    return Reply(json.dumps(value, ensure_ascii=False, indent=2), status=status, type="application/json")


def _state(world: World) -> Reply:
    with world.lock:
        objects = [public(item) for item in world.store.objects.values()]
        return _json({"objects": objects, "undelivered": list(world.store.deliveries), "faults": world.faults.list()})
