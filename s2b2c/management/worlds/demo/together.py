"""Buying together in the demo: a round that was reached, bought and shared, one that is open, and a plan that is ready."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from enablement.models import BuyingRound, PurchaseOrder, VendorOffer
from enablement.services import commitments, plans, purchases, receiving, rounds, sharing
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
    later(trade, 11, _receive)
    later(trade, 3, lambda: _open(SECOND, skip=3, items=4, days=12, least=400, volume=1_500))
    later(trade, 2, lambda: _commit(SECOND, SECOND_PIECES))
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


def _plan() -> None:
    plans.start(warehouse_id=_warehouse(), shared_bps=5_000, actor_id=shops.admin_id())
    plans.run_due()
