"""Take back part of a payout at the provider, where the reseller owes it and its account still has it."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from s2b2c.accounts.models import User
from s2b2c.accounts.services import audit
from s2b2c.kernel import clock, events, ids
from s2b2c.kernel.errors import GatewayUnavailable, NotFound, Refused
from s2b2c.outbox import publisher
from s2b2c.tenancy.models import Reseller
from supplier.gateways import stripe
from supplier.models import Account, Clawback, Payout, Terms
from supplier.selectors import ledger as books
from supplier.services import ledger
from supplier.services.ledger import Leg

Kind = Account.Kind
State = Clawback.State
ANSWER = timedelta(minutes=10)


@transaction.atomic
def ask(*, reseller: Reseller, currency: str, actor: User) -> list[Clawback]:
    """Take back what a reseller owes from its newest payouts, as far as they go; the worker does it at once.

    :raises Refused: it owes nothing, or nothing was paid that could be taken back.
    """
    owed = _owed(reseller.pk, currency)
    if owed <= 0:
        raise Refused("owes_nothing", _("This reseller owes nothing that isn't being taken back."))
    made = _take(reseller.pk, currency, owed, actor, "")
    if not made:
        raise Refused("nothing_paid", _("No payout through Stripe is left to take this back from."))
    detail = {"amount": sum(each.amount_minor for each in made), "currency": currency}
    audit.record(actor=actor, action="payout.clawback", subject=reseller.slug, detail=detail, reseller=reseller)
    return made


@transaction.atomic
def recover(*, reseller_id: int, currency: str, cause: str) -> list[Clawback]:
    """Take back what a reseller owes beyond what S still keeps of it, since something it was paid for went back.

    What no payout has is left to the next run, which nets it. Again takes nothing twice.
    """
    kept = Account.objects.filter(kind=Kind.RESELLER_RESERVE, reseller_id=reseller_id, currency=currency).first()
    reserve = books.balances([kept])[kept.pk] if kept else 0
    owed = _owed(reseller_id, currency) - reserve
    return _take(reseller_id, currency, owed, None, cause) if owed > 0 else []


def _owed(reseller_id: int, currency: str) -> int:
    """Give what a reseller owes that isn't being taken back already; its account is locked."""
    rows = Account.objects.select_for_update().filter(reseller_id=reseller_id, currency=currency)
    account = rows.filter(kind=Kind.RESELLER_PAYABLE).first()
    owed = -books.balances([account])[account.pk] if account else 0
    under_way = Clawback.objects.filter(
        payout__reseller_id=reseller_id, payout__currency=currency, state__in=(State.CREATED, State.UNRESOLVED)
    )
    return owed - int(under_way.aggregate(n=Sum("amount_minor", default=0))["n"])


def _take(reseller_id: int, currency: str, owed: int, actor: User | None, cause: str) -> list[Clawback]:
    paid = Payout.objects.filter(
        reseller_id=reseller_id, currency=currency, method=Terms.Method.STRIPE, state=Payout.State.PAID
    )
    going = Q(clawbacks__state__in=(State.CREATED, State.DONE, State.UNRESOLVED))
    newest = paid.annotate(taken=Sum("clawbacks__amount_minor", filter=going, default=0)).order_by("-pk")
    made = []
    for payout in newest[:50]:
        if owed <= 0:
            break
        amount = min(owed, payout.amount_minor - payout.taken)
        if amount > 0:
            made.append(_from(payout, amount, actor, cause))
            owed -= amount
    return made


def _from(payout: Payout, amount: int, actor: User | None, cause: str) -> Clawback:
    made = Clawback.objects.create(
        payout=payout, amount_minor=amount, key=f"clawback-{ids.token()}", actor=actor, cause=cause,
        created_at=clock.now(),
    )  # fmt: skip
    publisher.publish(events.ClawbackRequested(reseller_id=payout.reseller_id, order_number="", clawback_id=made.pk))
    return made


def send(clawback_id: int) -> None:
    """Take it back, or find out what became of it. May run any number of times; a refusal is told at the desk.

    :raises GatewayUnavailable: nobody knows; it is asked about again.
    """
    row = Clawback.objects.select_related("payout").get(pk=clawback_id)
    if row.state in (State.DONE, State.FAILED):
        return
    try:
        made = _reverse(row)
    except GatewayUnavailable:
        _end(row.pk, State.UNRESOLVED, reason="no_answer")
        raise
    except Refused as refusal:
        _end(row.pk, State.FAILED, reason=refusal.code)
    else:
        _end(row.pk, State.DONE, provider_id=made.reversal_id)


def _reverse(row: Clawback) -> stripe.ReversalFact:
    if row.state == State.UNRESOLVED and clock.now() - row.created_at > ANSWER:
        try:
            return stripe.find_reversal(transfer_id=row.payout.provider_id, idempotency_key=row.key)
        except NotFound:
            row.attempt += 1
            with transaction.atomic():
                row.save(update_fields=["attempt"])
    return stripe.reverse(
        transfer_id=row.payout.provider_id,
        amount_minor=row.amount_minor,
        idempotency_key=row.key,
        attempt=row.attempt,
    )


@transaction.atomic
def _end(clawback_id: int, state: str, *, reason: str = "", provider_id: str = "") -> None:
    row = Clawback.objects.select_for_update(of=("self",)).select_related("payout").get(pk=clawback_id)
    if row.state in (State.DONE, State.FAILED):
        return
    row.state, row.reason, row.provider_id = state, reason, provider_id
    if state != State.UNRESOLVED:
        row.ended_at = clock.now()
    row.save()
    if state == State.DONE:
        ledger.post(
            key=f"clawback:{row.pk}", kind="clawback", currency=row.payout.currency, at=clock.now(),
            reseller_id=row.payout.reseller_id, legs=[Leg(Kind.CLEARING, Kind.RESELLER_PAYABLE, row.amount_minor)],
        )  # fmt: skip
