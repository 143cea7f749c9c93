"""What is done for good goods: lots inspected, one held, one called back; what consumers complain of and praise."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial

from django.db.models import Sum

from enablement.models import Complaint, Inspection, Review, Vendor
from enablement.services import complaints, inspections, purchases, quality_cards, recalls, receiving, reviews
from enablement.services.lotting import Told
from orders.models import Order
from orders.services import cases
from s2b2c.kernel import clock
from s2b2c.management.worlds.demo.afterwards import later
from s2b2c.management.worlds.demo.trade import Trade
from s2b2c.tenancy import context
from supplier.models import LotMovement, LotPick, SalesLine, Warehouse

_LOTS = (
    # days ago it came, its code, which of the things sold most, pieces, defects found (critical, major, minor)
    (46, "MP-2405", 0, 120, (0, 0, 1)),
    (44, "MP-2409", 1, 240, (0, 1, 3)),
    (30, "MP-2414", 1, 324, (0, 2, 2)),
    (15, "MP-2418", 0, 204, (0, 9, 4)),
    (1.2, "MP-2423", 1, 282, None),  # nobody has looked yet
)
_SAID = (
    (5, "The glaze has a depth no photo shows. We bought two more.", "Maya", "en"),
    (4, "Good weight, keeps warm. The box was a little large.", "Tom", "en"),
    (5, "颜色很温润，送人也体面。", "小林", "zh-hans"),
    (3, "Lovely, but smaller than I thought.", "Ines", "en"),
    (5, "Third one for the family.", "Ada", "en"),
)


def plan(trade: Trade) -> None:
    """Put all of it into the calendar."""
    later(trade, 50, partial(_begin, trade))
    for days, code, which, pieces, found in _LOTS:
        later(trade, days, partial(_come, trade, code, which, pieces, found))
    later(trade, 6, partial(_praise, trade))
    later(trade, 4, partial(_complain, trade))
    later(trade, 3.5, partial(_reply, trade))
    later(trade, 3, partial(_recall, trade))


def _begin(trade: Trade) -> None:
    inspections.write_plan(
        vendor_id=None, variant_id=None, level="II", aql_major=Decimal("1.5"), aql_minor=Decimal("4.0"), reduced=True,
        actor_id=trade.staff_id,
    )  # fmt: skip


def _vendor() -> Vendor:
    return Vendor.objects.order_by("id")[0]


def _thing(which: int) -> int:
    """Give one of the variants of the first vendor that were sold most before the first lot came."""
    first = LotMovement.objects.order_by("id").values_list("at", flat=True).first() or clock.now()
    rows = SalesLine.objects.filter(variant__in=_vendor().offers.values("variant_id"), order__placed_at__lte=first)
    sold = rows.values("variant_id").annotate(n=Sum("quantity")).order_by("-n", "variant_id")
    ids = [row["variant_id"] for row in sold] or list(
        _vendor().offers.order_by("id").values_list("variant_id", flat=True)
    )
    return ids[min(which, len(ids) - 1)]


def _place() -> Warehouse:
    return Warehouse.objects.filter(active=True).order_by("priority", "id")[0]


def _come(trade: Trade, code: str, which: int, pieces: int, found: tuple[int, int, int] | None) -> None:
    order = purchases.draft(vendor_id=_vendor().pk, warehouse_id=_place().pk, actor_id=trade.staff_id)
    purchases.write(number=order.number, variant_id=_thing(which), quantity=pieces)
    order = purchases.send(number=order.number, actor_id=trade.staff_id)
    line = order.lines.get()
    receiving.receive(
        number=order.number, pieces={line.pk: pieces}, key="demo", slip=code, actor_id=trade.staff_id,
        lots={line.pk: Told((code,), (clock.now() + timedelta(days=700)).date())},
    )  # fmt: skip
    if found is not None:
        critical, major, minor = found
        inspections.decide(
            inspection_id=Inspection.objects.get(lot__code=code).pk, critical=critical, major=major, minor=minor,
            note="Hairline cracks at the handle" if major > 4 else "", actor_id=trade.staff_id,
        )  # fmt: skip


def _sent() -> list[LotPick]:
    """Pieces of lots that were sent, one an order, the oldest first."""
    rows = LotPick.objects.filter(shipment__isnull=False).select_related("lot__variant", "reseller").order_by("id")
    return list({pick.order_id: pick for pick in rows}.values())


def _praise(trade: Trade) -> None:
    for number, (pick, (stars, text, name, language)) in enumerate(zip(_sent(), _SAID, strict=False)):
        made = reviews.write(
            reseller_id=pick.reseller_id or 0, order_number=pick.order_number, product_id=pick.lot.variant.product_id,
            stars=stars, text=text, name=name, language=language,
        )  # fmt: skip
        if number < 4:
            reviews.decide(review_id=made.pk, show=True, actor_id=trade.staff_id)
    for product_id in set(Review.objects.values_list("product_id", flat=True)):
        quality_cards.refresh(product_id)


def _complain(trade: Trade) -> None:
    texts = (
        ("broken", "One of the two has a crack at the handle, it was well packed."),
        ("quality", "杯口有一处崩瓷，摸得到。"),
        ("missing", "There were four on the slip and three in the box."),
    )
    for pick, (problem, text) in zip(_sent()[5:], texts, strict=False):
        assert pick.reseller is not None
        with context.entered(pick.reseller):
            with context.reading():
                order = Order.objects.get(number=pick.order_number)
                line = order.lines.filter(variant_id=pick.lot.variant_id).first()
            cases.open_case(
                order_number=order.number, topic="goods", problem=problem, line_id=line.pk if line else None, text=text,
                key="demo",
            )  # fmt: skip


def _reply(trade: Trade) -> None:
    made = Complaint.objects.filter(problem="broken", state="open").order_by("id").first()
    if made is not None:
        complaints.answer(
            number=made.number, justified=True, key="demo", actor_id=trade.staff_id or 0,
            text="We are sorry: a new one is on its way, and we look at the whole lot again.",
        )  # fmt: skip


def _recall(trade: Trade) -> None:
    """The first lot is called back; what is still on its way is told, too."""
    first = Inspection.objects.order_by("id").first()
    if first is None:
        return
    made = recalls.draft(
        lot_ids=[first.lot_id], remedy="refund", actor_id=trade.staff_id,
        reason_en="The glaze of this lot may chip at the rim.", reason_zh="该批次的釉面可能在杯口处剥落。",
        advice_en="Please stop drinking from it.", advice_zh="请停止使用该商品饮水。",
    )  # fmt: skip
    recalls.start(number=made.number, actor_id=trade.staff_id)
    recalls.carry_on()
