"""One reseller's money in S's books: only the transfers on that reseller's own account. Minor units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Sum, When
from django.db.models.functions import TruncMonth

from supplier.models import Account, SalesOrder, Transfer
from supplier.selectors import cash

SETTLING = ("payout", "payout_returned", "reserve", "clawback")
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


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the statement: a fact of an order, what it gave (or took, negative)."""

    at: datetime
    kind: str
    order_number: str
    amount_minor: int


def _rows(reseller_id: int, currency: str) -> QuerySet[Transfer]:
    """Give the transfers on the reseller's account, ``amount`` signed: what is owed to the reseller is positive."""
    own = {"kind": Account.Kind.RESELLER_PAYABLE, "reseller_id": reseller_id, "currency": currency}
    is_credit = Q(**{f"credit__{name}": value for name, value in own.items()})
    is_debit = Q(**{f"debit__{name}": value for name, value in own.items()})
    return Transfer.objects.filter(is_credit | is_debit).annotate(
        amount=Case(When(is_credit, then=F("amount_minor")), default=-F("amount_minor"))
    )


def _earned(reseller_id: int, currency: str) -> QuerySet[Transfer]:
    """Give the transfers of what is earned and given back: not what is paid out or kept in reserve of it."""
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


def months(reseller_id: int, currency: str) -> list[Month]:
    """Give the statement by month (UTC), newest first. One query."""
    sold, back = Q(journal__kind="sale"), ~Q(journal__kind="sale")
    rows = (
        _earned(reseller_id, currency)
        .annotate(month=TruncMonth("journal__at"))
        .values("month")
        .annotate(
            earned=Sum("amount", filter=sold, default=0),
            back=Sum("amount", filter=back, default=0),
            orders=Count("journal__order_number", distinct=True, filter=sold),
        )
        .order_by("-month")
    )
    return [Month(row["month"].date(), row["earned"], row["back"], row["orders"]) for row in rows]


def entries(
    reseller_id: int,
    currency: str,
    *,
    month: date | None = None,
    kind: str = "",
    waiting: bool | None = None,
    order_number: str = "",
    limit: int = 500,
) -> list[Entry]:
    """Give the lines behind a figure, newest first.

    ``kind``: ``sale`` or ``back``; ``waiting``: of orders not fully sent or whose cash is still out, or of all others.
    """
    rows = _earned(reseller_id, currency).select_related("journal")
    if month is not None:
        rows = rows.filter(journal__at__year=month.year, journal__at__month=month.month)
    if kind:
        rows = rows.filter(journal__kind="sale") if kind == "sale" else rows.exclude(journal__kind="sale")
    if order_number:
        rows = rows.filter(journal__order_number=order_number)
    if waiting is not None:
        rows = rows.annotate(waits=_waiting()).filter(waits=waiting)
    ordered = rows.order_by("-journal__at", "-id")[:limit]
    return [Entry(row.journal.at, row.journal.kind, row.journal.order_number, row.amount) for row in ordered]  # type: ignore[attr-defined]
