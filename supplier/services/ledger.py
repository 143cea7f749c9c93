"""Post to the books: double entry, append-only, once per key. See docs/adr/0005-ledger.md."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel.errors import StateRefused
from supplier.models import Account, Journal, Transfer

Kind = Account.Kind


@dataclass(frozen=True, slots=True)
class Leg:
    """``amount_minor`` debited to one account and credited to another.

    A negative amount is the same leg the other way round; zero legs are dropped.
    """

    debit: str
    credit: str
    amount_minor: int
    memo: str = ""


_OF_RESELLER = {Kind.RESELLER_PAYABLE}


@transaction.atomic
def post(
    *,
    key: str,
    kind: str,
    currency: str,
    legs: Sequence[Leg],
    at: datetime,
    reseller_id: int | None = None,
    order_number: str = "",
    reverses: Journal | None = None,
) -> Journal:
    """Write one journal with its transfers. The same ``key`` again gives the journal already there.

    ``debit`` and ``credit`` are account kinds; accounts of a reseller belong to ``reseller_id``.

    :raises StateRefused: the key was used for other content; nothing is written.
    """
    legs = [_upright(leg) for leg in legs if leg.amount_minor]
    digest = _digest(kind, currency, legs, reseller_id, order_number)
    journal, created = Journal.objects.get_or_create(
        key=key,
        defaults={
            "digest": digest,
            "kind": kind,
            "reseller_id": reseller_id,
            "order_number": order_number,
            "reverses": reverses,
            "at": at,
        },
    )
    if not created:
        if journal.digest != digest:
            raise StateRefused("journal_key", _("This entry was made before, with other content."))
        return journal
    accounts = _accounts({name for leg in legs for name in (leg.debit, leg.credit)}, reseller_id, currency)
    Transfer.objects.bulk_create(
        Transfer(
            journal=journal,
            debit=accounts[leg.debit],
            credit=accounts[leg.credit],
            amount_minor=leg.amount_minor,
            currency=currency,
            memo=leg.memo,
        )
        for leg in legs
    )
    return journal


def _upright(leg: Leg) -> Leg:
    if leg.amount_minor > 0:
        return leg
    return Leg(debit=leg.credit, credit=leg.debit, amount_minor=-leg.amount_minor, memo=leg.memo)


def _digest(kind: str, currency: str, legs: Sequence[Leg], reseller_id: int | None, order_number: str) -> str:
    content = [kind, currency, reseller_id, order_number, [[leg.debit, leg.credit, leg.amount_minor] for leg in legs]]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _accounts(kinds: set[str], reseller_id: int | None, currency: str) -> dict[str, Account]:
    """Find or open the accounts of these kinds. Call inside a transaction."""
    owners = {kind: reseller_id if kind in _OF_RESELLER else None for kind in kinds}
    mine = Q(reseller_id=None) | Q(reseller_id=reseller_id)
    rows = Account.objects.filter(mine, kind__in=kinds, currency=currency)
    found = {row.kind: row for row in rows if row.reseller_id == owners[row.kind]}
    for kind in sorted(kinds - set(found)):
        found[kind], _created = Account.objects.get_or_create(kind=kind, reseller_id=owners[kind], currency=currency)
    return found
