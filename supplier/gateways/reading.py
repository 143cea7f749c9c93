"""Reads the library's objects into facts of ours."""

from __future__ import annotations

import datetime as dt
from typing import Any

from supplier.gateways.amounts import from_stripe
from supplier.gateways.connection import KEY
from supplier.gateways.facts import AccountFact, BookedFact, PayoutFact, ReversalFact, TransferFact


def at(stamp: int) -> dt.datetime:
    """Give an instant of Stripe's."""
    return dt.datetime.fromtimestamp(stamp, tz=dt.UTC)


def account(made: Any) -> AccountFact:
    """Read an account."""
    told: dict[str, Any] = made.to_dict(recursive=True)
    needs: dict[str, Any] = told.get("requirements") or {}
    banks = (told.get("external_accounts") or {}).get("data") or []
    return AccountFact(
        account_id=told["id"],
        country=told.get("country") or "",
        currency=(told.get("default_currency") or "").upper(),
        reseller_slug=(told.get("metadata") or {}).get("reseller", ""),
        email=told.get("email") or "",
        details_submitted=bool(told.get("details_submitted")),
        transfers_active=(told.get("capabilities") or {}).get("transfers") == "active",
        payouts_enabled=bool(told.get("payouts_enabled")),
        charges_enabled=bool(told.get("charges_enabled")),
        due=tuple(needs.get("currently_due") or ()),
        pending=tuple(needs.get("pending_verification") or ()),
        disabled_reason=needs.get("disabled_reason") or "",
        bank=f"{banks[0].get('bank_name') or ''} ···· {banks[0]['last4']}".strip() if banks else "",
    )


def transfer(made: Any) -> TransferFact:
    """Read a transfer."""
    told: dict[str, Any] = made.to_dict(recursive=True)
    currency, metadata = told["currency"].upper(), dict(told["metadata"] or {})
    return TransferFact(
        transfer_id=told["id"],
        account_id=told["destination"],
        amount_minor=from_stripe(told["amount"], currency),
        reversed_minor=from_stripe(told["amount_reversed"], currency),
        currency=currency,
        group=told["transfer_group"] or "",
        created_at=at(told["created"]),
        source_charge=told["source_transaction"] or "",
        balance_transaction=told["balance_transaction"] or "",
        idempotency_key=metadata.get(KEY, ""),
        metadata=metadata,
    )


def reversal(made: Any) -> ReversalFact:
    """Read a reversal."""
    told: dict[str, Any] = made.to_dict(recursive=True)
    currency, metadata = told["currency"].upper(), dict(told["metadata"] or {})
    return ReversalFact(
        reversal_id=told["id"],
        transfer_id=told["transfer"],
        amount_minor=from_stripe(told["amount"], currency),
        currency=currency,
        created_at=at(told["created"]),
        balance_transaction=told["balance_transaction"] or "",
        idempotency_key=metadata.get(KEY, ""),
        metadata=metadata,
    )


def payout(made: Any, account_id: str) -> PayoutFact:
    """Read a payout of an account to its bank."""
    told: dict[str, Any] = made.to_dict(recursive=True)
    currency = told["currency"].upper()
    return PayoutFact(
        payout_id=told["id"],
        account_id=account_id,
        state=told["status"],
        amount_minor=from_stripe(told["amount"], currency),
        currency=currency,
        created_at=at(told["created"]),
        arrives_on=at(told["arrival_date"]).date(),
        automatic=told["automatic"],
        failure_code=told["failure_code"] or "",
        idempotency_key=(told["metadata"] or {}).get(KEY, ""),
    )


def booked(made: Any) -> BookedFact:
    """Read a balance transaction."""
    told: dict[str, Any] = made.to_dict(recursive=True)
    currency = told["currency"].upper()
    behind: dict[str, Any] = told["source"] if isinstance(told["source"], dict) else {"id": told["source"]}
    marks: dict[str, str] = behind.get("metadata") or {}
    amount, fee, net = (from_stripe(told[name], currency) for name in ("amount", "fee", "net"))
    return BookedFact(
        id=told["id"],
        kind=told["reporting_category"],
        type=told["type"],
        source=behind["id"] or "",
        order_number=marks.get("order_number", ""),
        reseller_slug=marks.get("reseller", ""),
        amount_minor=amount,
        fee_minor=fee,
        net_minor=net,
        currency=currency,
        created_at=at(told["created"]),
        available_at=at(told["available_on"]),
        available=told["status"] == "available",
        description=told["description"] or "",
    )
