"""Disputes: opened by a customer's bank, answered with evidence, won or lost."""

from __future__ import annotations

import re
from typing import Any

from stripe.params import DisputeCloseParams, DisputeListParams, DisputeRetrieveParams, DisputeUpdateParams

from tests.fakestripe.errors import ApiError, not_served
from tests.fakestripe.resources import balance, lists, payments
from tests.fakestripe.store import Record, new_id
from tests.fakestripe.world import Call, Route, World, public

NINE_DAYS = 9 * 24 * 3600
MOST_TEXT = 150_000
REASONS = {
    "fraudulent": "10.4",
    "product_not_received": "13.1",
    "product_unacceptable": "13.3",
    "credit_not_processed": "13.6",
    "duplicate": "12.6.1",
    "subscription_canceled": "13.2",
    "unrecognized": "10.4",
    "general": "00",
}
FILES = [
    "cancellation_policy",
    "customer_communication",
    "customer_signature",
    "duplicate_charge_documentation",
    "receipt",
    "refund_policy",
    "service_documentation",
    "shipping_documentation",
    "uncategorized_file",
]
TEXTS = [
    "access_activity_log",
    "billing_address",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_tracking_number",
    "uncategorized_text",
]
OVER = ("won", "lost")
DEMO = re.compile(
    rf"dp_demo_(?P<payment>(?P<order>[0-9a-z]{{8}})_[1-9]\d{{0,9}}_[a-z]{{3}})_(?P<due>\d{{10}})_(?P<reason>{'|'.join(REASONS)})_(?P<shop>[0-9a-z-]+)"
)


def open_(
    world: World,
    charge_id: str,
    reason: str = "fraudulent",
    amount: int | None = None,
    *,
    id_: str = "",
    due_by: int | None = None,
) -> Record:
    """Dispute a card payment, in full or in part: its money is withdrawn at once, also what was refunded already.

    :raises ApiError: the charge can't be disputed (no card, disputed already).
    """
    charge = world.get(charge_id, "charge", param="charge")
    left = charge["amount"] - charge["amount_refunded"]
    amount = (left or charge["amount"]) if amount is None else amount
    if not charge["paid"] or charge["payment_method_details"]["type"] != "card" or charge["disputed"]:
        raise ApiError("Only a paid card payment can be disputed, and only once.", param="charge")
    if not 0 < amount <= charge["amount"] or reason not in REASONS:
        raise ApiError(f"At most {charge['amount']} can be disputed, for one of {', '.join(REASONS)}.", param="amount")
    dispute = _dispute(world, charge, amount, reason)
    dispute["id"] = id_ or dispute["id"]
    dispute["evidence_details"]["due_by"] = due_by or world.now() + NINE_DAYS
    world.store.put(dispute)
    charge["disputed"] = True
    world.store.put(charge)
    _book(world, dispute, -amount, "dispute")
    world.emit("charge.dispute.created", dispute)
    world.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def _book(world: World, dispute: Record, amount: int, category: str) -> None:
    booked = balance.of_dispute(world, dispute, amount, category)
    dispute["balance_transactions"] = [*dispute["balance_transactions"], dict(booked)]
    world.store.put(dispute)


