"""Resellers as S sees them: what they sell, what they are owed, on what terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import BigIntegerField, Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from s2b2c.accounts.models import AuditEntry, Invitation, Membership
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound
from s2b2c.tenancy.models import Reseller
from supplier.models import Account, SalesOrder, Terms, Transfer

DAYS = 30


def listed() -> QuerySet[Reseller]:
    """Give all resellers with ``orders_30`` and ``turnover_30``: what they sold in the last 30 days."""
    return Reseller.objects.annotate(orders_30=_of(Count("id")), turnover_30=_of(Sum("captured_minor")))


def _of(figure: Count | Sum) -> Coalesce:
    since = clock.now() - timedelta(days=DAYS)
    mine = SalesOrder.objects.filter(reseller=OuterRef("pk"), placed_at__gte=since, currency=OuterRef("currency"))
    grouped = mine.exclude(status=SalesOrder.Status.CANCELLED).order_by().values("reseller")
    found = Subquery(grouped.annotate(figure=figure).values("figure"), output_field=BigIntegerField())
    return Coalesce(found, 0, output_field=BigIntegerField())


def matching(rows: QuerySet[Reseller], text: str) -> QuerySet[Reseller]:
    """Narrow to resellers called so, or with an address that begins so."""
    return rows.filter(Q(name__icontains=text) | Q(slug__startswith=text.lower()))


def find(slug: str) -> Reseller:
    """Give a reseller.

    :raises NotFound: there is none.
    """
    found = listed().filter(slug=slug).first()
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class Balance:
    """What a reseller is owed in one currency: earned less taken back and paid."""

    currency: str
    minor: int
    account_id: int


def balances(reseller: Reseller) -> list[Balance]:
    """Give what S owes a reseller, by currency."""
    accounts = Account.objects.filter(reseller=reseller, kind=Account.Kind.RESELLER_PAYABLE).order_by("currency")
    return [Balance(each.currency, owed([each.pk])[each.pk], each.pk) for each in accounts]


def owed(account_ids: list[int]) -> dict[int, int]:
    """Give credits less debits of accounts."""
    into = dict(Transfer.objects.filter(credit__in=account_ids).values_list("credit").annotate(Sum("amount_minor")))
    out = dict(Transfer.objects.filter(debit__in=account_ids).values_list("debit").annotate(Sum("amount_minor")))
    return {each: into.get(each, 0) - out.get(each, 0) for each in account_ids}


def terms(reseller: Reseller) -> list[Terms]:
    """Give a reseller's own terms and everybody's, its own first, the newest first."""
    rows = Terms.objects.filter(Q(reseller=reseller) | Q(reseller=None))
    return list(rows.order_by(F("reseller_id").asc(nulls_last=True), "-version")[:20])


def members(reseller: Reseller) -> list[Membership]:
    """Give who works in the shop."""
    return list(Membership.objects.filter(reseller=reseller).select_related("user").order_by("pk")[:50])


def invited(reseller: Reseller) -> list[Invitation]:
    """Give who is invited into the shop and has not answered."""
    return list(Invitation.objects.filter(reseller=reseller, accepted_at=None).order_by("-pk")[:20])


def recent_orders(reseller: Reseller) -> list[SalesOrder]:
    """Give the shop's last orders."""
    rows = SalesOrder.objects.filter(reseller=reseller).select_related("reseller").prefetch_related("fulfilments")
    return list(rows.order_by("-placed_at", "-id")[:10])


def log(reseller: Reseller) -> list[AuditEntry]:
    """Give what staff of S did to this reseller, newest first."""
    rows = AuditEntry.objects.filter(reseller=reseller, action__startswith="reseller.").select_related("actor")
    return list(rows.order_by("-pk")[:20])
