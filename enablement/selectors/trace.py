"""From a parcel to where its goods come from, for who holds it; from an order's complaint to the lots in question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from enablement.models import Inspection, LotOrigin, Recall
from s2b2c.kernel import texts
from supplier.models import Lot, LotPick, SalesOrder, Shipment, ShipmentLine
from supplier.selectors import parcel_codes


@dataclass(frozen=True, slots=True)
class Thing:
    """A lot in a parcel. ``origin``: where it was made, where S says so. ``recall``: why it was called back."""

    name: str
    label: str
    plate: str
    tint: str
    lot: str
    serial: bool
    quantity: int
    expires_on: object
    inspected_at: datetime | None
    origin: str
    recall: str
    advice: str


@dataclass(frozen=True, slots=True)
class Trace:
    """What a parcel's page says: nothing of whom it went to."""

    number: str
    sent_at: datetime
    things: tuple[Thing, ...]
    others: tuple[tuple[str, int], ...]  # name and pieces of what came without a lot


def parcel(code: str, *, reseller_id: int) -> Trace | None:
    """Give what is known of a parcel of this shop by the code on its slip; none where there is no such parcel."""
    number = parcel_codes.number(code)
    lines = ShipmentLine.objects.select_related("fulfilment_line__variant__product")
    rows = Shipment.objects.prefetch_related(Prefetch("lines", lines), Prefetch("lots", _picks()))
    found = rows.filter(number=number, fulfilment__order__reseller=reseller_id).first() if number else None
    if found is None:
        return None
    picks = list(found.lots.all())
    things = _things(picks)
    known: dict[int, int] = {}
    for pick in picks:
        known[pick.line_id] = known.get(pick.line_id, 0) + pick.quantity
    rest = [(line, line.quantity - known.get(line.fulfilment_line_id, 0)) for line in found.lines.all()]
    others = [(texts.local(line.fulfilment_line.variant.product, "name"), left) for line, left in rest if left > 0]
    return Trace(found.number, found.shipped_at, tuple(things), tuple(others))


def _picks() -> QuerySet[LotPick]:
    return LotPick.objects.select_related("lot__variant__product").order_by("id")


def _things(picks: Sequence[LotPick]) -> list[Thing]:
    ids = {pick.lot_id for pick in picks}
    inspected = dict(
        Inspection.objects.filter(lot__in=ids, state="accepted").order_by("id").values_list("lot_id", "decided_at")
    )
    inspected |= dict(  # serial numbers that came together were inspected together
        Inspection.objects.filter(receipt_line__lots__lot__in=ids, state="accepted")
        .order_by("id")
        .values_list("receipt_line__lots__lot_id", "decided_at")
    )
    made = {each.lot_id: each for each in LotOrigin.objects.filter(lot__in=ids).select_related("vendor__vetting")}
    recalls = {lot_id: recall for recall in _recalls(ids) for lot_id in recall.lots.values_list("id", flat=True)}
    return [
        _thing(pick, inspected.get(pick.lot_id), made.get(pick.lot_id), recalls.get(pick.lot_id)) for pick in picks
    ]


def _recalls(lot_ids: set[int]) -> list[Recall]:
    return list(Recall.objects.filter(lots__in=lot_ids).exclude(state=Recall.State.DRAFT).distinct())


def _thing(pick: LotPick, inspected: datetime | None, origin: LotOrigin | None, recall: Recall | None) -> Thing:
    lot, variant = pick.lot, pick.lot.variant
    return Thing(
        name=texts.local(variant.product, "name"),
        label=texts.local(variant, "label"),
        plate=variant.product.plate,
        tint=variant.tint,
        lot=lot.code,
        serial=lot.serial,
        quantity=pick.quantity,
        expires_on=lot.expires_on,
        inspected_at=inspected,
        origin=made_in(origin),
        recall=texts.local(recall, "reason") if recall else "",
        advice=texts.local(recall, "advice") if recall else "",
    )


def made_in(origin: LotOrigin | None) -> str:
    """Say where a lot was made, where S publishes it."""
    vetting = getattr(origin.vendor, "vetting", None) if origin else None
    return texts.local(vetting, "origin") if vetting and vetting.published else ""


def lots_of(
    *, reseller_id: int, order_number: str, variant_id: int | None = None, line_id: int | None = None
) -> list[Lot]:
    """Give the lots an order was sent; of one variant, or for one line as its shop knows it, where they are named."""
    order = SalesOrder.objects.filter(reseller=reseller_id, order_number=order_number).first()
    rows = (
        Lot.objects.filter(picks__line__fulfilment__order=order, picks__shipment__isnull=False)
        if order
        else Lot.objects.none()
    )
    if line_id is not None:
        rows = Lot.objects.filter(
            picks__line__line__order=order, picks__line__line__line_id=line_id, picks__shipment__isnull=False
        )
    return list((rows.filter(variant=variant_id) if variant_id else rows).distinct().order_by("id"))
