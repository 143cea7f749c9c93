"""Whom the demo's supplier buys from: three vendors, their prices, and four orders, each at another step."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from enablement.models import PurchaseOrder, Vendor
from enablement.services import purchases, receiving, vendors, vetting
from s2b2c.kernel import clock
from supplier.models import Variant, Warehouse

# facts, the categories it makes, its share of the wholesale price in per cent, and its packs
VENDORS: tuple[tuple[dict[str, Any], tuple[str, ...], int, int], ...] = (
    (
        {
            "name": "Marlow Pottery", "contact": "Dana Whitlock", "email": "orders@marlow-pottery.example", "phone": "+1 802 555 0142",
            "address": "14 Kiln Lane, Bennington, VT", "country": "US", "language": "en", "currency": "USD", "rate": Decimal(1),
            "lead_days": 12, "order_fee_minor": 4_500, "minimum_minor": 50_000,
        },
        ("kitchen", "pantry", "home"), 62, 6,
    ),
    (
        {
            "name": "景德镇云坊", "contact": "林若云", "email": "order@yunfang.example", "phone": "+86 798 555 0136",
            "address": "江西省景德镇市陶溪川 8 号", "country": "CN", "language": "zh-hans", "currency": "CNY", "rate": Decimal("0.14"),
            "lead_days": 35, "order_fee_minor": 60_000, "minimum_minor": 300_000,
        },
        ("kitchen", "light"), 50, 12,
    ),
    (
        {
            "name": "Atelier Lenz", "contact": "Jonas Lenz", "email": "einkauf@atelier-lenz.example", "phone": "+49 89 555 0119",
            "address": "Hofstatt 3, 80331 München", "country": "DE", "language": "en", "currency": "EUR", "rate": Decimal("1.08"),
            "lead_days": 21, "order_fee_minor": 9_000, "minimum_minor": 80_000,
        },
        ("cook", "textiles", "furniture", "outdoors"), 58, 4,
    ),
)  # fmt: skip


def furnish(now: datetime, buyer_id: int, receiver_id: int) -> None:
    """Vendors with their offers, and orders: one received, one in part, one on its way, one a draft."""
    with clock.set_to(now - timedelta(days=58)):
        made = [_vendor(*facts) for facts in VENDORS]
    pottery, porcelain, workshop = made
    first = _order(pottery, now - timedelta(days=40), buyer_id, size=48)
    _came(first, now - timedelta(days=27), receiver_id, share=100, slip="MP-20413")
    second = _order(workshop, now - timedelta(days=30), buyer_id, size=24)
    _came(second, now - timedelta(days=6), receiver_id, share=60, slip="AL-0877")
    _order(porcelain, now - timedelta(days=9), buyer_id, size=120)
    with clock.set_to(now - timedelta(hours=5)):
        _draft(pottery, buyer_id, skip=4, size=36)


def _vendor(facts: dict[str, Any], categories: tuple[str, ...], share: int, pack: int) -> Vendor:
    made = vendors.add(facts=facts, actor_id=None)
    _vet(made)
    rows = Variant.objects.filter(product__category__slug__in=categories).order_by("id")
    for variant in rows:
        unit = int(Decimal(variant.wholesale_minor * share) / 100 / made.rate)
        steps = [(1, unit), (pack * 10, unit * 94 // 100), (pack * 50, unit * 88 // 100)]
        vendors.put_offer(
            vendor_id=made.pk, variant_id=variant.pk, steps=steps, minimum=pack, pack=pack, weekly=400, actor_id=None
        )
    return made


_MADE_IN = {
    "Marlow Pottery": ("Bennington, Vermont", "美国佛蒙特州本宁顿"),
    "景德镇云坊": ("Jingdezhen, China", "中国景德镇"),
}


def _vet(vendor: Vendor) -> None:
    """Its papers were looked at; of two of them consumers read where they make things."""
    year = (clock.now() + timedelta(days=365)).date()
    for kind, name in (("licence", "Business licence"), ("audit", "Factory audit, grade A")):
        vetting.add_paper(vendor_id=vendor.pk, kind=kind, name=name, valid_until=year, actor_id=None)
    vetting.decide(vendor_id=vendor.pk, approve=True, actor_id=None)
    english, chinese = _MADE_IN.get(vendor.name, ("", ""))
    vetting.say_origin(
        vendor_id=vendor.pk, origin_en=english, origin_zh=chinese, published=bool(english), actor_id=None
    )


def _draft(vendor: Vendor, buyer_id: int, *, skip: int = 0, size: int) -> PurchaseOrder:
    place = Warehouse.objects.order_by("priority").first()
    made = purchases.draft(vendor_id=vendor.pk, warehouse_id=place.pk if place else 0, actor_id=buyer_id)
    for number, offer in enumerate(vendor.offers.order_by("variant_id")[skip : skip + 4]):
        quantity = size * (number % 3 + 1)
        purchases.write(number=made.number, variant_id=offer.variant_id, quantity=quantity)
    return made


def _order(vendor: Vendor, at: datetime, buyer_id: int, *, size: int) -> PurchaseOrder:
    with clock.set_to(at):
        return purchases.send(number=_draft(vendor, buyer_id, size=size).number, actor_id=buyer_id)


def _came(order: PurchaseOrder, at: datetime, receiver_id: int, *, share: int, slip: str) -> None:
    """Receive a share of each line, in per cent."""
    pieces = {line.pk: line.quantity * share // 100 for line in order.lines.all()}
    with clock.set_to(at):
        receiving.receive(number=order.number, pieces=pieces, key="demo", slip=slip, actor_id=receiver_id)
