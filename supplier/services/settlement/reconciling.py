"""The provider's own books beside ours: read hourly, its fees booked, and what fits nothing of ours is an alarm.

Read again from a while before the last one: ids are stable, so nothing comes in twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.accounts.models import User
from s2b2c.accounts.services import audit
from s2b2c.kernel import clock
from s2b2c.kernel.errors import GatewayUnavailable, NotFound, Refused, StateRefused
from s2b2c.outbox import runs
from s2b2c.tenancy.models import Reseller
from supplier.gateways import stripe
from supplier.gateways.facts import BookedFact
from supplier.models import Account, ProviderEntry
from supplier.selectors import differences
from supplier.services import disputes, ledger
from supplier.services.ledger import Entry, Leg

Kind = Account.Kind
JOB = "supplier.reconcile_provider"
OVERLAP = timedelta(days=3)
BATCH = 500
_ORDER = re.compile(r"\b([0-9A-HJKMNP-TV-Z]{8})\)?$")
# Money between S's balance at the provider and its bank, and the provider's own charges: nothing of an order.
_TO_BANK = ("payout", "payout_reversal", "topup", "topup_reversal")
_FEES = ("fee", "other_adjustment", "network_cost")

# A dispute's lines name the dispute; its own service books what it costs.
_NAME_DISPUTES = """
    UPDATE supplier_providerentry e SET order_number = d.order_number, reseller_id = d.reseller_id FROM supplier_dispute d
    WHERE e.state = 'open' AND e.order_number = '' AND d.provider_id = e.source
"""
# A line that says the number and not whose: of the only shop with such an order. Two shops with it: it fits nothing.
_NAME_SHOPS = """
    UPDATE supplier_providerentry e SET reseller_id = n.reseller_id
    FROM (SELECT p.id, min(j.reseller_id) AS reseller_id
          FROM supplier_providerentry p JOIN supplier_journal j ON j.order_number = p.order_number
          WHERE p.reseller_id IS NULL AND p.order_number <> ''
          GROUP BY p.id HAVING count(DISTINCT j.reseller_id) = 1) n
    WHERE e.id = n.id
"""
_MATCH_PAYOUTS = """
    UPDATE supplier_providerentry e SET state = 'matched' FROM supplier_payout p
    WHERE e.state = 'open' AND e.kind = 'transfer' AND p.provider_id = e.source
      AND p.state = 'paid' AND p.currency = e.currency AND e.amount_minor = -p.amount_minor
"""
_MATCH_CLAWBACKS = """
    UPDATE supplier_providerentry e SET state = 'matched' FROM supplier_clawback c JOIN supplier_payout p ON p.id = c.payout_id
    WHERE e.state = 'open' AND e.kind = 'transfer_reversal' AND c.provider_id = e.source
      AND c.state = 'done' AND p.currency = e.currency AND e.amount_minor = c.amount_minor
"""
_MATCH_BOOKED = """
    UPDATE supplier_providerentry SET state = 'matched' WHERE state = 'open' AND kind = ANY(%(booked)s)
"""
# Charges, refunds and disputes of one order together are what the clearing account has of it.
_MATCH_ORDERS = """
    UPDATE supplier_providerentry e SET state = 'matched'
    FROM (
        SELECT p.reseller_id, p.order_number, p.currency, sum(p.amount_minor) AS theirs,
               COALESCE((SELECT sum(CASE WHEN d.kind = 'clearing' THEN t.amount_minor ELSE -t.amount_minor END)
                         FROM supplier_journal j JOIN supplier_transfer t ON t.journal_id = j.id
                         JOIN supplier_account d ON d.id = t.debit_id JOIN supplier_account c ON c.id = t.credit_id
                         WHERE j.reseller_id = p.reseller_id AND j.order_number = p.order_number
                           AND t.currency = p.currency
                           AND 'clearing' IN (c.kind, d.kind)), 0) AS ours
        FROM supplier_providerentry p
        WHERE p.order_number <> '' AND (p.reseller_id, p.order_number) IN (
            SELECT o.reseller_id, o.order_number FROM supplier_providerentry o
            WHERE o.state = 'open' AND o.order_number <> '')
        GROUP BY 1, 2, 3) n
    WHERE e.reseller_id = n.reseller_id AND e.order_number = n.order_number AND e.currency = n.currency
      AND e.state = 'open' AND n.theirs = n.ours
