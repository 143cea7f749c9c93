"""The warranty of a piece by its serial number: how long, until when – and, for its order alone, where it was bought."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from s2b2c.kernel import clock, texts
from supplier.models import LotPick, LotStock

MOST = 5  # variants whose pieces bear the same number


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece somebody has. ``months``: as promised when it was sold; ``until``: the last day; None: nothing was promised.

    ``order_number`` and ``line_id`` are for who is known to have that order.
    """

    code: str
    name: str
    label: str
    plate: str
    tint: str
    sent_on: date
    months: int | None
    until: date | None
    order_number: str
    line_id: int

    @property
    def lasts(self) -> bool:
        """Say whether the warranty still holds today."""
        return self.until is not None and self.until >= clock.now().date()


def of_serial(code: str, *, reseller_id: int) -> list[Piece]:
    """Give the pieces with this number that a shop's consumers have; those that came back are nobody's."""
    code = code.strip().upper()[:40]
    rows = LotPick.objects.filter(lot__code=code, lot__serial=True, reseller=reseller_id, shipment__isnull=False)
    return _pieces(rows)[:MOST] if code else []


def of_order(*, reseller_id: int, order_number: str) -> list[Piece]:
    """Give the pieces with numbers an order was sent and did not give back."""
    rows = LotPick.objects.filter(reseller=reseller_id, order_number=order_number, lot__serial=True)
    return _pieces(rows.filter(order__reseller=reseller_id, order__order_number=order_number))


def _pieces(rows: object) -> list[Piece]:
    there = LotStock.objects.filter(lot=OuterRef("lot"), pieces__gt=0)
    later = LotPick.objects.filter(lot=OuterRef("lot"), shipment__gt=OuterRef("shipment"))
    kept = rows.exclude(Exists(there)).exclude(Exists(later)).select_related("lot__variant__product", "line__line")  # type: ignore[attr-defined]
    return [_piece(pick) for pick in kept.order_by("id")[:100]]


def _piece(pick: LotPick) -> Piece:
    variant, sold = pick.lot.variant, pick.line.line
    assert pick.sent_at is not None
    sent_on = pick.sent_at.date()
    return Piece(
        code=pick.lot.code,
        name=texts.local(variant.product, "name"),
        label=texts.local(variant, "label"),
        plate=variant.product.plate,
        tint=variant.tint,
        sent_on=sent_on,
        months=sold.warranty_months,
        until=after(sent_on, sold.warranty_months) if sold.warranty_months else None,
        order_number=pick.order_number,
        line_id=sold.line_id,
    )


def after(day: date, months: int) -> date:
    """Give the same day so many months later, or the last of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
