"""Returns as S's office and warehouse read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum

from s2b2c.kernel.errors import NotFound
from supplier.models import BankFile, BankRefund, FulfilmentLine, ReturnOrder, SalesLine, Variant

HOLDS_BACK = Q(state__in=ReturnOrder.OPEN)


def open_of(order_ids: Iterable[int]) -> set[int]:
    """Give the orders, of these by id, whose earnings an open return holds back."""
    rows = ReturnOrder.objects.filter(HOLDS_BACK, order_id__in=list(order_ids))
    return set(rows.values_list("order_id", flat=True))


def listed() -> QuerySet[ReturnOrder]:
    """Give all returns with what a list shows of them, and how many pieces they have."""
    rows = ReturnOrder.objects.select_related("order__reseller", "reseller", "warehouse")
    return rows.annotate(pieces=Sum("lines__quantity"))


def matching(rows: QuerySet[ReturnOrder], text: str) -> QuerySet[ReturnOrder]:
    """Narrow to a return's or order's number, its tracking number or a recipient's name."""
    wanted = Q(number__istartswith=text) | Q(order__order_number__istartswith=text) | Q(tracking=text)
    return rows.filter(wanted | Q(order__recipient_name__icontains=text))


def find(number: str) -> ReturnOrder:
    """Give one return with its lines.

    :raises NotFound: there is none of this number.
    """
    rows = ReturnOrder.objects.select_related("order__reseller", "warehouse", "inspector")
    found = (
        rows.prefetch_related("lines__variant__product", "lines__line__variant__product")
        .filter(number=number.upper())
        .first()
    )
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class PartSent:
    """A part of a bundle of which ``pieces`` were sent and did not come back."""

    variant: Variant
    pieces: int


def parts_of(lines: Iterable[SalesLine]) -> dict[int, list[PartSent]]:
    """Give by sales line what of bundles was sent and can come back by itself. Two statements."""
    rows = FulfilmentLine.objects.filter(line__in=[line.pk for line in lines], bundle__isnull=False)
    sums = rows.values_list("line_id", "variant_id").annotate(there=Sum(F("shipped") - F("returned")))
    there = [(line_id, variant_id, left) for line_id, variant_id, left in sums if left > 0]
    variants = Variant.objects.select_related("product").in_bulk({variant_id for _line, variant_id, _n in there})
    found: dict[int, list[PartSent]] = {}
    for line_id, variant_id, left in sorted(there):
        found.setdefault(line_id, []).append(PartSent(variants[variant_id], left))
    return found


def by_code(code: str) -> str:
    """Give the number of the return a code stands for: its own, or the tracking number of an open one.

    :raises NotFound: nothing goes by this code.
    """
    rows = ReturnOrder.objects.filter(Q(number=code.strip().upper()) | (Q(tracking=code.strip()) & HOLDS_BACK))
    found = rows.exclude(number="").order_by("-id").values_list("number", flat=True).first() if code.strip() else None
    if found is None:
        raise NotFound()
    return found


def counts() -> dict[str, int]:
    """Give how many returns wait at each step, and how many claims are open."""
    found = dict.fromkeys(ReturnOrder.OPEN, 0)
    for state in ReturnOrder.objects.filter(HOLDS_BACK).values_list("state", flat=True):
        found[state] += 1
    found["claims"] = ReturnOrder.objects.filter(claim_state="open").count()
    return found


def bank_refunds() -> QuerySet[BankRefund]:
    """Give refunds by bank transfer with their order and shop."""
    return BankRefund.objects.select_related("order__reseller")


def bank_refunds_of(reseller_id: int, order_number: str) -> QuerySet[BankRefund]:
    """Give an order's refunds by bank transfer, the oldest first."""
    return BankRefund.objects.filter(order__reseller_id=reseller_id, order__order_number=order_number).order_by("id")


def bank_refunds_waiting() -> list[tuple[str, int, int]]:
    """Give what can be handed to the bank: currency, how many, how much."""
    rows = BankRefund.objects.filter(state=BankRefund.State.DUE, account_at__isnull=False)
    sums = rows.values_list("order__currency").annotate(Count("id"), Sum("amount_minor"))
    return list(sums.order_by("order__currency"))


def bank_refund_files(limit: int = 8) -> list[BankFile]:
    """Give the last files of refunds, with how many of each are not paid yet as ``open``."""
    rows = BankFile.objects.filter(refunds__isnull=False).distinct()
    sent = Count("refunds", filter=Q(refunds__state=BankRefund.State.SENT), distinct=True)
    return list(rows.annotate(open=sent).order_by("-id")[:limit])


def address_of(number: str) -> dict[str, str]:
    """Give where the parcel of a return goes; empty until S has noted it."""
    back = ReturnOrder.objects.select_related("warehouse").filter(number=number).first()
    if back is None:
        return {}
    place = back.warehouse
    return {"en": place.name_en, "zh": place.name_zh, "city": place.city, "country": place.country, "code": place.code}