def _dispute(world: World, charge: Record, amount: int, reason: str) -> Record:
    card = {"brand": "visa", "case_type": "chargeback", "network": "visa", "network_reason_code": REASONS[reason]}
    return {
        "id": new_id("dp_"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": world.now(),
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": dict.fromkeys((*FILES, *TEXTS)) | {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": None,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {"type": "card", "card": card},
        "reason": reason,
        "status": "needs_response",
    }


def recall(world: World, id_: str) -> None:
    """Bring an open dispute of the demo world's past into being, of a payment that is recalled with it.

    ``dp_demo_<order>_<amount>_<currency>_<answer by, in Unix seconds>_<reason>_<shop>``, of the whole payment.
    """
    told = DEMO.fullmatch(id_)
    if told is None or id_ in world.store.objects:
        return
    payments.recall(world, intent := f"pi_demo_{told['payment']}")
    charge = world.get(world.get(intent, "payment_intent")["latest_charge"], "charge")
    charge["metadata"] |= {"order_number": told["order"].upper(), "reseller": told["shop"]}
    open_(world, charge["id"], told["reason"], id_=id_, due_by=int(told["due"]))


def load(world: World, id_: str) -> Record:
    """Give a dispute as it is now: one that was not answered in time is lost."""
    recall(world, id_)
    return _aged(world, world.get(id_, "dispute", param="dispute"))


def _aged(world: World, dispute: Record) -> Record:
    if dispute["status"] == "needs_response" and dispute["evidence_details"]["due_by"] <= world.now():
        dispute["evidence_details"]["past_due"] = True
        decide(world, dispute["id"], won=False)
    return dispute


def age(world: World) -> None:
    """Lose every dispute that nobody answered in time."""
    for dispute in list(world.store.of("dispute")):
        _aged(world, dispute)


def decide(world: World, id_: str, *, won: bool, call: Call | None = None) -> Record:
    """Let the bank decide; when the merchant wins the money comes back, Stripe's fee does not."""
    dispute = world.get(id_, "dispute", param="dispute")
    if dispute["status"] in OVER:
        raise ApiError("This dispute is already closed", param="dispute")
    dispute["status"] = "won" if won else "lost"
    world.store.put(dispute)
    if won:
        _book(world, dispute, dispute["amount"], "dispute_reversal")
        world.store.put(world.store.objects[dispute["charge"]] | {"_dispute_won": True})
        world.emit("charge.dispute.funds_reinstated", dispute, call)
    world.emit("charge.dispute.closed", dispute, call)
    return dispute


def retrieve(call: Call) -> Record:
    """GET /v1/disputes/{id}"""
    return load(call.world, call.id)


def list_(call: Call) -> Record:
    """GET /v1/disputes"""
    items = [_aged(call.world, item) for item in list(call.world.of("dispute"))]
    return lists.page(call, items, "/v1/disputes", filters=("charge", "payment_intent"))


def update(call: Call) -> Record:
    """POST /v1/disputes/{id}: stage evidence, or (``submit``, by default) hand it to the bank for good."""
    world, params = call.world, call.params
    dispute = load(world, call.id)
    if dispute["status"] in OVER:
        raise ApiError("This dispute is already closed", param="dispute")
    submits = "evidence" in params and params.get("submit", True)
    if submits and dispute["status"] != "needs_response":
        raise ApiError("This dispute was already answered and can't be answered again.", param="dispute")
    _add_evidence(dispute, params.get("evidence") or {})
    dispute["metadata"] |= params.get("metadata", {})
    details = dispute["evidence_details"]
    details["has_evidence"] = any(dispute["evidence"][name] for name in TEXTS)
    if submits:
        dispute["status"] = "under_review"
        details["submission_count"] += 1
    world.store.put(dispute)
    world.emit("charge.dispute.updated", dispute, call)
    return public(dispute)


def _add_evidence(dispute: Record, evidence: dict[str, Any]) -> None:
    for name in evidence:
        if name not in TEXTS:
            raise not_served(f"evidence in files ({name})", f"evidence[{name}]")
    whole = dispute["evidence"] | evidence
    if sum(len(whole[name] or "") for name in TEXTS) > MOST_TEXT:
        raise ApiError(f"The combined character count of evidence is limited to {MOST_TEXT}.", param="evidence")
    dispute["evidence"] = whole


def close(call: Call) -> Record:
    """POST /v1/disputes/{id}/close: give in."""
    return public(decide(call.world, load(call.world, call.id)["id"], won=False, call=call))


ROUTES = (
    Route("GET", "/v1/disputes", DisputeListParams, list_, lists.PAGING | {"charge", "payment_intent"}),
    Route("GET", "/v1/disputes/{id}", DisputeRetrieveParams, retrieve),
    Route(
        "POST",
        "/v1/disputes/{id}",
        DisputeUpdateParams,
        update,
        frozenset(["evidence", "metadata", "submit"]),
    ),
    Route("POST", "/v1/disputes/{id}/close", DisputeCloseParams, close),
)
