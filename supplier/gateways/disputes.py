"""Disputed payments: what the customer's bank says, and our answer to it. Calls to the outside, as ``stripe``'s.

The events ``charge.dispute.*`` say when to look. Their object has no marks of ours: fetch the dispute, it tells
the order by the charge behind it. Stripe takes the disputed money and a fee from S's balance at once and gives
the money (not the fee) back when the dispute is won; ``balance_transactions(source=dispute_id)`` of the payout
gateway lists both bookings.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from s2b2c.kernel.errors import StateRefused
from supplier.gateways import connection
from supplier.gateways.amounts import from_stripe

OPEN = frozenset(["needs_response", "warning_needs_response"])
OVER = frozenset(["won", "lost", "warning_closed", "prevented"])
LONGEST = 20_000  # characters of one piece of evidence; Stripe's limit is 150,000 together


@dataclass(frozen=True, slots=True)
class DisputeFact:
    """What the provider says of a dispute now.

    ``state``: ``needs_response`` → ``under_review`` → ``won`` or ``lost`` (nobody answered by ``due_at``: lost). The
    same with ``warning_`` is an inquiry, which takes no money yet; it ends as ``warning_closed``.
    ``gone_back_minor`` is what c has of this payment if it is lost beyond what was paid: a refund went out before.
    ``taken_minor`` is what the dispute took from S's balance so far, the fee included, less what came back; it is in
    ``taken_currency``, the currency the account settles in. ``booked``: it stands in the provider's books, an inquiry does not.
    """

    dispute_id: str
    state: str
    reason: str
    amount_minor: int
    currency: str
    charge: str
    payment_intent: str
    created_at: dt.datetime
    due_at: dt.datetime | None = None
    order_number: str = ""
    reseller_slug: str = ""
    submissions: int = 0
    fee_minor: int = 0
    gone_back_minor: int = 0
    taken_minor: int = 0
    taken_currency: str = ""
    booked: bool = False
    evidence: dict[str, str] = field(default_factory=dict)

    @property
    def can_answer(self) -> bool:
        """Evidence may still be handed in."""
        return self.state in OPEN

    @property
    def over(self) -> bool:
        """Nothing can change any more."""
        return self.state in OVER


@dataclass(frozen=True, slots=True)
class Evidence:
    """What we hand to the customer's bank; what is empty is left as it was. Dates as a person writes them."""

    customer_name: str = ""
    customer_email_address: str = ""
    customer_purchase_ip: str = ""
    product_description: str = ""
    billing_address: str = ""
    shipping_address: str = ""
    shipping_carrier: str = ""
    shipping_date: str = ""
    shipping_tracking_number: str = ""
    refund_policy_disclosure: str = ""
    refund_refusal_explanation: str = ""
    uncategorized_text: str = ""


def retrieve_dispute(dispute_id: str) -> DisputeFact:
    """Ask how a dispute stands. :raises NotFound: there is none."""
    with connection.errors({}):
        return _fact(connection.client().v1.disputes.retrieve(dispute_id, {"expand": ["charge"]}))


def disputes_of(*, payment_intent: str) -> tuple[DisputeFact, ...]:
    """Give the disputes of a payment, newest first; hardly ever more than one."""
    with connection.errors({}):
        found = connection.client().v1.disputes.list({"payment_intent": payment_intent, "expand": ["data.charge"]})
        return tuple(_fact(made) for made in found.auto_paging_iter())


def submit_evidence(*, dispute_id: str, evidence: Evidence, final: bool = False) -> DisputeFact:
    """Keep evidence at the provider; with ``final`` hand it to the bank, which is possible once.

    The same again changes nothing: call again when no answer came.

    :raises StateRefused: the dispute was answered, or is over.
    :raises NotFound: there is none.
    """
    before = retrieve_dispute(dispute_id)
    told = {name: value[:LONGEST] for name, value in asdict(evidence).items() if value}
    if not before.can_answer:
        if final and before.submissions and told.items() <= before.evidence.items():
            return before  # the answer to our first try was lost
        raise StateRefused("dispute_answered", _("This dispute can't be answered any more."))
    params: Any = {"evidence": told, "submit": final, "expand": ["charge"]}
    with connection.errors({}):
        return _fact(connection.client().v1.disputes.update(dispute_id, params))


def accept_dispute(dispute_id: str) -> DisputeFact:
    """Give in: the dispute is lost, the money stays with the customer. Can't be undone; again changes nothing.

    :raises StateRefused: it was won meanwhile.
    :raises NotFound: there is none.
    """
    before = retrieve_dispute(dispute_id)
    if before.state == "lost":
        return before
    if before.over:
        raise StateRefused("dispute_over", _("This dispute is over."))
    with connection.errors({}):
        return _fact(connection.client().v1.disputes.close(dispute_id, {"expand": ["charge"]}))


def _fact(made: Any) -> DisputeFact:
    told: dict[str, Any] = made.to_dict(recursive=True)
    currency, charge, details = told["currency"].upper(), told["charge"], told["evidence_details"]
    marks: dict[str, str] = charge.get("metadata") or {}
    booked = told["balance_transactions"]
    settled = booked[0]["currency"].upper() if booked else currency
    due = details["due_by"]
    return DisputeFact(
        dispute_id=told["id"],
        state=told["status"],
        reason=told["reason"],
        amount_minor=from_stripe(told["amount"], currency),
        currency=currency,
        charge=charge["id"],
        payment_intent=told["payment_intent"] or "",
        created_at=dt.datetime.fromtimestamp(told["created"], tz=dt.UTC),
        due_at=dt.datetime.fromtimestamp(due, tz=dt.UTC) if due else None,
        order_number=marks.get("order_number", ""),
        reseller_slug=marks.get("reseller", ""),
        submissions=details["submission_count"],
        gone_back_minor=from_stripe(max(0, told["amount"] + charge["amount_refunded"] - charge["amount"]), currency),
        fee_minor=from_stripe(sum(item["fee"] for item in booked), settled),
        taken_minor=from_stripe(-sum(item["net"] for item in booked), settled),
        taken_currency=settled,
        booked=bool(booked),
        evidence={name: value for name, value in told["evidence"].items() if isinstance(value, str) and value},
    )
