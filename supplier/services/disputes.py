"""Disputed payments: what the provider says, in our books and at the desk; our answer to it.

The provider's word is fetched, never believed from a message, and everything follows from how the dispute stands: told
twice, late or out of order, one state results. Booked: the money withdrawn (``disputed`` ← ``clearing``), the fee
(``provider_fee`` ← ``clearing``), and the end: won, the money is back; lost, it is borne by whom the dispute names.

A payment no order used was never a sale: no margin is kept back for it, and S bears what it loses, which is only what had
gone back to c already. What had not is c's anyhow.
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock, events
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from s2b2c.outbox import publisher
from s2b2c.tenancy.models import Reseller
from supplier.gateways import disputes as gateway
from supplier.gateways.disputes import DisputeFact, Evidence
from supplier.models import Account, Dispute, OrderNote, ProviderEntry, SalesOrder, Shipment, UnusedPayment
from supplier.selectors import differences
from supplier.selectors.disputes import order_of
from supplier.services import ledger, payout_holds, records
from supplier.services.ledger import Leg
from supplier.services.settlement import recovering

log = logging.getLogger(__name__)

Kind, State, Bearer = Account.Kind, Dispute.State, Dispute.Bearer
PATIENCE = timedelta(minutes=10)  # what was sold a moment ago may still be on its way to S
ASKED = 100  # unknown ones asked about at a time
_TAKEN = (State.NEEDS_RESPONSE, State.UNDER_REVIEW, State.WON, State.LOST)
_RANK = {  # a fact fetched earlier may be written later: it takes nothing back
    State.WARNING_NEEDS_RESPONSE: 0, State.WARNING_UNDER_REVIEW: 1, State.NEEDS_RESPONSE: 2, State.UNDER_REVIEW: 3,
    State.WARNING_CLOSED: 4, State.PREVENTED: 4, State.WON: 4, State.LOST: 4,
}  # fmt: skip


class UnknownPayment(RuntimeError):
    """A shop's payment was disputed of which S has not heard."""


def record(*, dispute_id: str) -> None:
    """Fetch how a dispute stands and make it ours. May be told any number of times, in any order.

    A payment nobody of us knows after :data:`PATIENCE` is no work for a worker that tries again: what the dispute took
    stands open in the provider's books beside ours, is an alarm there, and is asked about each time they are read.

    :raises Unavailable: the provider did not answer.
    :raises UnknownPayment: S has not heard of the payment yet; or of an inquiry's, whose answer has a day and which no line
        of the provider's books would show.
    """
    fact = gateway.retrieve_dispute(dispute_id)
    try:
        settle(fact)
    except UnknownPayment:
        if not fact.booked or fact.created_at > clock.now() - PATIENCE:
            raise
        log.warning("dispute %s: payment %s is unknown", fact.dispute_id, fact.payment_intent)


def catch_up() -> int:
    """Ask again about disputes that stand in the provider's books and not in ours; give how many are known now.

    :raises Unavailable: the provider did not answer.
    """
    known = Dispute.objects.filter(provider_id=OuterRef("source"))
    rows = ProviderEntry.objects.filter(~Exists(known), state=ProviderEntry.State.OPEN, kind__in=differences.DISPUTES)
    found = 0
    for source in sorted(set(rows.exclude(source="").order_by("-booked_at").values_list("source", flat=True)[:ASKED])):
        try:
            found += settle(gateway.retrieve_dispute(source)) is not None
        except (UnknownPayment, NotFound):
            continue
    return found


