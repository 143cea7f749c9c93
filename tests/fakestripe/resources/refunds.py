"""Refunds, in full or in part, never above what was paid."""

from __future__ import annotations

from typing import Any

from stripe.params import RefundCreateParams, RefundListParams, RefundRetrieveParams

from tests.fakestripe import money
from tests.fakestripe.errors import ApiError
from tests.fakestripe.resources import balance, lists, payments
from tests.fakestripe.store import Record, new_id
from tests.fakestripe.world import Call, Route, World, public


def create(call: Call) -> Record:
    """POST /v1/refunds"""
    charge = _charge(call.world, call.params)
    return public(book(call.world, charge, _amount(call.params, charge), call.params, call))


def book(
    world: World, charge: Record, amount: int, params: dict[str, Any], call: Call | None = None, *, id_: str = ""
) -> Record:
    """Give an amount of a charge back that was found to be there."""
    made = _refund(world, charge, amount, params)
    refund = world.store.put(made | {"id": id_ or made["id"]})
    refund["balance_transaction"] = balance.of_refund(world, refund, charge)["id"]
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    world.store.put(charge)
    world.emit("refund.created", refund, call)
    world.emit("charge.refunded", charge, call)
    return refund


def _charge(world: World, params: dict[str, Any]) -> Record:
    if "charge" in params:
        return world.get(params["charge"], "charge", param="charge")
    if "payment_intent" not in params:
        raise ApiError("One of the following params should be provided for this request: payment_intent or charge.")
    payments.recall(world, params["payment_intent"])
    intent = world.get(params["payment_intent"], "payment_intent", param="payment_intent")
    if intent["status"] != "succeeded":
        raise ApiError(
            f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.", param="payment_intent"
        )
    return world.get(intent["latest_charge"], "charge", param="charge")


def _amount(params: dict[str, Any], charge: Record) -> int:
    """Give the amount to refund.

    Stripe's refusal of too much carries ``param: amount`` and no code; only a charge that was
    refunded in full has the code ``charge_already_refunded``.
    """
    left = charge["amount"] - charge["amount_refunded"]
    if charge["disputed"] and not charge.get("_dispute_won"):
        raise ApiError(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    if left == 0:
        raise ApiError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = params.get("amount", left)
    if amount < 1:
        raise ApiError("Invalid positive integer", param="amount", code="parameter_invalid_integer")
    if amount > left:
        asked, there = (money.text(value, charge["currency"]) for value in (amount, left))
        raise ApiError(
            f"Refund amount ({asked}) is greater than unrefunded amount on charge ({there})", param="amount"
        )
    return amount


def _refund(world: World, charge: Record, amount: int, params: dict[str, Any]) -> Record:
    card = charge["payment_method_details"]["type"] == "card"
    details: Record = {"type": charge["payment_method_details"]["type"]}
    details[details["type"]] = {"type": "refund", "reference_status": "pending"} if card else {}
    return {
        "id": new_id("re_"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": world.now(),
        "currency": charge["currency"],
        "customer": None,
        "customer_account": None,
        "destination_details": details,
        "metadata": dict(params.get("metadata") or {}),
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def retrieve(call: Call) -> Record:
    """GET /v1/refunds/{id}"""
    return call.world.get(call.id, "refund", account=call.account)


def list_(call: Call) -> Record:
    """GET /v1/refunds"""
    return lists.page(call, call.world.of("refund", call.account), "/v1/refunds", filters=("charge", "payment_intent"))


ROUTES = (
    Route(
        "POST",
        "/v1/refunds",
        RefundCreateParams,
        create,
        frozenset(["amount", "charge", "payment_intent", "reason", "metadata"]),
    ),
    Route("GET", "/v1/refunds", RefundListParams, list_, lists.PAGING | {"charge", "payment_intent"}),
    Route("GET", "/v1/refunds/{id}", RefundRetrieveParams, retrieve),
)
