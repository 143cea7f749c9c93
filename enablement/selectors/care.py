"""Complaints, reviews and recalls as the desks read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from enablement.models import Complaint, Recall, RecallOrder, Review
from s2b2c.kernel.errors import NotFound
from supplier.models import Lot, ReturnOrder


def complaints() -> QuerySet[Complaint]:
    """Give all complaints with what they are about."""
    return Complaint.objects.select_related(
        "reseller", "variant__product", "lot", "vendor", "actor", "case", "shipment"
    ).defer("case__notes")


def complaint(number: str, *, about: str = "", reseller_id: int | None = None) -> Complaint:
    """Give a complaint, of one kind, of one shop where they are named. :raises NotFound: there is none."""
    rows = complaints().filter(number=number.upper())
    rows = rows.filter(about=about) if about else rows
    rows = rows.filter(reseller=reseller_id) if reseller_id is not None else rows
    found = rows.first()
    if found is None:
        raise NotFound()
    return found


def of_case(case_id: int) -> Complaint | None:
    """Give the record of quality behind a case; None: it is not about goods."""
    return complaints().filter(case=case_id).first()


def case_number(complaint: Complaint) -> str:
    """Give the number of a complaint's case as its shop knows it; empty: it has none yet."""
    kind, _colon, number = complaint.key.partition(":")
    return number if kind == "case" else ""


def matching(rows: QuerySet[Complaint], text: str) -> QuerySet[Complaint]:
    """Narrow to a number, an order, a SKU or a lot that begins so."""
    upper = text.upper()
    return rows.filter(
        Q(number__startswith=upper)
        | Q(order_number__startswith=upper)
        | Q(variant__sku__istartswith=text)
        | Q(lot__code__istartswith=text)
    )


def reviews() -> QuerySet[Review]:
    """Give all reviews with what they are of."""
    return Review.objects.select_related("product", "reseller")


def recalls() -> QuerySet[Recall]:
    """Give all recalls with how many orders got some, and how many were told."""
    return Recall.objects.prefetch_related("lots__variant__product").annotate(
        found=Count("orders"), told=Count("orders", filter=Q(orders__state="told"))
    )


def recall(number: str) -> Recall:
    """Give a recall. :raises NotFound: there is none."""
    found = recalls().filter(number=number.upper()).first()
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a recall is: orders found, told, and made good."""

    found: int
    told: int
    good: int


def progress(recall: Recall) -> Progress:
    """Tell how far a recall is."""
    rows = RecallOrder.objects.filter(recall=recall)
    sums = rows.aggregate(found=Count("id"), told=Count("id", filter=Q(state="told")))
    numbers = rows.exclude(return_number="").values("return_number")
    good = ReturnOrder.objects.filter(number__in=numbers, state="closed").count()
    return Progress(sums["found"], sums["told"], good)


def told(recall: Recall, most: int = 50) -> list[tuple[RecallOrder, str]]:
    """Give the first orders of a recall with the state of what makes each good."""
    rows = list(RecallOrder.objects.filter(recall=recall).select_related("reseller").order_by("id")[:most])
    states = dict(
        ReturnOrder.objects.filter(number__in=[row.return_number for row in rows if row.return_number]).values_list(
            "number", "state"
        )
    )
    return [(row, states.get(row.return_number, "")) for row in rows]


def by_codes(text: str) -> list[Lot]:
    """Give the lots named by code or number. :raises NotFound: one of them is not there."""
    words = [word for word in text.replace(",", " ").split() if word]
    found: list[Any] = []
    for word in words[:20]:
        lots = list(Lot.objects.filter(code=word.upper())[:2])
        if len(lots) != 1:
            raise NotFound(field="lots")
        found += lots
    return found