@transaction.atomic
def settle(fact: DisputeFact) -> Dispute | None:
    """Bring dispute, books and order in line with what the provider says. The same fact again changes nothing.

    None: the payment is not of a shop of ours.

    :raises UnknownPayment: S has not heard of the payment yet; nothing is written, to be told again later.
    """
    reseller = Reseller.objects.filter(slug=fact.reseller_slug).first()
    if reseller is None:
        return None
    order = SalesOrder.objects.select_for_update().filter(reseller=reseller, order_number=fact.order_number).first()
    unused = UnusedPayment.objects.filter(payment_intent=fact.payment_intent, reseller=reseller).exists()
    if not unused and (order is None or order.payment_intent not in ("", fact.payment_intent)):
        raise UnknownPayment(f"payment {fact.payment_intent} of {fact.reseller_slug} is not here yet")
    dispute, created = Dispute.objects.select_for_update().get_or_create(
        provider_id=fact.dispute_id, defaults=_first(fact, reseller, None if unused else order, unused=unused)
    )
    if not created and _RANK[State(fact.state)] < _RANK[State(dispute.state)]:
        return dispute
    changed = created or dispute.state != fact.state
    dispute.state, dispute.fee_minor, dispute.due_at = fact.state, fact.fee_minor, fact.due_at
    dispute.taken_minor, dispute.evidence = fact.taken_minor, fact.evidence
    dispute.closed_at = (dispute.closed_at or clock.now()) if fact.over else None
    if dispute.unused and dispute.stake_minor is None and dispute.state in _TAKEN:
        dispute.stake_minor = min(fact.gone_back_minor, dispute.amount_minor)
    dispute.save()
    _book(dispute, fact)
    if not dispute.unused and order is not None:
        _hold_payout(order, dispute)
    if changed:
        _tell(order, dispute)
        if dispute.state == State.LOST and not dispute.unused and order is not None:
            recovering.after(order, cause=dispute.provider_id)
    return dispute


def note_unused(event: events.PaymentUnused) -> None:
    """Keep which payment no order used, once. Call inside a transaction."""
    UnusedPayment.objects.get_or_create(
        payment_intent=event.payment_intent,
        defaults={
            "reseller_id": event.reseller_id,
            "order_number": event.order_number,
            "currency": event.currency,
            "amount_minor": event.amount_minor,
            "told_at": clock.now(),
        },
    )


def agreed_bearer(dispute: Dispute, order: SalesOrder | None) -> str:
    """Give who bears a dispute if it is lost, by the terms its order was sold under."""
    named = order.agreed.get("dispute_bearers", {}) if order else {}
    return str(named.get(dispute.category, Bearer.SUPPLIER))


def _first(fact: DisputeFact, reseller: Reseller, order: SalesOrder | None, *, unused: bool) -> dict[str, Any]:
    return {
        "bearer": agreed_bearer(Dispute(reason=fact.reason), order),
        "unused": unused,
        "reseller_id": reseller.pk,
        "order_number": fact.order_number,
        "state": fact.state,
        "reason": fact.reason[:60],
        "currency": fact.currency,
        "amount_minor": fact.amount_minor,
        "payment_intent": fact.payment_intent,
        "opened_at": fact.created_at,
    }


def _book(dispute: Dispute, fact: DisputeFact) -> None:
    """Book all that a dispute in this state has done, each once by its key."""
    minor = (dispute.stake_minor or 0) if dispute.unused else dispute.amount_minor
    if dispute.state in _TAKEN and minor:
        _post(dispute, "taken", dispute.currency, Leg(Kind.DISPUTED, Kind.CLEARING, minor))
    if dispute.fee_minor:
        _post(dispute, "fee", fact.taken_currency, Leg(Kind.PROVIDER_FEE, Kind.CLEARING, dispute.fee_minor))
    if dispute.state == State.WON and minor:
        _post(dispute, "won", dispute.currency, Leg(Kind.CLEARING, Kind.DISPUTED, minor))
    if dispute.state == State.LOST and minor:
        bearer = Kind.RESELLER_PAYABLE if dispute.bearer == Bearer.SHOP else Kind.RETURN_COST
        _post(dispute, "lost", dispute.currency, Leg(bearer, Kind.DISPUTED, minor))


def _post(dispute: Dispute, what: str, currency: str, leg: Leg) -> None:
    ledger.post(
        key=f"dispute:{dispute.provider_id}:{what}",
        kind="dispute",
        currency=currency,
        reseller_id=dispute.reseller_id,
        # what the provider keeps is nothing of the order's money
        order_number="" if what == "fee" else dispute.order_number,
        at=dispute.opened_at if what in ("taken", "fee") else dispute.closed_at or clock.now(),
        legs=[leg],
    )


def _hold_payout(order: SalesOrder, dispute: Dispute) -> None:
    """Keep an order's margin back while this dispute is open; what else holds it goes on."""
    cause = f"dispute:{dispute.provider_id}"
    if dispute.closed_at is None:
        payout_holds.keep(order, cause=cause)
    else:
        payout_holds.release(order, cause=cause)


