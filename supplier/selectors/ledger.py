"""The books, to be read: accounts with their balances, and journals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from s2b2c.kernel import clock, money
from s2b2c.kernel.errors import NotFound, Refused
from supplier.models import Account, AccountSum, DailySeal, Journal, Transfer
from supplier.selectors import audit

Kind = Account.Kind
# Accounts whose balance is what we have, are to get or have spent; of the others it is what we owe or have earned.
ASSETS = frozenset(
    {
        *(Kind.CLEARING, Kind.COD_CLEARING, Kind.CASH, Kind.RECEIVABLE, Kind.BANK),
        *(Kind.PROVIDER_FEE, Kind.DISPUTED, Kind.CARRIER_CLAIM, Kind.RETURN_COST, Kind.PROMOTION, Kind.SERVICE_COST),
        *(Kind.GOODS_BOUGHT, Kind.BUYING_VARIANCE, Kind.EXCHANGE, Kind.BUYING_SAVING, Kind.HELP_COST),
    }
)
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


def of_platform(on: date | None = None) -> list[Balance]:
    """Give the accounts that belong to no reseller, and those of all resellers together, by currency; ``on`` a day."""
    moved, together = sums(on), defaultdict(lambda: (0, 0))
    found = []
    for account in Account.objects.order_by("currency", "kind"):
        debit, credit = moved.get(account.pk, (0, 0))
        if account.reseller_id is None:
            found.append(Balance(account, debit, credit))
        else:
            key = (account.kind, account.currency)
            together[key] = (together[key][0] + debit, together[key][1] + credit)
    found += [Balance(Account(kind=kind, currency=money), *sides) for (kind, money), sides in together.items()]
    return sorted(found, key=lambda each: (each.account.currency, list(Kind.values).index(each.account.kind)))


def sums(on: date | None = None) -> dict[int, tuple[int, int]]:
    """Give debits and credits of every account that ever moved: those of the last seal, and what came after.

    ``on``: as of the end of that day (UTC), by when things happened.
    """
    seal = _seal_before(on)
    kept = AccountSum.objects.filter(seal=seal) if seal else AccountSum.objects.none()
    before = {
        account: (debit, credit)
        for account, debit, credit in kept.values_list("account", "debit_minor", "credit_minor")
    }
    which: dict[str, Any] = {"journal__gt": seal.up_to if seal else 0}
    if on is not None:
        which["journal__at__lt"] = _after(on)
    return _added(before, _sums(**which))


def _after(on: date) -> datetime:
    return datetime.combine(on + timedelta(days=1), time.min, UTC)


def _seal_before(on: date | None) -> DailySeal | None:
    """Give the newest seal that has sums, of the days up to one."""
    rows = DailySeal.objects.filter(Exists(AccountSum.objects.filter(seal=OuterRef("pk"))))
    return (rows.filter(on__lte=on) if on else rows).order_by("-on").first()


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


def balances(accounts: Iterable[Account], on: date | None = None) -> dict[int, int]:
    """Give the balances of a few accounts by their id; ``on``: as of the end of that day (UTC)."""
    listed = list(accounts)
    ids = [each.pk for each in listed]
    rows = Transfer.objects.filter(journal__at__lt=_after(on)) if on else Transfer.objects.all()
    into = dict(rows.filter(credit__in=ids).values_list("credit").annotate(Sum("amount_minor")))
    out = dict(rows.filter(debit__in=ids).values_list("debit").annotate(Sum("amount_minor")))
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


def of_amount(rows: QuerySet[Journal], text: str) -> QuerySet[Journal]:
    """Narrow to journals with an entry of an amount, as people write it; all currencies have their own decimals."""
    wanted = Q()
    for currency in Account.objects.values_list("currency", flat=True).distinct():
        with suppress(Refused):
            wanted |= Q(currency=currency, amount_minor=money.parse_amount(text, currency))
    moved = Transfer.objects.filter(wanted, journal=OuterRef("pk"))
    return rows.filter(Exists(moved)) if wanted else rows.none()


def reversal_of(journal: Journal) -> Journal | None:
    """Give the journal that took this one back, if one did."""
    return Journal.objects.filter(reverses=journal).first()


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
