"""The books, to be read: accounts with their balances, and journals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Prefetch, Q, QuerySet, Sum

from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound
from supplier.models import Account, Journal, Transfer
from supplier.selectors import audit

Kind = Account.Kind
# Accounts whose balance is what we have or are to get; of the others it is what we owe or have earned.
ASSETS = frozenset({Kind.CLEARING, Kind.COD_CLEARING})
_LAST_CHECK = "supplier:books-checked"


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
    """Give the accounts that belong to no reseller, with payables of all resellers together as one line each."""
    accounts = list(Account.objects.filter(reseller=None).order_by("currency", "kind"))
    sums = _sums([each.pk for each in accounts])
    found = [Balance(each, *sums[each.pk]) for each in accounts]
    return sorted([*found, *_payable_together()], key=lambda each: (each.account.currency, _place(each.account.kind)))


def _payable_together() -> list[Balance]:
    """Sum the payables of all resellers by currency."""
    kind = Kind.RESELLER_PAYABLE
    into = dict(Transfer.objects.filter(credit__kind=kind).values_list("currency").annotate(Sum("amount_minor")))
    out = dict(Transfer.objects.filter(debit__kind=kind).values_list("currency").annotate(Sum("amount_minor")))
    return [
        Balance(Account(kind=kind, currency=currency), out.get(currency, 0), into.get(currency, 0))
        for currency in sorted({*into, *out})
    ]


def _place(kind: str) -> int:
    return list(Kind.values).index(kind)


def _sums(account_ids: list[int]) -> dict[int, tuple[int, int]]:
    """Give debits and credits of accounts."""
    debits = dict(Transfer.objects.filter(debit__in=account_ids).values_list("debit").annotate(Sum("amount_minor")))
    credits = dict(Transfer.objects.filter(credit__in=account_ids).values_list("credit").annotate(Sum("amount_minor")))
    return {each: (debits.get(each, 0), credits.get(each, 0)) for each in account_ids}


def payables() -> QuerySet[Account]:
    """Give what is owed to resellers: one account per reseller and currency."""
    return Account.objects.filter(kind=Kind.RESELLER_PAYABLE).select_related("reseller")


def balances(accounts: Iterable[Account]) -> dict[int, int]:
    """Give the balances of accounts by their id."""
    listed = list(accounts)
    sums = _sums([each.pk for each in listed])
    return {each.pk: Balance(each, *sums[each.pk]).balance_minor for each in listed}


def journals() -> QuerySet[Journal]:
    """Give all journals with reseller, transfers and accounts loaded."""
    transfers = Transfer.objects.select_related("debit", "credit").order_by("id")
    return Journal.objects.select_related("reseller").prefetch_related(Prefetch("transfers", transfers))


def touching(rows: QuerySet[Journal], kinds: Iterable[str]) -> QuerySet[Journal]:
    """Narrow to journals that move an account of these kinds."""
    accounts = list(Account.objects.filter(kind__in=list(kinds)).values_list("pk", flat=True))
    return rows.filter(Q(transfers__debit__in=accounts) | Q(transfers__credit__in=accounts)).distinct()


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
