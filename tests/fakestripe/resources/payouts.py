"""Payouts: from a balance at Stripe – the platform's or a connected account's – to its bank."""

from __future__ import annotations

from typing import Any

from stripe.params import PayoutCancelParams, PayoutCreateParams, PayoutListParams, PayoutRetrieveParams

from tests.fakestripe.errors import ApiError
from tests.fakestripe.resources import accounts, balance, lists
from tests.fakestripe.store import Record, new_id
from tests.fakestripe.world import OWNER, Call, Route, World, owner, public

A_DAY = 24 * 3600
FAILURES = {
    "account_closed": "The bank account has been closed.",
    "account_frozen": "The bank account has been frozen.",
    "could_not_process": "The bank could not process this payout.",
    "debit_not_authorized": "Debit transactions are not approved on your bank account.",
    "incorrect_account_holder_name": "Your bank notified us that the bank account holder name on file is incorrect.",
    "insufficient_funds": "Your Stripe account has insufficient funds to cover the payout.",
    "invalid_account_number": "The routing number seems correct, but the account number is invalid.",
    "no_account": "The bank account details on file are probably incorrect.",
}
SERVED = frozenset(["amount", "currency", "description", "metadata", "method", "statement_descriptor"])
INSUFFICIENT = (
    "You have insufficient funds in your Stripe account for this transfer. Your card balance is too low. "
    "You can use the /v1/balance endpoint to view your Stripe balance."
)


def create(call: Call) -> Record:
    """POST /v1/payouts"""
    return public(send(call.world, call.account, call.params, call))


def send(world: World, account: str, params: dict[str, Any], call: Call | None = None) -> Record:
    """Send money to the bank; without a ``call`` it is one of Stripe's automatic payouts."""
    amount, currency = params["amount"], params["currency"].lower()
    if amount < 1:
        raise ApiError("Invalid positive integer", param="amount", code="parameter_invalid_integer", saved=False)
    bank = _bank(world, account)
    balance.require(world, amount, currency, account, message=INSUFFICIENT)
    payout = _payout(world, account, params | {"currency": currency}, bank, automatic=call is None)
    payout["balance_transaction"] = balance.book(
        world, payout, -amount, type_="payout", category="payout", account=account
    )["id"]
    world.store.put(payout)
    if payout["automatic"]:
        _mark_paid_out(world, account, payout)
    world.emit("payout.created", payout, call, account=account)
    return payout


def send_all(world: World, account: str = "") -> list[Record]:
    """Pay out all that is available, as Stripe does by itself every day."""
    found = balance.sums(world, account)
    return [
        send(world, account, {"amount": available, "currency": currency})
        for currency, (available, _pending) in found.items()
        if available > 0
    ]


def _bank(world: World, account: str) -> str:
    if not account:
        return "ba_platform"
    held = accounts.load(world, account)
    if not held["payouts_enabled"]:
        message = "Payouts have been disabled on the connected account. Check its requirements."
        raise ApiError(message, code="payouts_not_allowed")
    return held["external_accounts"]["data"][0]["id"]


def _payout(world: World, account: str, params: dict[str, Any], bank: str, *, automatic: bool) -> Record:
    return {
        **({OWNER: account} if account else {}),
        "id": new_id("po_"),
        "object": "payout",
        "amount": params["amount"],
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": world.now() + A_DAY,
        "automatic": automatic,
        "balance_transaction": None,
        "created": world.now(),
        "currency": params["currency"],
        "description": "STRIPE PAYOUT" if automatic else params.get("description"),
        "destination": bank,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": dict(params.get("metadata") or {}),
        "method": params.get("method", "standard"),
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "completed" if automatic else "not_applicable",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": params.get("statement_descriptor"),
        "status": "pending",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
    }


def _mark_paid_out(world: World, account: str, payout: Record) -> None:
    """Note which transactions an automatic payout carries: Stripe lists them by ``payout``."""
    for item in world.of("balance_transaction", account):
        if item["currency"] == payout["currency"] and item["status"] == "available":
            item.setdefault("_payout", payout["id"])
            world.store.put(item)


def load(world: World, id_: str, account: str) -> Record:
    """Give a payout as it is now, arrived if its day has come."""
    return _aged(world, world.get(id_, "payout", param="payout", account=account))


def _aged(world: World, payout: Record) -> Record:
    if payout["status"] in ("pending", "in_transit") and payout["arrival_date"] <= world.now():
        settle(world, payout["id"])
    return payout


def age(world: World) -> None:
    """Let every payout arrive whose day has come."""
    for payout in list(world.store.of("payout")):
        _aged(world, payout)


def settle(world: World, id_: str, failure: str = "") -> Record:
    """Let a payout arrive, or come back for a reason of ``FAILURES`` – also after it was called paid."""
    payout = world.store.objects[id_]
    account = owner(payout)
    if failure:
        _bring_back(world, payout, failure)
    elif payout["status"] in ("pending", "in_transit"):
        payout |= {"status": "paid", "trace_id": {"status": "supported", "value": f"FAKE{id_[-10:]}"}}
        world.emit("payout.paid", payout, account=account)
    else:
        raise ApiError(f"This payout is {payout['status']}.")
    return world.store.put(payout)


def _bring_back(world: World, payout: Record, failure: str) -> None:
    """Return the money to the balance; Stripe then wants other bank details before it pays out again."""
    if payout["status"] in ("failed", "canceled") or failure not in FAILURES:
        raise ApiError(f"This payout is {payout['status']}; failures are {', '.join(FAILURES)}.")
    account = owner(payout)
    booked = balance.book(
        world, payout, payout["amount"], type_="payout_failure", category="payout_reversal", account=account
    )
    payout |= {"status": "failed", "failure_code": failure, "failure_message": FAILURES[failure]}
    payout |= {"failure_balance_transaction": booked["id"]}
    world.emit("payout.failed", payout, account=account)
    if account:
        bank = accounts.load(world, account)["external_accounts"]["data"][0]
        bank["status"] = "errored"
        accounts.require(world, account, ["external_account"])


def retrieve(call: Call) -> Record:
    """GET /v1/payouts/{id}"""
    return load(call.world, call.id, call.account)


def list_(call: Call) -> Record:
    """GET /v1/payouts"""
    items = [_aged(call.world, item) for item in list(call.world.of("payout", call.account))]
    return lists.page(call, items, "/v1/payouts", filters=("destination", "status"))


def cancel(call: Call) -> Record:
    """POST /v1/payouts/{id}/cancel"""
    payout = load(call.world, call.id, call.account)
    if payout["status"] != "pending" or payout["automatic"]:
        raise ApiError("Only pending payouts that were made by the API can be canceled.")
    payout["status"] = "canceled"
    balance.book(
        call.world, payout, payout["amount"], type_="payout_cancel", category="payout_reversal", account=call.account
    )
    call.world.store.put(payout)
    call.world.emit("payout.canceled", payout, call, account=call.account)
    return public(payout)


ROUTES = (
    Route("POST", "/v1/payouts", PayoutCreateParams, create, SERVED, connected=True),
    Route("GET", "/v1/payouts", PayoutListParams, list_, lists.PAGING | {"destination", "status"}, connected=True),
    Route("GET", "/v1/payouts/{id}", PayoutRetrieveParams, retrieve, connected=True),
    Route("POST", "/v1/payouts/{id}/cancel", PayoutCancelParams, cancel, connected=True),
)
