"""Vendors' bills, and what is to be paid; costs of orders."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet, Sum

from enablement.models import (
    BillLine,
    ChargePart,
    CostChange,
    PurchaseCharge,
    PurchaseOrder,
    VendorBill,
    VendorPayment,
)
from s2b2c.kernel.errors import NotFound


def listed() -> QuerySet[VendorBill]:
    """Give bills with their vendor and order, and how many of their lines are held."""
    rows = VendorBill.objects.select_related("vendor", "order", "payment")
    return rows.annotate(held=Count("lines", filter=Q(lines__decision="")))


def find(bill_id: int) -> VendorBill:
    """Give a bill. :raises NotFound: there is none."""
    rows = listed().select_related("vendor", "order", "payment", "entered_by", "approved_by")
    found = rows.filter(pk=bill_id).first()
    if found is None:
        raise NotFound()
    return found


def lines(bill: VendorBill) -> list[BillLine]:
    """Give a bill's lines with what they are about."""
    rows = bill.lines.select_related("line__variant__product", "charge", "decided_by")
    return list(rows.prefetch_related("line__variant__product__media", "line__variant__media").order_by("id"))


def of_order(order: PurchaseOrder) -> list[VendorBill]:
    """Give the bills of an order, the newest first."""
    return list(listed().filter(order=order).order_by("-id"))


def billed(order: PurchaseOrder) -> dict[int, int]:
    """Give how many pieces of each line of an order are billed, by line id; refused bills do not count."""
    rows = BillLine.objects.filter(bill__order=order, line__isnull=False).exclude(bill__state="refused")
    found: dict[int, int] = {}
    for line, pieces, paid in rows.values_list("line_id", "pieces", "paid_pieces"):
        found[line] = found.get(line, 0) + (pieces if paid is None else paid)
    return found


def states() -> dict[str, int]:
    """Give how many bills are in each state."""
    return dict(VendorBill.objects.values_list("state").annotate(Count("id")))


def to_pay() -> list[str]:
    """Give the currencies in which something is approved and not with the bank yet."""
    rows = VendorBill.objects.filter(state="approved").order_by("currency")
    return list(rows.values_list("currency", flat=True).distinct())


def payments() -> list[VendorPayment]:
    """Give the last files for the bank with their bills, the newest first."""
    return list(VendorPayment.objects.select_related("made_by").prefetch_related("bills__vendor").order_by("-id")[:20])


def payment(number: str) -> VendorPayment:
    """Give a file for the bank. :raises NotFound: there is none."""
    found = VendorPayment.objects.filter(number=number).first()
    if found is None:
        raise NotFound()
    return found


def charges(order: PurchaseOrder) -> list[PurchaseCharge]:
    """Give the costs of an order beside its price."""
    return list(order.charges.select_related("actor").order_by("id"))


def landed(order: PurchaseOrder) -> dict[int, tuple[int, int]]:
    """Give by line id what it bears of an order's costs, and what of all that came later was too late for stock."""
    parts = ChargePart.objects.filter(charge__order=order).values_list("line_id").annotate(Sum("own_minor"))
    late = dict(CostChange.objects.filter(line__order=order).values_list("line_id").annotate(Sum("variance_minor")))
    return {line: (minor or 0, late.get(line, 0)) for line, minor in parts}