"""


def run() -> int | None:
    """Read what the provider booked since, and match it; give how many lines were new. None: the job pauses."""
    job = runs.begin(JOB)
    if job is None:
        return None
    started = clock.now()
    since = datetime.fromtimestamp(job.position, UTC) - OVERLAP if job.position else started - timedelta(days=365)
    try:
        new = sum(keep(part) for part in _parts(stripe.balance_transactions(since=since)))
        disputes.catch_up()
    except GatewayUnavailable as error:
        runs.failed(JOB, error=repr(error), found={})
        return None
    match()
    runs.done(JOB, position=int(started.timestamp()), found={"new": new})
    return new


def _parts(facts: Iterator[BookedFact]) -> Iterator[list[BookedFact]]:
    while part := list(islice(facts, BATCH)):
        yield part


@transaction.atomic
def keep(facts: Iterable[BookedFact]) -> int:
    """Keep lines that are new, and book what they say of fees and of S's own bank; give how many were new."""
    listed = list(facts)
    known = set(
        ProviderEntry.objects.filter(provider_id__in=[fact.id for fact in listed]).values_list(
            "provider_id", flat=True
        )
    )
    fresh = [fact for fact in listed if fact.id not in known]
    slugs = {fact.reseller_slug for fact in fresh if fact.reseller_slug}
    shops = dict(Reseller.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    ProviderEntry.objects.bulk_create([_entry(fact, shops) for fact in fresh], ignore_conflicts=True)
    ledger.write_all([entry for fact in fresh for entry in _booked(fact)])
    return len(fresh)


def _entry(fact: BookedFact, shops: Mapping[str, int]) -> ProviderEntry:
    reseller_id, number = _order_of(fact, shops)
    return ProviderEntry(
        provider_id=fact.id, kind=fact.kind[:40], source=fact.source, description=fact.description[:200],
        reseller_id=reseller_id, order_number=number[:12],
        currency=fact.currency, amount_minor=fact.amount_minor, fee_minor=fact.fee_minor, net_minor=fact.net_minor,
        booked_at=fact.created_at, available_at=fact.available_at,
    )  # fmt: skip


def _order_of(fact: BookedFact, shops: Mapping[str, int]) -> tuple[int | None, str]:
    """Give shop and number of the order a line is of; no number where its shop is none of ours."""
    if fact.kind in differences.TRANSFERS or (fact.reseller_slug and fact.reseller_slug not in shops):
        return None, ""
    named = _ORDER.search(fact.description)
    return shops.get(fact.reseller_slug), fact.order_number or (named.group(1) if named else "")


def _booked(fact: BookedFact) -> list[Entry]:
    legs = []
    if fact.fee_minor and not fact.kind.startswith("dispute"):
        legs.append(Leg(Kind.PROVIDER_FEE, Kind.CLEARING, fact.fee_minor))
    if fact.kind in _FEES:
        legs.append(Leg(Kind.PROVIDER_FEE, Kind.CLEARING, -fact.amount_minor))
    if fact.kind in _TO_BANK:
        legs.append(Leg(Kind.BANK, Kind.CLEARING, -fact.amount_minor))
    if not legs:
        return []
    kind = "banked" if fact.kind in _TO_BANK else "provider_fee"
    return [Entry(key=f"provider:{fact.id}", kind=kind, currency=fact.currency, legs=legs, at=fact.created_at)]


@transaction.atomic
def match() -> None:
    """Say of each open line whether our books have the same: payouts, clawbacks, and each shop's orders by their sum."""
    with connection.cursor() as cursor:
        cursor.execute(_NAME_DISPUTES)
        cursor.execute(_NAME_SHOPS)
        cursor.execute(_MATCH_PAYOUTS)
        cursor.execute(_MATCH_CLAWBACKS)
        cursor.execute(_MATCH_BOOKED, {"booked": [*_FEES, *_TO_BANK]})
        cursor.execute(_MATCH_ORDERS)


@transaction.atomic
def explain(*, entry_id: int, actor: User, note: str) -> ProviderEntry:
    """Say why a line fits nothing of ours; it is no alarm any more.

    :raises Refused: no reason given. :raises StateRefused: it was matched meanwhile.
    """
    entry = ProviderEntry.objects.select_for_update().filter(pk=entry_id).first()
    if entry is None:
        raise NotFound()
    if not note.strip():
        raise Refused("reason_missing", _("Say why."), field="note")
    if entry.state != ProviderEntry.State.OPEN:
        raise StateRefused()
    entry.state, entry.note = ProviderEntry.State.EXPLAINED, note.strip()[:300]
    entry.explained_by, entry.explained_at = actor, clock.now()
    entry.save()
    detail = {"note": entry.note, "amount": entry.net_minor, "currency": entry.currency}
    audit.record(actor=actor, action="provider.explained", subject=entry.provider_id, detail=detail)
    return entry
