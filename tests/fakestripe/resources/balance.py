"""Balance transactions – what each step did to money at Stripe – and the balances they sum up to."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from stripe.params import BalanceRetrieveParams, BalanceTransactionListParams, BalanceTransactionRetrieveParams

from tests.fakestripe import money
from tests.fakestripe.errors import ApiError
from tests.fakestripe.resources import lists
from tests.fakestripe.store import Record, new_id
from tests.fakestripe.world import OWNER, Call, Route, World

TWO_DAYS = 2 * 24 * 3600
DISPUTE_FEE = 1500
INSUFFICIENT = (
    "You have insufficient available funds in your Stripe account. Try adding funds directly to your available "
    "balance at /_control. You can use the /v1/balance endpoint to view your Stripe balance."
)


def of_charge(world: World, charge: Record) -> Record:
    """Book a charge less its fee; the money is available after two days."""
    fee = money.fee(charge["amount"], charge["currency"])
    type_ = "charge" if charge["id"].startswith("ch_") else "payment"
    return book(world, charge, charge["amount"], fee=fee, type_=type_, category="charge", on=world.now() + TWO_DAYS)


def of_refund(world: World, refund: Record, charge: Record) -> Record:
    """Book a refund at once; Stripe keeps the fee."""
    type_ = "refund" if charge["id"].startswith("ch_") else "payment_refund"
    return book(world, refund, -refund["amount"], type_=type_, category="refund")


def of_dispute(world: World, dispute: Record, amount: int, category: str) -> Record:
    """Book the withdrawal (with Stripe's fee) or the return (without it) of disputed money."""
    fee = DISPUTE_FEE if amount < 0 and money.exponent(dispute["currency"]) == 2 else 0
    return book(
        world, dispute, amount, fee=fee, fee_text="Dispute fee", type_="adjustment", category=category,
        description=f"Chargeback {'withdrawal' if amount < 0 else 'reversal'} for {dispute['charge']}",
    )  # fmt: skip


def add_funds(world: World, amount: int, currency: str) -> Record:
    """Put money into the platform's available balance, as a top-up from its bank does."""
    source = {"id": new_id("tu_"), "currency": currency, "description": "Top-up"}
    return book(world, source, amount, type_="topup", category="topup")


def take_fee(world: World, amount: int, currency: str, account: str = "") -> Record:
    """Take a fee that belongs to no payment, such as Stripe's monthly ones."""
    source = {"id": None, "currency": currency, "description": "Active account fee"}
    return book(world, source, -amount, type_="stripe_fee", category="fee", account=account)


def book(
    world: World,
    source: Record,
    amount: int,
    *,
    type_: str,
    category: str,
    fee: int = 0,
    fee_text: str = "Stripe processing fees",
    on: int = 0,
    account: str = "",
    description: str | None = None,
) -> Record:
    """Record what ``source`` did to the balance of the platform or a connected account, from ``on`` at the earliest."""
    details = {"amount": fee, "application": None, "currency": source["currency"], "type": "stripe_fee"}
    return world.store.put(
        {
            **({OWNER: account} if account else {}),
            "id": new_id("txn_"),
            "object": "balance_transaction",
            "amount": amount,
            "available_on": max(on, world.now()),
            "balance_type": "payments",
            "created": world.now(),
            "currency": source["currency"],
            "description": description or source.get("description"),
            "exchange_rate": None,
            "fee": fee,
            "fee_details": [details | {"description": fee_text}] if fee else [],
            "net": amount - fee,
            "reporting_category": category,
            "source": source["id"],
            "status": "pending" if on > world.now() else "available",
            "type": type_,
        }
    )


def sums(world: World, account: str = "") -> dict[str, tuple[int, int]]:
    """Give (available, pending) by currency."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for transaction in world.of("balance_transaction", account):
        pending = _aged(world, transaction)["status"] == "pending"
        found[transaction["currency"]][pending] += transaction["net"]
    return {currency: (available, pending) for currency, (available, pending) in sorted(found.items())}


def require(world: World, amount: int, currency: str, account: str = "", *, message: str = INSUFFICIENT) -> None:
    """:raises ApiError: less than ``amount`` is available (code ``balance_insufficient``, no parameter)."""
    if sums(world, account).get(currency, (0, 0))[0] < amount:
        raise ApiError(message, code="balance_insufficient")


def of_account(call: Call) -> Record:
    """GET /v1/balance"""
    world = call.world
    home = world.get(call.account, "account")["default_currency"] if call.account else "usd"
    found = sums(world, call.account) or {home: (0, 0)}

    def side(index: int) -> list[Record]:
        return [
            {"amount": both[index], "currency": currency, "source_types": {"card": both[index]}}
            for currency, both in found.items()
        ]

    answer: dict[str, Any] = {"object": "balance", "available": side(0), "livemode": False, "pending": side(1)}
    reserved = [{"amount": 0, "currency": currency} for currency in found]
    return answer if call.account else answer | {"connect_reserved": reserved}


def retrieve_raw(world: World, id_: str) -> Record:
    """Give a balance transaction whoever it belongs to."""
    return _aged(world, world.store.objects[id_])


def retrieve(call: Call) -> Record:
    """GET /v1/balance_transactions/{id}"""
    return _aged(call.world, call.world.get(call.id, "balance_transaction", account=call.account))


def list_(call: Call) -> Record:
    """GET /v1/balance_transactions"""
    items = [_aged(call.world, item) for item in call.world.of("balance_transaction", call.account)]
    if "payout" in call.params:
        items = [item for item in items if item.get("_payout") == call.params["payout"]]
    return lists.page(call, items, "/v1/balance_transactions", filters=("currency", "source", "type"))


def _aged(world: World, transaction: Record) -> Record:
    """Let a transaction become available when its day has come."""
    if transaction["status"] == "pending" and transaction["available_on"] <= world.now():
        transaction["status"] = "available"
        world.store.put(transaction)
    return transaction


FILTERS = lists.PAGING | {"currency", "payout", "source", "type"}
ROUTES = (
    Route("GET", "/v1/balance", BalanceRetrieveParams, of_account, connected=True),
    Route("GET", "/v1/balance_transactions", BalanceTransactionListParams, list_, FILTERS, connected=True),
    Route("GET", "/v1/balance_transactions/{id}", BalanceTransactionRetrieveParams, retrieve, connected=True),
)
