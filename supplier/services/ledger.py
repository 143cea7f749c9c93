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


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A journal to be written: ``key`` makes it once. ``debit`` and ``credit`` of its legs are account kinds;
    accounts of a reseller belong to ``reseller_id``."""

    key: str
    kind: str
    currency: str
    legs: Sequence[Leg]
    at: datetime
    reseller_id: int | None = None
    order_number: str = ""
    reverses: Journal | None = None

    def upright(self) -> list[Leg]:
        """Give the legs that move something, each the way round in which its amount is positive."""
        return [_upright(leg) for leg in self.legs if leg.amount_minor]

    def digest(self) -> str:
        return _digest(self.kind, self.currency, self.upright(), self.reseller_id, self.order_number)

    def row(self) -> Journal:
        return Journal(
            key=self.key,
            digest=self.digest(),
            kind=self.kind,
            reseller_id=self.reseller_id,
            order_number=self.order_number,
            reverses=self.reverses,
            at=self.at,
        )


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

    :raises StateRefused: the key was used for other content; nothing is written.
    """
    entry = Entry(
        key=key,
        kind=kind,
        currency=currency,
        legs=legs,
        at=at,
        reseller_id=reseller_id,
        order_number=order_number,
        reverses=reverses,
    )
    return write(entry)


@transaction.atomic
def write(entry: Entry) -> Journal:
    """Write an entry, as :func:`post` does; another worker may be writing it at this moment."""
    row = entry.row()
    values = {name: getattr(row, name) for name in _JOURNAL}
    journal, created = Journal.objects.get_or_create(key=entry.key, defaults=values)
    if created:
        _transfer([(journal, entry)])
    else:
        _require_same(journal, entry)
    return journal


_JOURNAL = ("digest", "kind", "reseller_id", "order_number", "reverses", "at")


@transaction.atomic
def write_all(entries: Sequence[Entry]) -> list[Journal]:
    """Write several entries of different keys in a handful of statements; those there already are left as they are.

    :raises StateRefused: a key was used for other content; nothing is written.
    :raises IntegrityError: another worker has just written one of them; nothing is written.
    """
    there = {journal.key: journal for journal in Journal.objects.filter(key__in=[entry.key for entry in entries])}
    for entry in entries:
        if entry.key in there:
            _require_same(there[entry.key], entry)
    fresh = [entry for entry in entries if entry.key not in there]
    made = Journal.objects.bulk_create(entry.row() for entry in fresh)
    _transfer(list(zip(made, fresh, strict=True)))
    there |= {journal.key: journal for journal in made}
    return [there[entry.key] for entry in entries]


def _require_same(journal: Journal, entry: Entry) -> None:
    if journal.digest != entry.digest():
        raise StateRefused("journal_key", _("This entry was made before, with other content."))


def _transfer(journals: Sequence[tuple[Journal, Entry]]) -> None:
    """Write the transfers of new journals. Call inside a transaction."""
    accounts = _accounts({account for _, entry in journals for account in _names(entry)})
    Transfer.objects.bulk_create(
        Transfer(
            journal=journal,
            debit=accounts[_name(leg.debit, entry)],
            credit=accounts[_name(leg.credit, entry)],
            amount_minor=leg.amount_minor,
            currency=entry.currency,
            memo=leg.memo,
        )
        for journal, entry in journals
        for leg in entry.upright()
    )


# kind, reseller, currency
_Name = tuple[str, int | None, str]


def _name(kind: str, entry: Entry) -> _Name:
    return str(kind), entry.reseller_id if kind in _OF_RESELLER else None, entry.currency


def _names(entry: Entry) -> set[_Name]:
    return {_name(kind, entry) for leg in entry.upright() for kind in (leg.debit, leg.credit)}


def _upright(leg: Leg) -> Leg:
    if leg.amount_minor > 0:
        return leg
    return Leg(debit=leg.credit, credit=leg.debit, amount_minor=-leg.amount_minor, memo=leg.memo)


def _digest(kind: str, currency: str, legs: Sequence[Leg], reseller_id: int | None, order_number: str) -> str:
    content = [kind, currency, reseller_id, order_number, [[leg.debit, leg.credit, leg.amount_minor] for leg in legs]]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _accounts(names: set[_Name]) -> dict[_Name, Account]:
    """Find or open accounts. Call inside a transaction."""
    owners = {owner for _, owner, _ in names if owner is not None}
    rows = Account.objects.filter(
        Q(reseller_id=None) | Q(reseller_id__in=owners),
        kind__in={kind for kind, _, _ in names},
        currency__in={currency for _, _, currency in names},
    )
    found = {(row.kind, row.reseller_id, row.currency): row for row in rows}
    for kind, owner, currency in sorted(names - set(found), key=str):
        found[kind, owner, currency], _created = Account.objects.get_or_create(
            kind=kind, reseller_id=owner, currency=currency
        )
    return found
