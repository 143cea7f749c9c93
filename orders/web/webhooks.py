"""What the payment provider tells us, on the platform's host: store, pass on, answer."""

from __future__ import annotations

import json

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from orders.gateways import stripe as gateway
from s2b2c.accounts.permissions import public
from s2b2c.kernel import events
from s2b2c.kernel.errors import Refused
from s2b2c.outbox import publisher
from s2b2c.outbox.models import WebhookReceipt
from s2b2c.tenancy.models import Reseller
from supplier.services.settlement import accounts

# A refund that was taken may still come back from the bank, days later.
_OF_REFUNDS = ("refund.updated", "refund.failed", "charge.refund.updated")
_OF_BANKS = ("payout.paid", "payout.failed")


@public
@csrf_exempt
@require_POST
def stripe(request: HttpRequest) -> HttpResponse:
    """Store an event once and wake the worker that fetches the truth. Unsigned messages get a 400."""
    try:
        fact = gateway.parse_event(request.body, request.headers.get("Stripe-Signature", ""))
    except (Refused, ValueError, KeyError, TypeError):
        return JsonResponse({"error": "signature"}, status=400)
    with transaction.atomic():
        _receipt, created = WebhookReceipt.objects.get_or_create(
            provider="stripe",
            event_id=fact.id,
            defaults={"kind": fact.type, "payload": json.loads(request.body)},
        )
        if created:
            _pass_on(fact)
    return HttpResponse(status=200)


def _pass_on(fact: gateway.EventFact) -> None:
    if fact.type.startswith("charge.dispute."):  # its order is told by the charge, which is fetched
        publisher.publish(events.DisputeReported(reseller_id=0, order_number="", dispute_id=fact.object_id))
        return
    if fact.type in _OF_BANKS and fact.account:  # what a reseller's account at the provider paid to its bank
        whose = accounts.reseller_of(fact.account)
        if whose is not None:
            publisher.publish(events.PayoutAccountReported(reseller_id=whose, order_number=""))
        return
    reseller_id = Reseller.objects.filter(slug=fact.metadata.get("reseller", "")).values_list("id", flat=True).first()
    if reseller_id is None:
        return
    if fact.type == "account.updated":  # a reseller's account at the provider, by the mark we gave it
        publisher.publish(events.PayoutAccountReported(reseller_id=reseller_id, order_number=""))
        return
    number, refund_id = fact.metadata.get("order_number", ""), fact.metadata.get("refund", "")
    if fact.type.startswith("checkout.session."):
        publisher.publish(
            events.PaymentReported(reseller_id=reseller_id, order_number=number, session_id=fact.object_id)
        )
    elif fact.type in _OF_REFUNDS and refund_id.isdecimal():
        publisher.publish(
            events.RefundReported(reseller_id=reseller_id, order_number=number, refund_id=int(refund_id))
        )
