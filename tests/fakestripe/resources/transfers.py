"""Transfers from the platform's balance to connected accounts, and their reversals."""

from __future__ import annotations

from typing import Any

from stripe.params import (
    TransferCreateParams,
    TransferListParams,
    TransferRetrieveParams,
    TransferReversalCreateParams,
    TransferReversalListParams,
    TransferReversalRetrieveParams,
    TransferUpdateParams,
)

from tests.fakestripe import money
from tests.fakestripe.errors import ApiError, no_such
from tests.fakestripe.resources import arrivals, balance, lists
from tests.fakestripe.store import Record, new_id
from tests.fakestripe.world import OWNER, Call, Route, World, public

SERVED = frozenset(
    ["amount", "currency", "description", "destination", "metadata", "source_transaction", "transfer_group"]
)


def create(call: Call) -> Record:
    """POST /v1/transfers"""
    world, params = call.world, call.params
    params["currency"] = params["currency"].lower()
    account = _destination(world, params["destination"])
    charge = _source(world, params)
    if charge is None:
        amount = _positive(params.get("amount"))
        balance.require(world, amount, params["currency"])
    transfer = _transfer(world, params, charge)
    on = balance.retrieve_raw(world, charge["balance_transaction"])["available_on"] if charge else 0
    booked = balance.book(world, transfer, -transfer["amount"], type_="transfer", category="transfer", on=on)
    payment = _arrival(world, transfer, account, on)
    transfer |= {"balance_transaction": booked["id"], "destination_payment": payment["id"]}
    world.store.put(transfer)
    world.emit("transfer.created", transfer, call)
    world.emit("payment.created", payment, account=account["id"])
    return public(transfer)


def _positive(amount: Any, name: str = "amount") -> int:
    if amount is None:
        raise ApiError(f"Missing required param: {name}.", param=name, code="parameter_missing", saved=False)
    if amount < 1:
        raise ApiError("Invalid positive integer", param=name, code="parameter_invalid_integer", saved=False)
    return amount


def _destination(world: World, id_: str) -> Record:
    account = world.store.objects.get(id_)
    if account is None or account["object"] != "account":
        raise no_such("destination", id_, "destination")
    if account["capabilities"].get("transfers") != "active":
        raise ApiError(
            "Your destination account needs to have at least one of the following capabilities enabled: transfers, "
            "crypto_transfers, legacy_payments",
            code="insufficient_capabilities_for_transfer",
        )
    return account


def _source(world: World, params: dict[str, Any]) -> Record | None:
    """Give the charge a transfer draws from: not more than it, in its currency; it may still be pending."""
    if "source_transaction" not in params:
        return None
    charge = world.get(params["source_transaction"], "charge", param="source_transaction")
    if charge["balance_transaction"] is None:
        raise ApiError("The source transaction has no money to transfer.", param="source_transaction")
    if charge["currency"] != params["currency"]:
        raise ApiError(
            f"The currency of source_transaction's balance transaction ({charge['currency']}) must be the same as the "
            f"transfer currency ({params['currency']})",
            param="currency",
        )
    siblings = [item for item in world.of("transfer") if item["source_transaction"] == charge["id"]]
    used = sum(item["amount"] - item["amount_reversed"] for item in siblings)
    params["amount"] = _positive(params.get("amount", charge["amount"] - used))
    if used + params["amount"] > charge["amount"]:
        whole, gone = (money.text(value, charge["currency"]) for value in (charge["amount"], used))
        message = f"Transfers using this transaction as a source must not exceed the source amount of {whole}."
        raise ApiError(f"{message} (There is already a transfer using this source, amounting to {gone}.)")
    if params.get("transfer_group") and charge["transfer_group"] not in (None, params["transfer_group"]):
        raise ApiError("The transfer_group of the source transaction is another one.", param="transfer_group")
    return charge


def _transfer(world: World, params: dict[str, Any], charge: Record | None) -> Record:
    id_ = new_id("tr_")
    return {
        "id": id_,
        "object": "transfer",
        "amount": params["amount"],
        "amount_reversed": 0,
        "balance_transaction": None,
        "created": world.now(),
        "currency": params["currency"],
        "description": params.get("description"),
        "destination": params["destination"],
        "destination_payment": None,
        "livemode": False,
        "metadata": dict(params.get("metadata") or {}),
        "reversals": {"object": "list", "data": [], "has_more": False, "url": f"/v1/transfers/{id_}/reversals"},
        "reversed": False,
        "source_transaction": charge["id"] if charge else None,
        "source_type": "card",
        "transfer_group": params.get("transfer_group") or (charge or {}).get("transfer_group"),
    }


def _arrival(world: World, transfer: Record, account: Record, on: int) -> Record:
    """Make the payment a transfer is at the connected account."""
    payment = arrivals.arrival(world, transfer) | {OWNER: account["id"]}
    booked = balance.book(
        world, payment, transfer["amount"], type_="payment", category="charge", on=on, account=account["id"]
    )
    return world.store.put(payment | {"balance_transaction": booked["id"]})


def retrieve(call: Call) -> Record:
    """GET /v1/transfers/{id}"""
    return call.world.get(call.id, "transfer", param="transfer")


