"""Money given back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from orders.gateways.facts import RefundFact
from orders.gateways.stripe import client
from supplier.gateways import amounts
from supplier.gateways.connection import KEY

REASONS = frozenset(["duplicate", "fraudulent", "requested_by_customer"])


def refund(
    *,
    payment_intent: str,
    amount_minor: int,
    currency: str,
    idempotency_key: str,
    reason: str = "",
    metadata: Mapping[str, str] | None = None,
    earlier_keys: Collection[str] = (),
) -> RefundFact:
    """Give money back, in full or in part. Store the key before the first try and keep it for each.

    One key moves money once, also when tried again after days: Stripe forgets keys after 24 hours,
    so the key is kept in the refund's metadata and looked for first. ``earlier_keys`` are those of tries that were
    refused: what was made under one of them all the same, and did not fail, is given. ``reason`` is one of Stripe's,
    or words of our own that go into the metadata too.

    :raises Refused: ``already_refunded``, ``refund_too_large``, ``charge_disputed``, ``balance_insufficient``;
        no money moved.
    """
    params: dict[str, Any] = {"payment_intent": payment_intent, "amount": amounts.to_stripe(amount_minor, currency)}
    notes = {name[:40]: str(value)[:500] for name, value in (metadata or {}).items()} | {KEY: idempotency_key}
    if reason in REASONS:
        params["reason"] = reason
    elif reason:
        notes["reason"] = reason[:500]
    with client.errors():
        for made in client.get().v1.refunds.list({"payment_intent": payment_intent, "limit": 100}).auto_paging_iter():
            fact = _refund_fact(made.to_dict(recursive=True))
            if fact.metadata.get(KEY) == idempotency_key:
                return fact
            if fact.metadata.get(KEY) in earlier_keys and fact.state not in ("failed", "canceled"):
                return fact
        made = client.get().v1.refunds.create(params | {"metadata": notes}, {"idempotency_key": idempotency_key})  # type: ignore[arg-type]
    return _refund_fact(made.to_dict(recursive=True))


def retrieve_refund(refund_id: str) -> RefundFact:
    """Ask what became of a refund: a bank may still refuse it days later.

    :raises NotFound: Stripe has no such refund.
    """
    with client.errors():
        return _refund_fact(client.get().v1.refunds.retrieve(refund_id).to_dict(recursive=True))


def _refund_fact(made: Mapping[str, Any]) -> RefundFact:
    currency = made["currency"].upper()
    return RefundFact(
        refund_id=made["id"],
        state=made["status"] or "pending",
        payment_intent=made["payment_intent"] or "",
        amount_minor=amounts.from_stripe(made["amount"], currency),
        currency=currency,
        metadata=dict(made["metadata"] or {}),
    )
