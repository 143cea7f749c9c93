"""Balance transactions: what each charge and refund did to our money at Stripe."""

from __future__ import annotations

from stripe.params import BalanceTransactionListParams, BalanceTransactionRetrieveParams

from tests.fakestripe import money
from tests.fakestripe.resources import lists
from tests.fakestripe.store import Record, new_id
from tests.fakestripe.world import Call, Route, World

TWO_DAYS = 2 * 24 * 3600


def of_charge(world: World, charge: Record) -> Record:
    """Book a charge less its fee; the money is available after two days."""
    fee = money.fee(charge["amount"], charge["currency"])
    type_ = "charge" if charge["id"].startswith("ch_") else "payment"
    return _book(world, charge, charge["amount"], fee, type_=type_, category="charge", days=TWO_DAYS)


def of_refund(world: World, refund: Record, charge: Record) -> Record:
    """Book a refund at once; Stripe keeps the fee."""
    type_ = "refund" if charge["id"].startswith("ch_") else "payment_refund"
    return _book(world, refund, -refund["amount"], 0, type_=type_, category="refund", days=0)


def _book(world: World, source: Record, amount: int, fee: int, *, type_: str, category: str, days: int) -> Record:
    details = {"amount": fee, "application": None, "currency": source["currency"], "type": "stripe_fee"}
    return world.store.put(
        {
            "id": new_id("txn_"),
            "object": "balance_transaction",
            "amount": amount,
            "available_on": world.now() + days,
            "balance_type": "payments",
            "created": world.now(),
            "currency": source["currency"],
            "description": source.get("description"),
            "exchange_rate": None,
            "fee": fee,
            "fee_details": [details | {"description": "Stripe processing fees"}] if fee else [],
            "net": amount - fee,
            "reporting_category": category,
            "source": source["id"],
            "status": "pending" if days else "available",
            "type": type_,
        }
    )


def retrieve(call: Call) -> Record:
    """GET /v1/balance_transactions/{id}"""
    return _aged(call.world, call.world.get(call.id, "balance_transaction"))


def list_(call: Call) -> Record:
    """GET /v1/balance_transactions"""
    items = [_aged(call.world, item) for item in call.world.store.of("balance_transaction")]
    return lists.page(call, items, "/v1/balance_transactions", filters=("currency", "source", "type"))


def _aged(world: World, transaction: Record) -> Record:
    """Let a transaction become available when its day has come."""
    if transaction["status"] == "pending" and transaction["available_on"] <= world.now():
        transaction["status"] = "available"
        world.store.put(transaction)
    return transaction


ROUTES = (
    Route(
        "GET",
        "/v1/balance_transactions",
        BalanceTransactionListParams,
        list_,
        lists.PAGING | {"currency", "source", "type"},
    ),
    Route("GET", "/v1/balance_transactions/{id}", BalanceTransactionRetrieveParams, retrieve),
)
