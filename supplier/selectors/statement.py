"""One reseller's money in S's books: only the transfers on that reseller's own account. Minor units."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Sum, When

from supplier.models import Account, SalesOrder, Transfer
from supplier.selectors import cash

SETTLING = (
    "payout",
    "payout_returned",
    "reserve",
    "clawback",
    "round_deposit",
    "round_released",
    "round_kept",
)
EARNED = ("sale", "buying_saving")
OPEN = (SalesOrder.Status.OPEN, SalesOrder.Status.PART_SHIPPED)


@dataclass(frozen=True, slots=True)
class Balance:
    """``total`` = ``on_the_way`` + ``ready`` (all others). A refund counts with its order.

    On the way are orders not fully sent, and those to be paid on delivery whose cash nobody has brought yet.
    """

    total: int
    on_the_way: int
    ready: int
    orders_on_the_way: int
    orders_ready: int


@dataclass(frozen=True, slots=True)
class Month:
    """What a month's sales earned, what went back in it, and the number of orders sold in it."""

    first: date
    earned: int
    back: int
    orders: int

    @property
    def net(self) -> int:
        return self.earned + self.back


def _rows(reseller_id: int, currency: str) -> QuerySet[Transfer]:
    """Give the transfers on the reseller's account, ``amount`` signed: what is owed to the reseller is positive."""
    own = {"kind": Account.Kind.RESELLER_PAYABLE, "reseller_id": reseller_id, "currency": currency}
    is_credit = Q(**{f"credit__{name}": value for name, value in own.items()})
    is_debit = Q(**{f"debit__{name}": value for name, value in own.items()})
    return Transfer.objects.filter(is_credit | is_debit).annotate(
        amount=Case(When(is_credit, then=F("amount_minor")), default=-F("amount_minor"))
    )


def _earned(reseller_id: int, currency: str) -> QuerySet[Transfer]:
    """Give the transfers of what is earned and given back: not what is paid out, kept in reserve or held as a deposit of it."""
    return _rows(reseller_id, currency).exclude(journal__kind__in=SETTLING)


def _waiting() -> Exists:
    order = SalesOrder.objects.filter(
        reseller_id=OuterRef("journal__reseller_id"), order_number=OuterRef("journal__order_number")
    )
    return Exists(order.filter(Q(status__in=OPEN) | cash.DUE))


def balance(reseller_id: int, currency: str) -> Balance:
    """Give what S owes the reseller now, and how much of it waits for parcels to leave. One query."""
    waiting = Q(waits=True)
    sums = (
        _rows(reseller_id, currency)
        .annotate(waits=_waiting())
        .aggregate(
            total=Sum("amount", default=0),
            waiting=Sum("amount", filter=waiting, default=0),
            orders=Count("journal__order_number", distinct=True, filter=waiting),
            all=Count("journal__order_number", distinct=True, filter=~Q(journal__order_number="")),
        )
    )
    return Balance(
        total=sums["total"],
        on_the_way=sums["waiting"],
        ready=sums["total"] - sums["waiting"],
        orders_on_the_way=sums["orders"],
        orders_ready=sums["all"] - sums["orders"],
    )


def lines(reseller_id: int, currency: str) -> QuerySet[Transfer]:
    """Give the lines of what was earned and given back with their journals, ``amount`` signed."""
    return _earned(reseller_id, currency).select_related("journal", "credit")


def in_month(rows: QuerySet[Transfer], first: date) -> QuerySet[Transfer]:
    """Narrow lines to a month (UTC)."""
    return rows.filter(journal__at__year=first.year, journal__at__month=first.month)


def of_kinds(rows: QuerySet[Transfer], kinds: Collection[str]) -> QuerySet[Transfer]:
    """Narrow lines to what was earned (``sale``), to what went back (``back``), or to both."""
    if len(set(kinds)) > 1:
        return rows
    return rows.filter(journal__kind__in=EARNED) if "sale" in kinds else rows.exclude(journal__kind__in=EARNED)


def waiting(rows: QuerySet[Transfer], waits: bool) -> QuerySet[Transfer]:
    """Narrow lines to orders not fully sent or whose cash is still out, or to all others."""
    return rows.annotate(waits=_waiting()).filter(waits=waits)


def total(rows: QuerySet[Transfer]) -> int:
    """Give the sum of lines."""
    return int(rows.order_by().aggregate(all=Sum("amount", default=0))["all"])
