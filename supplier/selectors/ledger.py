"""The books, to be read: accounts with their balances, and journals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound
from supplier.models import Account, Journal, Transfer
from supplier.selectors import audit

Kind = Account.Kind
# Accounts whose balance is what we have, are to get or have spent; of the others it is what we owe or have earned.
ASSETS = frozenset(
    {
        *(Kind.CLEARING, Kind.COD_CLEARING, Kind.CASH, Kind.RECEIVABLE, Kind.BANK),
        *(Kind.PROVIDER_FEE, Kind.DISPUTED, Kind.CARRIER_CLAIM, Kind.RETURN_COST, Kind.PROMOTION),
    }
)
_LAST_CHECK = "supplier:books-checked"
_FOLDED = "supplier:books-folded"
SETTLED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Balance:
    """Sums of one account in minor units; ``balance_minor`` is positive on the side the account is meant for."""

    account: Account
    debit_minor: int
    credit_minor: int

    @property
    def balance_minor(self) -> int:
        net = self.debit_minor - self.credit_minor
        return net if self.account.kind in ASSETS else -net


def of_platform() -> list[Balance]:
    """Give the accounts that belong to no reseller, and the payables of all resellers together, by currency."""
    sums, together = _all_sums(), defaultdict(lambda: (0, 0))
    found = []
    for account in Account.objects.order_by("currency", "kind"):
        debit, credit = sums.get(account.pk, (0, 0))
        if account.reseller_id is None:
            found.append(Balance(account, debit, credit))
        else:
            key = (account.kind, account.currency)
            together[key] = (together[key][0] + debit, together[key][1] + credit)
    found += [Balance(Account(kind=kind, currency=money), *sides) for (kind, money), sides in together.items()]
    return sorted(found, key=lambda each: (each.account.currency, list(Kind.values).index(each.account.kind)))


@dataclass(frozen=True, slots=True)
class _Folded:
    """Sums of all journals up to one, remembered: booked entries never change, so they are summed once.

    The journal's digest and birth tell whether it is still the same database.
    """

    journal_id: int
    mark: tuple[str, datetime] | None
    sums: dict[int, tuple[int, int]]


def _all_sums() -> dict[int, tuple[int, int]]:
    """Give debits and credits of every account that ever moved."""
    folded = _fold()
    return _added(folded.sums, _sums(journal__gt=folded.journal_id))


def _fold() -> _Folded:
    """Sum what is older than a day once, and remember it.

    A day, because a journal with a small id may still be in an open transaction; none is open that long.
    """
    known: Any = cache.get(_FOLDED)
    if not isinstance(known, _Folded) or _mark(known.journal_id) != known.mark:
        known = _Folded(0, None, {})
    settled = Journal.objects.filter(created_at__lt=timezone.now() - SETTLED).order_by("-id")
    last = settled.values_list("id", flat=True).first() or 0
    if last <= known.journal_id:
        return known
    newer = _sums(journal__gt=known.journal_id, journal__lte=last)
    folded = _Folded(last, _mark(last), _added(known.sums, newer))
    cache.set(_FOLDED, folded, None)
    return folded


def _mark(journal_id: int) -> tuple[str, datetime] | None:
    return Journal.objects.filter(pk=journal_id).values_list("digest", "created_at").first()


def _added(one: dict[int, tuple[int, int]], other: dict[int, tuple[int, int]]) -> dict[int, tuple[int, int]]:
    nothing = (0, 0)
    return {
        each: (
            one.get(each, nothing)[0] + other.get(each, nothing)[0],
            one.get(each, nothing)[1] + other.get(each, nothing)[1],
        )
        for each in {*one, *other}
    }


def _sums(**which: Any) -> dict[int, tuple[int, int]]:
    """Give debits and credits by account of the transfers meant."""
    rows = Transfer.objects.filter(**which)
    debits = dict(rows.values_list("debit").annotate(Sum("amount_minor")))
    credits = dict(rows.values_list("credit").annotate(Sum("amount_minor")))
    return {each: (debits.get(each, 0), credits.get(each, 0)) for each in {*debits, *credits}}


def payables() -> QuerySet[Account]:
    """Give what is owed to resellers: one account per reseller and currency."""
    return Account.objects.filter(kind=Kind.RESELLER_PAYABLE).select_related("reseller")


def balances(accounts: Iterable[Account]) -> dict[int, int]:
    """Give the balances of a few accounts by their id."""
    listed = list(accounts)
    ids = [each.pk for each in listed]
    into = dict(Transfer.objects.filter(credit__in=ids).values_list("credit").annotate(Sum("amount_minor")))
    out = dict(Transfer.objects.filter(debit__in=ids).values_list("debit").annotate(Sum("amount_minor")))
    return {each.pk: Balance(each, out.get(each.pk, 0), into.get(each.pk, 0)).balance_minor for each in listed}


def journals() -> QuerySet[Journal]:
    """Give all journals with reseller, transfers and accounts loaded."""
    transfers = Transfer.objects.select_related("debit", "credit").order_by("id")
    return Journal.objects.select_related("reseller").prefetch_related(Prefetch("transfers", transfers))


def touching(rows: QuerySet[Journal], kinds: Iterable[str]) -> QuerySet[Journal]:
    """Narrow to journals that move an account of these kinds."""
    accounts = list(Account.objects.filter(kind__in=list(kinds)).values_list("pk", flat=True))
    moved = Transfer.objects.filter(journal=OuterRef("pk"))
    return rows.filter(Exists(moved.filter(Q(debit__in=accounts) | Q(credit__in=accounts))))


def matching(rows: QuerySet[Journal], text: str) -> QuerySet[Journal]:
    """Narrow to an order number, or to a key that begins so."""
    return rows.filter(Q(order_number=text.upper()) | Q(key__startswith=text))


def find(journal_id: int) -> Journal:
    """Give a journal with its transfers.

    :raises NotFound: there is none.
    """
    found = journals().select_related("reverses").filter(pk=journal_id).first()
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class Checked:
    """When the books were checked last, how long that took, and what was wrong."""

    at: datetime
    seconds: float
    findings: list[tuple[str, str]]
    checks: int


def check() -> Checked:
    """Run every check of the books and of stock, and remember the result for who asks later."""
    started = clock.now()
    findings = [(each.check, each.detail) for each in (*audit.books(), *audit.stock())]
    names = len(audit.names("books")) + len(audit.names("stock"))
    found = Checked(started, (clock.now() - started).total_seconds(), findings, names)
    cache.set(_LAST_CHECK, found, None)
    return found


def last_check() -> Checked | None:
    """Give the result of the last check, if one is remembered."""
    found: Any = cache.get(_LAST_CHECK)
    return found if isinstance(found, Checked) else None