def _tell(order: SalesOrder | None, dispute: Dispute) -> None:
    if order is not None:
        data = {"state": dispute.state, "dispute": dispute.provider_id, "unused": dispute.unused}
        OrderNote.objects.create(order=order, kind="dispute", at=clock.now(), data=data)
    publisher.publish(
        events.DisputeChanged(
            reseller_id=dispute.reseller_id,
            order_number=dispute.order_number,
            dispute_id=dispute.provider_id,
            state=dispute.state,
            amount_minor=dispute.amount_minor,
            reason=dispute.reason,
            payment_intent=dispute.payment_intent,
            unused=dispute.unused,
        )
    )


@transaction.atomic
def set_bearer(*, dispute_pk: int, bearer: str, reason: str, actor_id: int | None) -> Dispute:
    """Have an open dispute borne by another than the terms name, with a reason; or by whom they name again.

    :raises NotFound: no such dispute. :raises StateRefused: it is over, or of a payment no order used.
    :raises Refused: neither S nor the shop; another than the terms name, and nobody said why.
    """
    dispute = Dispute.objects.select_for_update().filter(id=dispute_pk).first()
    if dispute is None:
        raise NotFound()
    if dispute.closed_at:
        raise StateRefused("dispute_over", _("This dispute is over."))
    if dispute.unused:
        raise StateRefused("dispute_unused", _("No order used this payment: what it loses is the supplier’s."))
    if bearer not in Bearer.values:
        raise Refused("bearer", field="bearer")
    order = order_of(dispute)
    why = records.text(reason, "reason", 300, required=bearer != agreed_bearer(dispute, order))
    if (dispute.bearer, dispute.bearer_reason) != (bearer, why):
        told = {"before": dispute.bearer, "after": bearer, "reason": why}
        records.audit(actor_id, "dispute.bearer", dispute.provider_id, **told)
        dispute.bearer, dispute.bearer_reason = bearer, why
        dispute.save(update_fields=["bearer", "bearer_reason"])
    return dispute


def submit(*, dispute_pk: int, evidence: Evidence, final: bool, actor_id: int | None) -> None:
    """Keep evidence at the provider; with ``final`` hand it to the bank, which is possible once.

    :raises NotFound: no such dispute. :raises StateRefused: it was answered, or is over.
    :raises Unavailable: the provider did not answer; the same again is safe.
    """
    dispute = _find(dispute_pk)
    fact = gateway.submit_evidence(dispute_id=dispute.provider_id, evidence=evidence, final=final)
    with transaction.atomic():
        settle(fact)
        if final:
            Dispute.objects.filter(id=dispute.id, answered_at=None).update(answered_at=clock.now())
            records.audit(actor_id, "dispute.answered", dispute.provider_id, order=dispute.order_number)


def accept(*, dispute_pk: int, actor_id: int | None) -> None:
    """Give in: the customer keeps the money. Can't be undone.

    :raises NotFound: no such dispute. :raises StateRefused: it was won meanwhile.
    """
    dispute = _find(dispute_pk)
    fact = gateway.accept_dispute(dispute.provider_id)
    with transaction.atomic():
        settle(fact)
        records.audit(actor_id, "dispute.accepted", dispute.provider_id, order=dispute.order_number)


def _find(dispute_pk: int) -> Dispute:
    found = Dispute.objects.filter(id=dispute_pk).first()
    if found is None:
        raise NotFound()
    return found


def usual_evidence(dispute: Dispute) -> dict[str, str]:
    """Give what we know that speaks for us: whom it went to, and the parcel; what was kept before comes first."""
    order = order_of(dispute)
    if order is None:
        return dict(dispute.evidence)
    parcel = Shipment.objects.filter(fulfilment__order=order).order_by("id").last()
    to = order.recipient
    address = ", ".join(
        filter(None, [to.get(name, "") for name in ("street", "city", "region", "postcode", "country")])
    )
    known = Evidence(
        customer_name=order.recipient_name,
        customer_email_address=to.get("email", ""),
        shipping_address=address,
        shipping_carrier=parcel.carrier if parcel else "",
        shipping_date=parcel.shipped_at.date().isoformat() if parcel else "",
        shipping_tracking_number=parcel.tracking if parcel else "",
    )
    return {**asdict(known), **dispute.evidence}
