"""What happens in the warehouses: transfers, counts, what is expected, what broke; and what S offers the shops."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.db.models import QuerySet

from reseller.services import promotions
from s2b2c.kernel import clock
from s2b2c.management.worlds.demo.afterwards import later, shop
from s2b2c.management.worlds.demo.trade import Trade
from s2b2c.tenancy import context
from supplier.models import Category, Stock, Warehouse
from supplier.services import arrivals, campaigns, counting, stock, transfers


def plan(trade: Trade) -> None:
    """Put all of it into the calendar."""
    for days_ago, what in (
        (16, partial(_transfer, trade, "Shelves for the autumn")), (9, partial(_count, trade)),
        (12, partial(_damage, trade)), (10, partial(_arrivals, trade)), (10, _own_promotion), (9.5, _campaign),
        (2.1, partial(_transfer, trade, "For the coast", arrives=False)), (0.2, partial(_plan_transfer, trade)),
        (0.1, partial(_begin_count, trade)),
    ):  # fmt: skip
        later(trade, days_ago, what)


# --- Transfers ---------------------------------------------------------------------------------------------
def _transfer(trade: Trade, note: str, arrives: bool = True) -> None:
    first, second = _warehouses()[:2]
    chosen = list(_plenty(first)[:3])
    made = transfers.draft(
        source_id=first, target_id=second, pieces={row.variant_id: 6 for row in chosen}, note=note,
        actor_id=trade.staff_id,
    )  # fmt: skip
    transfers.send(number=made.number, actor_id=trade.staff_id)
    if arrives:
        later(trade, 14, partial(_take_in, trade, made.number))


def _take_in(trade: Trade, number: str) -> None:
    """One piece did not arrive."""
    lines = list(transfers.StockTransfer.objects.get(number=number).lines.order_by("id"))
    received = {line.id: line.quantity for line in lines} | {lines[0].id: lines[0].quantity - 1}
    transfers.receive(number=number, actor_id=trade.staff_id, received=received, shortage="One fell off the pallet")


def _plan_transfer(trade: Trade) -> None:
    first, second = _warehouses()[:2]
    pieces = {row.variant_id: 4 for row in _plenty(second)[:2]}
    transfers.draft(source_id=second, target_id=first, pieces=pieces, note="", actor_id=trade.staff_id)


# --- Counts ------------------------------------------------------------------------------------------------
def _count(trade: Trade) -> None:
    """Two of six lines differ by a piece."""
    number = _begin_count(trade, whole=True)
    counting.post(number=number, reason="Yearly count, aisle 2", actor_id=trade.staff_id)


def _begin_count(trade: Trade, whole: bool = False) -> str:
    """A blind sheet, of which half is counted yet."""
    place = _warehouses()[0]
    rows = list(_plenty(place)[10:16] if whole else _plenty(place)[20:28])
    sheet = counting.start(warehouse_id=place, variant_ids=[row.variant_id for row in rows], actor_id=trade.staff_id)
    there = {row.variant_id: row.available + row.held for row in rows}
    lines = list(sheet.lines.order_by("id"))[: None if whole else 4]
    off = {lines[1].id: -1, lines[3].id: 1 if whole else -2}
    counted: dict[int, int | None] = {line.id: there[line.variant_id] + off.get(line.id, 0) for line in lines}
    counting.record(number=sheet.number, counted=counted)
    return sheet.number


# --- What comes, and what broke ----------------------------------------------------------------------------
def _arrivals(trade: Trade) -> None:
    """Three deliveries: one is overdue, one came in part."""
    today, place = clock.now().date(), _warehouses()[0]
    for row, days, pieces, reference in zip(
        _few(place)[:3], (9, 16, 24), (40, 24, 60), ("PO-2081", "PO-2084", "PO-2090"), strict=False
    ):
        made = arrivals.announce(
            variant_id=row.variant_id, warehouse_id=place, quantity=pieces, arrives_on=today + timedelta(days=days),
            reference=reference, actor_id=trade.staff_id,
        )  # fmt: skip
        if reference == "PO-2084":
            later(trade, 1.2, partial(arrivals.receive, arrival_id=made.pk, quantity=10, actor_id=trade.staff_id))


def _damage(trade: Trade) -> None:
    place = _warehouses()[0]
    for row, pieces, why in zip(
        _plenty(place)[3:5], (2, 1), ("Forklift, lower shelf", "Glaze came off in the box"), strict=False
    ):
        stock.damage(
            variant_id=row.variant_id, warehouse_id=place, quantity=pieces, reason=why, actor_id=trade.staff_id
        )


# --- Promotions --------------------------------------------------------------------------------------------
def _campaign() -> None:
    """S offers two discounts, of which one shop takes on the first."""
    kitchen = list(Category.objects.filter(slug="kitchen").values_list("id", flat=True))
    end = clock.now() + timedelta(days=24)
    made = campaigns.offer(
        name_en="Autumn table", name_zh="秋日餐桌", value_bps=1_000, share_bps=5_000, categories=kitchen,
        ends_at=end, actor_id=None,
    )  # fmt: skip
    campaigns.offer(name_en="Early lights", name_zh="早点灯", value_bps=1_500, share_bps=6_000, actor_id=None)
    with context.entered(shop("juniper-row")):
        promotions.take_on(campaign_id=made.pk)


def _own_promotion() -> None:
    with context.entered(shop("juniper-row")):
        promotions.make(
            name="Thank you, neighbours",
            kind="percent",
            value=1_000,
            code="HUDSON10",
            least_minor=5_000,
            uses_most=100,
        )
        promotions.make(name="Free delivery over the holidays", kind="delivery", least_minor=8_000)


# --- Helpers -----------------------------------------------------------------------------------------------
def _warehouses() -> list[int]:
    return list(Warehouse.objects.filter(active=True).order_by("priority", "id").values_list("id", flat=True))


def _plenty(warehouse_id: int) -> QuerySet[Stock]:
    """What lies there in numbers, always in the same order."""
    return Stock.objects.filter(warehouse_id=warehouse_id, available__gt=20).order_by("variant_id")


def _few(warehouse_id: int) -> QuerySet[Stock]:
    return Stock.objects.filter(warehouse_id=warehouse_id).order_by("available", "variant_id")
