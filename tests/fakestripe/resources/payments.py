"""Payment intents and charges: made by the hosted page, read through the API."""

from __future__ import annotations

import re
from typing import Any

from stripe.params import ChargeListParams, ChargeRetrieveParams, PaymentIntentListParams, PaymentIntentRetrieveParams

from tests.fakestripe import money
from tests.fakestripe.resources import balance, lists
from tests.fakestripe.store import Record, new_id
from tests.fakestripe.world import Call, Route, World

_NO_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
DEMO = re.compile(r"pi_demo_[0-9a-z]{8}_([1-9]\d{0,9})_([a-z]{3})")
DECLINED = "Your card was declined."
NO_FUNDS = "The customer's account has insufficient funds to cover this payment."


def begin(world: World, session: Record, id_: str = "") -> Record:
    """Make the payment intent of a checkout: only now, when the customer first tries to pay."""
    id_ = id_ or new_id("pi_")
    data: dict[str, Any] = session["_intent"]
    intent = {
        "id": id_,
        "object": "payment_intent",
        "allowed_payment_method_types": None,
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{id_}_secret_{new_id('', 25)}",
        "confirmation_method": "automatic",
        "created": world.now(),
        "currency": session["currency"],
        "customer": None,
        "customer_account": None,
        "description": data.get("description"),
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "managed_payments": None,
        "metadata": dict(data.get("metadata") or {}),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": session["payment_method_types"],
        "processing": None,
        "receipt_email": data.get("receipt_email"),
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": data.get("transfer_group"),
    }
    world.store.put(intent)
    world.emit("payment_intent.created", intent)
    return intent


def start(world: World, intent: Record, method: str, email: str | None) -> Record:
    """Begin a payment whose bank answers in days: the charge is pending, nothing is booked."""
    charge = make_charge(world, intent, method, email, failed=False)
    charge |= {"amount_captured": 0, "paid": False, "status": "pending", "receipt_url": None}
    world.store.put(charge)
    intent |= {
        "status": "processing",
        "latest_charge": charge["id"],
        "payment_method": charge["payment_method"],
        "last_payment_error": None,
    }
    world.store.put(intent)
    world.emit("charge.pending", charge)
    world.emit("payment_intent.processing", intent)
    return charge


def end(world: World, intent: Record, *, failed: bool) -> Record:
    """Let the bank answer what was begun with ``start``."""
    charge = world.store.objects[intent["latest_charge"]]
    if not failed:
        return _received(world, intent, charge | {"amount_captured": charge["amount"], "paid": True})
    charge |= {
        "status": "failed",
        "captured": False,
        "failure_code": "insufficient_funds",
        "failure_message": NO_FUNDS,
    }
    charge["outcome"] = _outcome(True)
    error = {"type": "invalid_request_error", "code": "payment_method_provider_decline", "message": NO_FUNDS}
    intent |= {"status": "requires_payment_method", "last_payment_error": {**error, "charge": charge["id"]}}
    for record, type_ in ((charge, "charge.failed"), (intent, "payment_intent.payment_failed")):
        world.store.put(record)
        world.emit(type_, record)
    return charge


def succeed(world: World, intent: Record, method: str, email: str | None) -> Record:
    """Charge the customer and book the balance transaction."""
    return _received(world, intent, make_charge(world, intent, method, email, failed=False))


def _received(world: World, intent: Record, charge: Record) -> Record:
    charge |= {"status": "succeeded", "receipt_url": f"{world.public_url}/receipts/{charge['id']}"}
    world.store.put(charge)
    charge["balance_transaction"] = balance.of_charge(world, charge)["id"]
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "latest_charge": charge["id"],
        "payment_method": charge["payment_method"],
        "last_payment_error": None,
    }
    world.store.put(intent)
    world.emit("charge.succeeded", charge)
    world.emit("payment_intent.succeeded", intent)
    return charge


def recall(world: World, id_: str) -> None:
    """Bring a payment of the demo world's past into being: ``pi_demo_<order>_<amount>_<currency>``.

    The demo's history was made without this server; its payments can still be refunded, and their margin transferred.
    """
    told = DEMO.fullmatch(id_)
    if told and id_ not in world.store.objects:
        session = {"amount_total": int(told[1]), "currency": told[2], "payment_method_types": ["card"], "_intent": {}}
        succeed(world, begin(world, session, id_), "card", None)


