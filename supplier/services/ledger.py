"""Post to the books: double entry, append-only, once per key. See docs/adr/0005-ledger.md."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import bulk
from s2b2c.kernel.bulk import Insert
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


_OF_RESELLER = {Kind.RESELLER_PAYABLE, Kind.RESELLER_RESERVE, Kind.PAYOUT_TRANSIT, Kind.RESELLER_DEPOSIT}


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
        return [leg if leg.amount_minor > 0 else _turned(leg) for leg in self.legs if leg.amount_minor]

    def digest(self) -> str:
        return _digest(self.kind, self.currency, self.upright(), self.reseller_id, self.order_number)

    def values(self) -> tuple[Any, ...]:
        """Give the columns of its journal, as ``_JOURNAL`` names them."""
        reverses = self.reverses.id if self.reverses else None
        return self.key, self.digest(), self.kind, self.reseller_id, self.order_number, reverses, self.at


_JOURNAL = ("key", "digest", "kind", "reseller_id", "order_number", "reverses_id", "at")
_INSERT_JOURNALS = Insert(Journal, *_JOURNAL)
_INSERT_TRANSFERS = Insert(Transfer, "journal_id", "debit_id", "credit_id", "amount_minor", "currency", "memo")


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
    defaults = dict(zip(_JOURNAL[1:], entry.values()[1:], strict=True))
    journal, created = Journal.objects.get_or_create(key=entry.key, defaults=defaults)
    if created:
        _transfer([(journal.id, entry)])
    else:
        _require_same(journal.digest, entry)
    return journal


@transaction.atomic
def write_all(entries: Sequence[Entry]) -> None:
    """Write several entries of different keys in a handful of statements; those there already are left as they are.

    :raises StateRefused: a key was used for other content; nothing is written.
    :raises IntegrityError: another worker has just written one of them; nothing is written.
    """
    there = _digests([entry.key for entry in entries])
    for entry in entries:
        if entry.key in there:
            _require_same(there[entry.key], entry)
    fresh = [entry for entry in entries if entry.key not in there]
    if fresh:
        made = _INSERT_JOURNALS.rows([entry.values() for entry in fresh])
        _transfer(list(zip(made, fresh, strict=True)))


def _digests(keys: Sequence[str]) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, digest FROM supplier_journal WHERE key = ANY(%s::text[])", [bulk.texts(keys)])
        return dict(cursor.fetchall())


def _require_same(digest: str, entry: Entry) -> None:
    if digest != entry.digest():
        raise StateRefused("journal_key", _("This entry was made before, with other content."))


def _transfer(journals: Sequence[tuple[int, Entry]]) -> None:
    """Write the transfers of new journals. Call inside a transaction."""
    accounts = _accounts({account for _, entry in journals for account in _names(entry)})
    _INSERT_TRANSFERS.rows(
        [
            (
                journal_id,
                accounts[_name(leg.debit, entry)],
                accounts[_name(leg.credit, entry)],
                leg.amount_minor,
                entry.currency,
                leg.memo,
            )
            for journal_id, entry in journals
            for leg in entry.upright()
        ]
    )


# kind, reseller, currency
_Name = tuple[str, int | None, str]


def _name(kind: str, entry: Entry) -> _Name:
    return str(kind), entry.reseller_id if kind in _OF_RESELLER else None, entry.currency


def _names(entry: Entry) -> set[_Name]:
    return {_name(kind, entry) for leg in entry.upright() for kind in (leg.debit, leg.credit)}


def _turned(leg: Leg) -> Leg:
    return Leg(debit=leg.credit, credit=leg.debit, amount_minor=-leg.amount_minor, memo=leg.memo)


def _digest(kind: str, currency: str, legs: Sequence[Leg], reseller_id: int | None, order_number: str) -> str:
    content = [kind, currency, reseller_id, order_number, [[leg.debit, leg.credit, leg.amount_minor] for leg in legs]]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _accounts(names: set[_Name]) -> dict[_Name, int]:
    """Find or open accounts; give their ids. Call inside a transaction."""
    owners = {owner for _, owner, _ in names if owner is not None}
    rows = Account.objects.filter(
        Q(reseller_id=None) | Q(reseller_id__in=owners),
        kind__in={kind for kind, _, _ in names},
        currency__in={currency for _, _, currency in names},
    )
    known = rows.values_list("kind", "reseller_id", "currency", "id")
    found: dict[_Name, int] = {(kind, owner, currency): id_ for kind, owner, currency, id_ in known}
    for kind, owner, currency in sorted(names - set(found), key=str):
        made, _created = Account.objects.get_or_create(kind=kind, reseller_id=owner, currency=currency)
        found[kind, owner, currency] = made.id
    return found
