"""Why a line of the payment provider fits nothing of ours, as far as the two books themselves say. Minor units."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from supplier.models import Account, Clawback, Dispute, Payout, ProviderEntry, Transfer

TRANSFERS = ("transfer", "transfer_reversal")
DISPUTES = ("dispute", "dispute_reversal")
MOST = 50


@dataclass(frozen=True, slots=True)
class Why:
    """``code`` names the reason; ``theirs`` and ``ours`` are an order's sums in the two books where both are known."""

    code: str
    theirs: int = 0
    ours: int = 0


def why(row: ProviderEntry) -> Why:
    """Say what of a line fits nothing.

    ``no_payout``, ``other_payout``: money of resellers that no payout or claw-back of ours names, or names otherwise.
    ``no_dispute``: of a payment nobody knows. ``no_order``: it names none. ``no_shop``: no shop, or more than one, has the
    number. ``not_booked``: our books have nothing of the order. ``sums``: they have another sum of it.
    """
    if row.kind in TRANSFERS:
        return Why("other_payout" if _named(row.source) else "no_payout")
    if row.kind in DISPUTES and not Dispute.objects.filter(provider_id=row.source).exists():
        return Why("no_dispute")
    if not row.order_number:
        return Why("no_order")
    if row.reseller_id is None:
        return Why("no_shop")
    theirs = _lines(row).aggregate(sum=Sum("amount_minor", default=0))["sum"]
    ours = _cleared(row)
    return Why("sums", theirs, ours) if ours is not None else Why("not_booked", theirs)


def beside(row: ProviderEntry) -> QuerySet[ProviderEntry]:
    """Give all lines of a line's order, itself too, the oldest first."""
    return _lines(row).order_by("booked_at", "id")[:MOST]


def _named(transfer: str) -> bool:
    named = {"provider_id": transfer}
    return Payout.objects.filter(**named).exists() or Clawback.objects.filter(**named).exists()


def _lines(row: ProviderEntry) -> QuerySet[ProviderEntry]:
    if row.reseller_id is None or not row.order_number:
        return ProviderEntry.objects.none()
    same = {"reseller_id": row.reseller_id, "order_number": row.order_number, "currency": row.currency}
    return ProviderEntry.objects.filter(**same)


def _cleared(row: ProviderEntry) -> int | None:
    """Give what our clearing account has of a line's order; None: nothing was ever booked there."""
    named = {"journal__reseller_id": row.reseller_id, "journal__order_number": row.order_number}
    rows = Transfer.objects.filter(**named, currency=row.currency)
    clearing = Account.Kind.CLEARING
    sums = rows.aggregate(
        taken=Sum("amount_minor", filter=Q(debit__kind=clearing)),
        given=Sum("amount_minor", filter=Q(credit__kind=clearing)),
    )
    if sums["taken"] is None and sums["given"] is None:
        return None
    return int((sums["taken"] or 0) - (sums["given"] or 0))
