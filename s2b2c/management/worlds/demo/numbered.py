"""A lamp whose pieces have serial numbers and two years of warranty: bought, inspected, sold, and picked by its numbers."""

from __future__ import annotations

from functools import partial

from enablement.models import Inspection, Vendor
from enablement.services import inspections, purchases, receiving, vendors
from enablement.services.lotting import Told
from orders.services.checkout import Contact
from reseller.services import listing
from s2b2c.management.worlds.demo.afterwards import later, shop
from s2b2c.management.worlds.demo.trade import Trade
from s2b2c.tenancy import context
from supplier.models import Category, Product, Variant, Warehouse
from supplier.services import catalogue
from supplier.services.variants import VariantSpec

CODE, PIECES, SHOPS = "HL-WCK", 24, ("juniper-row", "shanye")
BUYER = Contact(
    name="Ida Lindqvist", email="ida.lindqvist@post.example", phone="", street="18 Quarry Lane", postcode="04101",
    city="Portland", region="ME", country="US",
)  # fmt: skip


def plan(trade: Trade) -> None:
    """Put all of it into the calendar."""
    later(trade, 3.6, partial(_come, trade))
    later(trade, 3.2, partial(_sell, trade))


def _come(trade: Trade) -> None:
    variant = _product().variants.get()
    vendor = Vendor.objects.order_by("id")[0]
    vendors.put_offer(vendor_id=vendor.pk, variant_id=variant.pk, steps=[(1, 3_600), (24, 3_300)], actor_id=None)
    place = Warehouse.objects.filter(active=True).order_by("priority", "id")[0]
    order = purchases.draft(vendor_id=vendor.pk, warehouse_id=place.pk, actor_id=trade.staff_id)
    purchases.write(number=order.number, variant_id=variant.pk, quantity=PIECES)
    order = purchases.send(number=order.number, actor_id=trade.staff_id)
    line = order.lines.get()
    numbers = tuple(f"WCK-26-{4_107 + 13 * place:05}" for place in range(PIECES))
    receiving.receive(
        number=order.number, pieces={line.pk: PIECES}, key="demo", slip="MP-2431", actor_id=trade.staff_id,
        lots={line.pk: Told(numbers)},
    )  # fmt: skip
    for each in Inspection.objects.filter(receipt_line__line=line):
        inspections.decide(inspection_id=each.pk, critical=0, major=0, minor=0, note="", actor_id=trade.staff_id)
    for slug in SHOPS:
        with context.entered(shop(slug)):
            listing.list_products(product_ids=[variant.product_id])


def _product() -> Product:
    spec = VariantSpec(
        sku=f"{CODE}-OAK", wholesale_minor=4_900, suggested_minor=10_900, floor_minor=8_700, ceiling_minor=15_000,
        tint="oak", weight_g=1_650, serials=True, warranty_months=24,
    )  # fmt: skip
    return catalogue.create_product(
        code=CODE, category_id=Category.objects.get(slug="light").id, name_en="Wick Rechargeable Lamp", name_zh="灯芯充电台灯",
        summary_en="Twelve hours of warm light without a cord.", summary_zh="无线暖光，续航十二小时。",
        text_en="Oak and linen, with a battery that can be changed. Each lamp has a number of its own under its foot.",
        text_zh="橡木与亚麻，电池可更换。每盏灯底部都有独立序列号。",
        brand="Harbour & Loom", plate="lamp", specs=[spec], on_sale=True,
    )  # fmt: skip


def _sell(trade: Trade) -> None:
    trade.buy(*trade.shop(SHOPS[0]), wanted={Variant.objects.get(sku=f"{CODE}-OAK").pk: 2}, contact=BUYER)
