"""Buying together in the demo: a round that was reached, bought and shared, one that is open, a plan, and prices asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from enablement.models import BuyingRound, PurchaseOrder, Quote, QuoteRequest, Vendor, VendorOffer
from enablement.selectors import vendors
from enablement.services import (
    bills,
    charges,
    commitments,
    plans,
    purchases,
    quotes,
    quoting,
    receiving,
    rounds,
    sharing,
)
from s2b2c.kernel import clock
from s2b2c.management.worlds.demo import shops
from s2b2c.management.worlds.demo.afterwards import later, shop
from s2b2c.management.worlds.demo.trade import Trade
from supplier.models import Warehouse

FIRST = ("Autumn tableware", "秋季餐具")
SECOND = ("Winter kitchen", "冬日厨房")
# of each item, in this order
FIRST_PIECES = {"juniper-row": (96, 60, 36), "plain-room": (48, 72, 24), "larder": (120, 30, 60)}
SECOND_PIECES = {"juniper-row": (40, 24, 0, 18), "larder": (0, 60, 24, 12)}


def plan(trade: Trade) -> None:
    """Put rounds and a plan into the calendar."""
    later(trade, 34, lambda: _open(FIRST, skip=0, items=3, days=8, least=300))
    later(trade, 30, lambda: _commit(FIRST, FIRST_PIECES))
    later(trade, 25, _close)
    later(trade, 24, _order)
    later(trade, 20, _freight)
    later(trade, 11, _receive)
    later(trade, 6, _bills)
    later(trade, 3, lambda: _open(SECOND, skip=3, items=4, days=12, least=400, volume=1_500))
    later(trade, 2, lambda: _commit(SECOND, SECOND_PIECES))
    later(trade, 4, _ask)
    later(trade, 1.5, _answer)
    later(trade, 0.2, _plan)


def _open(name: tuple[str, str], *, skip: int, items: int, days: int, least: int, volume: int | None = None) -> None:
    offers = VendorOffer.objects.filter(vendor__name="Marlow Pottery").order_by("variant__product_id", "variant_id")
    chosen = offers.distinct("variant__product_id").values_list("variant_id", flat=True)[skip : skip + items]
    rounds.open_(
        name_en=name[0], name_zh=name[1], warehouse_id=_warehouse(), variant_ids=list(chosen), least=least, volume=volume,
        closes_at=clock.now() + timedelta(days=days), deposit_bps=500, shared_bps=5_000, sell_days=60,
        actor_id=shops.admin_id(),
    )  # fmt: skip


def _warehouse() -> int:
    return Warehouse.objects.order_by("priority", "id").values_list("id", flat=True)[0]


def _commit(name: tuple[str, str], pieces: Mapping[str, tuple[int, ...]]) -> None:
    found = BuyingRound.objects.get(name_en=name[0])
    variants = list(found.items.order_by("id").values_list("variant_id", flat=True))
    for slug, numbers in pieces.items():
        for variant, number in zip(variants, numbers, strict=True):
            commitments.commit(number=found.number, variant_id=variant, pieces=number, reseller_id=shop(slug).pk)


def _close() -> None:
    with clock.set_to(clock.now() + timedelta(days=1)):
        rounds.close_due()
        plans.run_due()


def _orders() -> list[PurchaseOrder]:
    found = BuyingRound.objects.select_related("plan").get(name_en=FIRST[0])
    assert found.plan is not None
    return plans.order(number=found.plan.number, actor_id=shops.admin_id())


def _order() -> None:
    for each in _orders():
        purchases.send(number=each.number, actor_id=shops.admin_id())


def _receive() -> None:
    """All of it came but a few pieces of the last line."""
    for each in _orders():
        lines = list(each.lines.order_by("id"))
        pieces = {line.pk: line.quantity for line in lines}
        pieces[lines[-1].pk] -= 6
        receiving.receive(
            number=each.number, pieces=pieces, key="round", slip="MP-20688", difference="Six broken in the kiln", close=True,
            actor_id=shops.picker_id(),
        )  # fmt: skip
    sharing.run_due()


def _freight() -> None:
    """The carrier's price is known before the goods are here."""
    charges.add(
        number=_orders()[0].number, kind="freight", basis="weight", amount_minor=18_400, currency=vendors.own_currency(),
        note="Freight to the warehouse", key="demo", actor_id=shops.admin_id(),
    )  # fmt: skip


def _bills() -> None:
    """One bill fits; of the other a line is dearer than ordered, and waits for whoever bought."""
    order = _orders()[0]
    lines = list(order.lines.order_by("id"))
    day = clock.now().date()
    facts: dict[str, Any] = {
        "vendor_id": order.vendor_id,
        "order_number": order.number,
        "billed_on": day,
        "actor_id": shops.admin_id(),
    }
    bills.enter(
        number="INV-20418", due_on=day + timedelta(days=30), **facts,
        goods={line.pk: (line.received, line.unit_minor) for line in lines[:1]},
    )  # fmt: skip
    dearer = {
        line.pk: (line.received, line.unit_minor * (108 if n == 0 else 100) // 100) for n, line in enumerate(lines[1:])
    }
    bills.enter(number="INV-20431", due_on=day + timedelta(days=30), goods=dearer, **facts)


# --- Prices asked of all three vendors; two have answered ------------------------------------------------------
def _ask() -> None:
    """Ask for bowls and their like, of vendors of which one is far away and one dear."""
    offers = VendorOffer.objects.filter(vendor__name="景德镇云坊", variant__product__category__slug="kitchen")
    chosen = offers.order_by("variant__product_id", "variant_id").distinct("variant__product_id")[:3]
    quotes.ask(
        quantities={offer.variant_id: pieces for offer, pieces in zip(chosen, (240, 180, 96), strict=True)},
        vendor_ids=list(Vendor.objects.order_by("id").values_list("pk", flat=True)), warehouse_id=_warehouse(),
        answer_by=clock.now() + timedelta(days=10), note="For the spring table: food-safe glaze, cartons of twelve.",
        actor_id=shops.admin_id(),
    )  # fmt: skip


# the price in per cent of the wholesale price, lead time, days the prices hold, freight, what it says
ANSWERS: dict[str, tuple[int, int, int, int, str]] = {
    "Marlow Pottery": (58, 12, 45, 9_500, "We can deliver the first half two weeks earlier."),
    "景德镇云坊": (44, 35, 60, 180_000, "含出口包装；海运约三周。"),
}


def _answer() -> None:
    """Two answer by their links, each with a lower price from more pieces on."""
    request = QuoteRequest.objects.get()
    for quote in Quote.objects.filter(request=request, vendor__name__in=ANSWERS).select_related("vendor"):
        share, lead, days, freight, note = ANSWERS[quote.vendor.name]
        prices = {}
        for item in request.items.select_related("variant"):
            unit = int(Decimal(item.variant.wholesale_minor * share) / 100 / quote.vendor.rate)
            prices[item.pk] = quoting.Price(((1, unit), (240, unit * 94 // 100)), minimum=12, pack=12)
        quotes.note_opened(quote)
        quoting.answer(
            number=request.number, vendor_id=quote.vendor_id, prices=prices, lead_days=lead, freight_minor=freight,
            valid_until=(clock.now() + timedelta(days=days)).date(), note=note, by_vendor=True,
        )  # fmt: skip


def _plan() -> None:
    plans.start(warehouse_id=_warehouse(), shared_bps=5_000, actor_id=shops.admin_id())
    plans.run_due()