def fail(world: World, intent: Record, email: str | None) -> Record:
    """Let the bank decline; the customer may try again."""
    charge = world.store.put(make_charge(world, intent, "card", email, failed=True))
    error = {"type": "card_error", "code": "card_declined", "decline_code": "generic_decline", "message": DECLINED}
    intent |= {
        "status": "requires_payment_method",
        "latest_charge": charge["id"],
        "last_payment_error": {**error, "charge": charge["id"]},
    }
    world.store.put(intent)
    world.emit("charge.failed", charge)
    world.emit("payment_intent.payment_failed", intent)
    return charge


def make_charge(world: World, intent: Record, method: str, email: str | None, *, failed: bool) -> Record:
    """Give a charge of an intent's amount, not yet kept or booked."""
    card = method == "card"
    id_ = new_id("ch_" if card else "py_")
    return {
        "id": id_,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0 if failed else intent["amount"],
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": {"address": _NO_ADDRESS, "email": email, "name": None, "phone": None, "tax_id": None},
        "calculated_statement_descriptor": world.business_name[:22].upper() if card else None,
        "captured": not failed,
        "created": world.now(),
        "currency": intent["currency"],
        "customer": None,
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": "card_declined" if failed else None,
        "failure_message": DECLINED if failed else None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": None,
        "outcome": _outcome(failed),
        "paid": not failed,
        "payment_intent": intent["id"],
        "payment_method": new_id("pm_"),
        "payment_method_details": {"type": method, method: _card(failed) if card else _wallet(method)},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None if failed else f"{world.public_url}/receipts/{id_}",
        "refunded": False,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "failed" if failed else "succeeded",
        "transfer_data": None,
        "transfer_group": intent["transfer_group"],
    }


def _outcome(failed: bool) -> Record:
    return {
        "advice_code": "try_again_later" if failed else None,
        "network_advice_code": None,
        "network_decline_code": "05" if failed else None,
        "network_status": "declined_by_network" if failed else "approved_by_network",
        "reason": "generic_decline" if failed else None,
        "seller_message": "The bank did not say why." if failed else "Payment complete.",
        "type": "issuer_declined" if failed else "authorized",
    }


def _card(failed: bool) -> Record:
    return {
        "amount_authorized": None,
        "authorization_code": None,
        "brand": "visa",
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "US",
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": "FakeStripe000001",
        "funding": "credit",
        "installments": None,
        "last4": "0002" if failed else "4242",
        "mandate": None,
        "network": "visa",
        "three_d_secure": None,
        "wallet": None,
    }


def _wallet(method: str) -> Record:
    if method == "stripe_account":
        return {}
    if method in money.BANK_DEBIT:
        return {"bank_name": "STRIPE TEST BANK", "fingerprint": "FakeBank00000001", "last4": "6789"}
    if method == "alipay":
        return {"buyer_id": "2088000000000000", "fingerprint": "FakeAlipay000001", "transaction_id": new_id("", 28)}
    return {"fingerprint": "FakeWeChat000001", "transaction_id": new_id("", 28)}


def retrieve_intent(call: Call) -> Record:
    """GET /v1/payment_intents/{id}"""
    recall(call.world, call.id)
    return call.world.get(call.id, "payment_intent", param="intent")


def list_intents(call: Call) -> Record:
    """GET /v1/payment_intents"""
    return lists.page(call, call.world.store.of("payment_intent"), "/v1/payment_intents")


def retrieve_charge(call: Call) -> Record:
    """GET /v1/charges/{id}"""
    return call.world.get(call.id, "charge", param="charge", account=call.account)


def list_charges(call: Call) -> Record:
    """GET /v1/charges"""
    filters = ("payment_intent", "transfer_group")
    return lists.page(call, call.world.of("charge", call.account), "/v1/charges", filters=filters)


ROUTES = (
    Route("GET", "/v1/payment_intents", PaymentIntentListParams, list_intents, lists.PAGING),
    Route("GET", "/v1/payment_intents/{id}", PaymentIntentRetrieveParams, retrieve_intent),
    Route(
        "GET",
        "/v1/charges",
        ChargeListParams,
        list_charges,
        lists.PAGING | {"payment_intent", "transfer_group"},
        connected=True,
    ),
    Route("GET", "/v1/charges/{id}", ChargeRetrieveParams, retrieve_charge, connected=True),
)
