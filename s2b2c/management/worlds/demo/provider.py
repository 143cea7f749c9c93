"""What the stand-in for the payment provider is told of the demo's past, so that its books can be held beside S's own.

One payment it has was taken by hand and is of no order: the difference somebody has to explain.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from django.conf import settings

from orders.models import Refund
from s2b2c.kernel import clock
from s2b2c.tenancy import context
from s2b2c.tenancy.models import Reseller
from supplier.models import Dispute, SalesOrder
from supplier.services.settlement import reconciling

PAYMENT, REFUND, DISPUTE = "pi_demo_", "re_demo_", "dp_demo_"
BY_HAND_MINOR = 4_200


def tell() -> bool:
    """Tell it all, and read its books; give whether there is a stand-in that listened."""
    if not settings.STRIPE_API_BASE:
        return False
    told = [*_payments(), *_refunds(), *_disputes(), _by_hand()]
    address = f"{settings.STRIPE_API_BASE.rstrip('/')}/_control/past"
    body = json.dumps({"told": told}).encode()
    try:
        urlopen(Request(address, body, {"Content-Type": "application/json"}), timeout=60).close()
    except URLError:  # no stand-in there, or one that is gone: the demo does without
        return False
    reconciling.run()
    return True


def _payments() -> Iterator[dict[str, Any]]:
    orders = SalesOrder.objects.filter(payment_intent__startswith=PAYMENT).select_related("reseller").order_by("id")
    for order in orders:
        marks = {"order_number": order.order_number, "reseller": order.reseller.slug}
        yield {
            "kind": "payment", "at": _at(order.placed_at), "id": order.payment_intent, "amount": order.captured_minor,
            "currency": order.currency.lower(), "metadata": marks, "description": f"{order.reseller.name} {order.order_number}",
        }  # fmt: skip


def _refunds() -> Iterator[dict[str, Any]]:
    paid = dict(SalesOrder.objects.values_list("order_number", "payment_intent"))
    for reseller in Reseller.objects.filter(status=Reseller.Status.OPEN).order_by("id"):
        with context.entered(reseller), context.reading():
            rows = list(
                Refund.objects.filter(provider_id__startswith=REFUND, amount_minor__gt=0).select_related("order")
            )
        for row in rows:
            number = row.order.number
            if paid.get(number, "").startswith(PAYMENT):
                marks = {"order_number": number, "reseller": reseller.slug, "refund": str(row.pk)}
                yield {
                    "kind": "refund", "at": _at(row.done_at or row.created_at), "id": row.provider_id,
                    "payment": paid[number], "amount": row.amount_minor, "metadata": marks,
                }  # fmt: skip


def _disputes() -> Iterator[dict[str, Any]]:
    for row in Dispute.objects.filter(provider_id__startswith=DISPUTE).order_by("id"):
        due = row.due_at or row.opened_at + timedelta(days=9)
        yield {
            "kind": "dispute", "at": _at(row.opened_at), "id": row.provider_id, "payment": row.payment_intent,
            "amount": row.amount_minor, "reason": row.reason, "due": _at(due),
        }  # fmt: skip
        if row.closed_at is not None:
            won = row.state == Dispute.State.WON
            yield {"kind": "dispute_end", "at": _at(row.closed_at), "id": row.provider_id, "won": won}


def _by_hand() -> dict[str, Any]:
    return {
        "kind": "payment", "at": _at(clock.now() - timedelta(days=2)), "id": f"{PAYMENT}byhand", "amount": BY_HAND_MINOR,
        "currency": "usd", "description": "Workshop ticket, payment link",
    }  # fmt: skip


def _at(instant: datetime) -> int:
    return int(instant.timestamp())