def update(call: Call) -> Record:
    """POST /v1/transfers/{id}"""
    transfer = call.world.get(call.id, "transfer", param="transfer")
    transfer["metadata"] |= call.params.get("metadata", {})
    transfer["description"] = call.params.get("description", transfer["description"])
    call.world.store.put(transfer)
    call.world.emit("transfer.updated", transfer, call)
    return public(transfer)


def list_(call: Call) -> Record:
    """GET /v1/transfers"""
    return lists.page(call, call.world.of("transfer"), "/v1/transfers", filters=("destination", "transfer_group"))


def reverse(call: Call) -> Record:
    """POST /v1/transfers/{id}/reversals"""
    world = call.world
    transfer = world.get(call.id, "transfer", param="transfer")
    amount = _amount(world, transfer, call.params)
    reversal = _reversal(world, transfer, amount, call.params)
    _take_back(world, transfer, reversal)
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    transfer["reversals"]["data"] = [public(reversal), *transfer["reversals"]["data"]][:10]
    transfer["reversals"]["has_more"] = len(list(_reversals(world, transfer))) > 10
    world.store.put(transfer)
    world.emit("transfer.reversed", transfer, call)
    return public(reversal)


def _amount(world: World, transfer: Record, params: dict[str, Any]) -> int:
    """Give the amount to reverse: not above what is left of the transfer, nor what the account still has."""
    left = transfer["amount"] - transfer["amount_reversed"]
    if left == 0:
        raise ApiError(f"Transfer {transfer['id']} is already fully reversed.", param="transfer")
    amount = _positive(params.get("amount", left))
    if amount > left:
        asked, there = (money.text(value, transfer["currency"]) for value in (amount, left))
        message = f"Reversal amount ({asked}) is greater than unreversed amount on transfer ({there})"
        raise ApiError(message, param="amount")
    there = sum(balance.sums(world, transfer["destination"]).get(transfer["currency"], (0, 0)))
    if there < amount:
        message = f"The connected account {transfer['destination']} has insufficient funds for this reversal."
        raise ApiError(message, code="balance_insufficient")
    return amount


def _reversal(world: World, transfer: Record, amount: int, params: dict[str, Any]) -> Record:
    return {
        "id": new_id("trr_"),
        "object": "transfer_reversal",
        "amount": amount,
        "balance_transaction": None,
        "created": world.now(),
        "currency": transfer["currency"],
        "destination_payment_refund": None,
        "metadata": dict(params.get("metadata") or {}),
        "source_refund": None,
        "transfer": transfer["id"],
    }


def _take_back(world: World, transfer: Record, reversal: Record) -> None:
    """Book a reversal at both sides; what was pending for the account stays pending for the platform."""
    amount, account = reversal["amount"], transfer["destination"]
    payment = world.store.objects[transfer["destination_payment"]]
    on = balance.retrieve_raw(world, payment["balance_transaction"])["available_on"]
    booked = balance.book(world, reversal, amount, type_="transfer_refund", category="transfer_reversal", on=on)
    refund = world.store.put(arrivals.return_of(world, payment, reversal) | {OWNER: account})
    theirs = balance.book(world, refund, -amount, type_="payment_refund", category="refund", on=on, account=account)
    world.store.put(refund | {"balance_transaction": theirs["id"]})
    payment["amount_refunded"] += amount
    payment["refunded"] = payment["amount_refunded"] == payment["amount"]
    world.store.put(payment)
    reversal |= {"balance_transaction": booked["id"], "destination_payment_refund": refund["id"]}
    world.store.put(reversal)


def _reversals(world: World, transfer: Record) -> Any:
    return (item for item in world.of("transfer_reversal") if item["transfer"] == transfer["id"])


def list_reversals(call: Call) -> Record:
    """GET /v1/transfers/{id}/reversals"""
    transfer = call.world.get(call.id, "transfer", param="transfer")
    return lists.page(call, _reversals(call.world, transfer), transfer["reversals"]["url"])


def retrieve_reversal(call: Call) -> Record:
    """GET /v1/transfers/{id}/reversals/{id}"""
    reversal = call.world.get(call.id, "transfer_reversal", param="reversal")
    if reversal["transfer"] != call.ids[0]:
        raise no_such("transfer_reversal", call.id, "reversal")
    return reversal


_LISTED = lists.PAGING | {"destination", "transfer_group"}
_PATH = "/v1/transfers/{id}"
ROUTES = (
    Route("POST", "/v1/transfers", TransferCreateParams, create, SERVED),
    Route("GET", "/v1/transfers", TransferListParams, list_, _LISTED),
    Route("GET", _PATH, TransferRetrieveParams, retrieve),
    Route("POST", _PATH, TransferUpdateParams, update, frozenset(["description", "metadata"])),
    Route(
        "POST",
        f"{_PATH}/reversals",
        TransferReversalCreateParams,
        reverse,
        frozenset(["amount", "metadata"]),
    ),
    Route("GET", f"{_PATH}/reversals", TransferReversalListParams, list_reversals, lists.PAGING - {"created"}),
    Route("GET", f"{_PATH}/reversals/{{reversal}}", TransferReversalRetrieveParams, retrieve_reversal),
)
