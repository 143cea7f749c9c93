"""Send what was released, once: states created → sent → paid, failed or unresolved.

An unresolved payout keeps its entries: the provider may have sent it, and is asked with the same key. One that failed
gives its money back to what is owed, and the next run pays it.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.accounts.models import User
from s2b2c.accounts.services import audit
from s2b2c.kernel import clock, events
from s2b2c.kernel.errors import GatewayUnavailable, NotFound, Refused, StateRefused
from s2b2c.outbox import publisher
from supplier.gateways import stripe
from supplier.models import Account, Journal, Payout, Terms
from supplier.services import ledger
from supplier.services.ledger import Leg

Kind = Account.Kind
State = Payout.State
ANSWER = timedelta(minutes=10)  # no call of ours is under way for longer
WAITS = frozenset({"balance_insufficient"})  # passes by itself: money on its way to S's balance


def send(payout_id: int) -> None:
    """Send a payout through the provider, or find out what became of it. May run any number of times.

    :raises GatewayUnavailable: nobody knows; it is ``unresolved`` and asked about again.
    """
    payout = _begin(payout_id)
    if payout is None:
        return
    try:
        made = _transfer(payout)
    except GatewayUnavailable:
        _end(payout_id, State.UNRESOLVED, reason="no_answer")
        raise
    except Refused as refusal:
        _refused(payout, refusal.code)
    else:
        _end(payout_id, State.PAID, provider_id=made.transfer_id)


@transaction.atomic
def _begin(payout_id: int) -> Payout | None:
    """Note the try before it is made. None: there is nothing to do."""
    payout = locked(payout_id)
    if payout.method != Terms.Method.STRIPE or payout.state not in Payout.OPEN:
        return None
    payout.state = State.SENT if payout.state == State.CREATED else State.UNRESOLVED
    payout.sent_at = payout.sent_at or clock.now()
    payout.save(update_fields=["state", "sent_at"])
    return payout


def _transfer(payout: Payout) -> stripe.TransferFact:
    group = f"settlement-{payout.settlement.run.number}"
    account = payout.destination.get("account", "")
    if not account:
        raise Refused("account_not_ready", _("This reseller's account at Stripe can't receive money yet."))
    if payout.state == State.UNRESOLVED and payout.sent_at and clock.now() - payout.sent_at > ANSWER:
        try:
            return stripe.find_transfer(account_id=account, group=group, idempotency_key=payout.key)
        except NotFound:  # with no call under way it won't happen any more: a new attempt under the same key
            _next_attempt(payout)
    return stripe.transfer(
        account_id=account, amount_minor=payout.amount_minor, currency=payout.currency, group=group,
        idempotency_key=payout.key, attempt=payout.attempt, description=str(payout.settlement.number),
        metadata={"reseller": payout.reseller.slug, "statement": str(payout.settlement.number)},
    )  # fmt: skip


@transaction.atomic
def _next_attempt(payout: Payout) -> None:
    row = locked(payout.pk)
    row.attempt, row.sent_at = row.attempt + 1, clock.now()
    row.save(update_fields=["attempt", "sent_at"])
    payout.attempt = row.attempt


def _refused(payout: Payout, code: str) -> None:
    if code in WAITS:
        with transaction.atomic():
            row = locked(payout.pk)
            if row.state not in Payout.OPEN or row.attempt != payout.attempt:
                return  # an answer that comes late: it has gone on without it
            row.state, row.reason, row.attempt, row.sent_at = State.CREATED, code, row.attempt + 1, None
            row.save(update_fields=["state", "reason", "attempt", "sent_at"])
    else:
        _end(payout.pk, State.FAILED, reason=code)


@transaction.atomic
def _end(payout_id: int, state: str, *, reason: str = "", provider_id: str = "") -> Payout:
    """Write how a payout stands, and what that means in the books."""
    payout = locked(payout_id)
    if payout.state in (State.PAID, State.FAILED):
        return payout
    payout.state, payout.reason, payout.provider_id = state, reason, provider_id or payout.provider_id
    if state == State.PAID:
        _book(payout, "paid", Leg(Kind.PAYOUT_TRANSIT, _source(payout), payout.amount_minor))
    elif state == State.FAILED:
        _give_back(payout)
    if state in (State.PAID, State.FAILED):
        payout.ended_at = clock.now()
    payout.save(update_fields=["state", "reason", "provider_id", "ended_at"])
    return payout


def _source(payout: Payout) -> str:
    return Kind.CLEARING if payout.method == Terms.Method.STRIPE else Kind.BANK


def _give_back(payout: Payout) -> None:
    """Reverse the entry of a payout that failed: what it held is owed again."""
    first = Journal.objects.get(key=f"payout:{payout.settlement_id}")
    leg = Leg(Kind.PAYOUT_TRANSIT, Kind.RESELLER_PAYABLE, payout.amount_minor)
    _book(payout, "returned", leg, reverses=first)


def _book(payout: Payout, what: str, leg: Leg, reverses: Journal | None = None) -> None:
    ledger.post(
        key=f"payout-{what}:{payout.settlement_id}", kind=f"payout_{what}", currency=payout.currency, legs=[leg],
        at=clock.now(), reseller_id=payout.reseller_id, reverses=reverses,
    )  # fmt: skip


@transaction.atomic
def ask_again(*, payout_id: int, actor: User) -> Payout:
    """Send a payout that waits, or ask the provider about one nobody knows of; the worker does it at once.

    :raises StateRefused: it has ended, or goes through the bank.
    """
    payout = locked(payout_id)
    if payout.method != Terms.Method.STRIPE or payout.state not in Payout.OPEN:
        raise StateRefused()
    publisher.publish(events.PayoutRequested(reseller_id=payout.reseller_id, order_number="", payout_id=payout.pk))
    audit.record(actor=actor, action="payout.asked", subject=payout.key, detail={}, reseller=payout.reseller)
    return payout


@transaction.atomic
def tell(*, payout_id: int, actor: User, paid: bool, reason: str = "") -> Payout:
    """Say that the bank carried a payout out, or that it came back.

    :raises StateRefused: it isn't the bank's, was not sent, or has ended.
    :raises Refused: it failed, and nobody said why.
    """
    payout = locked(payout_id)
    if payout.method != Terms.Method.BANK or payout.state != State.SENT:
        raise StateRefused()
    if not paid and not reason.strip():
        raise Refused("reason_missing", _("Say why."), field="reason")
    said = "paid" if paid else "failed"
    detail = {"amount": payout.amount_minor, "reason": reason.strip()[:300]}
    audit.record(actor=actor, action=f"payout.{said}", subject=payout.key, detail=detail, reseller=payout.reseller)
    return _end(payout_id, State.PAID if paid else State.FAILED, reason=reason.strip()[:40])


def send_waiting() -> int:
    """Ask for payouts that wait for money in S's balance, or that nobody knows of; give how many."""
    before = clock.now() - ANSWER
    waiting = Payout.objects.filter(method=Terms.Method.STRIPE, state__in=(State.CREATED, State.UNRESOLVED))
    rows = list(waiting.filter(created_at__lt=before).order_by("pk")[:1000])
    with transaction.atomic():
        publisher.publish(
            *(events.PayoutRequested(reseller_id=row.reseller_id, order_number="", payout_id=row.pk) for row in rows)
        )
    return len(rows)


def locked(payout_id: int) -> Payout:
    """Give a payout with its row locked. Call inside a transaction. :raises NotFound: there is none."""
    rows = Payout.objects.select_for_update(of=("self",)).select_related("settlement__run", "reseller")
    payout = rows.filter(pk=payout_id).first()
    if payout is None:
        raise NotFound()
    return payout
