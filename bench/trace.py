"""From one lot to all parcels, orders and shops: what the lot's page and a recall ask, among a million parcels.

``BENCH_PARCELS`` sets how many (1,000,000). They spread over 10,000 shops and 2,000 lots; the largest lot went into one
parcel in fifty.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

from bench import rig
from bench.results import Result

PARCELS = int(os.environ.get("BENCH_PARCELS", "1000000"))
SHOPS, LOTS, ROUNDS = 10_000, 2_000, 5
_GOAL = "< 2 s of 1,000,000 parcels"
_FILL = (
    "SET LOCAL session_replication_role = replica",  # rows in bulk: no triggers, no foreign keys
    """INSERT INTO tenancy_reseller (id, name, slug, schema_name, status, created_at, country, currency, language, schema_version, suspended_reason)
       SELECT n, 'Shop ' || n, 'shop-' || n, 'shop_' || lpad(n::text, 12, '0'), 'applied', now(), 'US', 'USD', 'en', '', '' FROM generate_series(1, {shops}) n""",
    """INSERT INTO supplier_category (id, path, depth, numchild, slug, name_en, name_zh, plate) VALUES (1, '0001', 1, 0, 'all', 'All', '', 'basket')""",
    """INSERT INTO supplier_product (id, code, slug, category_id, name_en, name_zh, summary_en, summary_zh, text_en, text_zh, brand, options, attributes, plate, status, search_text, created_at, updated_at)
       VALUES (1, 'P', 'p', 1, 'Tea', '', '', '', '', '', '', '{{}}', '{{}}', '', 'active', '', now(), now())""",
    """INSERT INTO supplier_variant (id, product_id, sku, barcode, options, label_en, label_zh, tint, currency, wholesale_minor, suggested_minor, floor_minor, ceiling_minor, weight_g, position, status, updated_at)
       VALUES (1, 1, 'S', '', '{{}}', '', '', '', 'USD', 1, 2, 1, 3, 1, 0, 'active', now())""",
    """INSERT INTO supplier_warehouse (id, code, name_en, name_zh, country, city, priority, active) VALUES (1, 'W', 'W', '', '', '', 1, true)""",
    """INSERT INTO supplier_lot (id, variant_id, code, serial, state, source, held_reason, received_at)
       SELECT n, 1, 'L' || n, false, 'free', '', '', now() FROM generate_series(1, {lots}) n""",
    """INSERT INTO supplier_salesorder (id, reseller_id, order_number, status, method, currency, captured_minor, wholesale_minor,
           margin_minor, fee_minor, tax_minor, shipping_minor, funded_minor, fee_tax_minor, shipping_funded_minor, shipping_funder,
           refunded_minor, units, recipient, recipient_name, language, cash, return_days, reserve_bps, agreed, payout_held,
           held_by, held_reason, placed_at, created_at)
       SELECT n, 1 + (hashint8(n) & 1048575) %% {shops}, 'N' || n, 'shipped', 'card', 'USD', 0, 0, 0, 0, 0, 0, 0, 0, 0, '', 0, 1,
           '{{}}', '', 'en', '', 14, 0, '{{}}', false, '', '', now() - n * interval '30 seconds', now()
       FROM generate_series(1, {parcels}) n""",
    """INSERT INTO supplier_salesline (id, order_id, line_id, variant_id, quantity, wholesale_minor, margin_minor, fee_minor, tax_minor, retail_minor, funded_minor, discount_minor)
       SELECT n, n, n, 1, 1, 0, 0, 0, 0, 0, 0, 0 FROM generate_series(1, {parcels}) n""",
    """INSERT INTO supplier_fulfilmentorder (id, number, order_id, warehouse_id, state, created_at)
       SELECT n, 'F' || n, n, 1, 'shipped', now() FROM generate_series(1, {parcels}) n""",
    """INSERT INTO supplier_fulfilmentline (id, fulfilment_id, line_id, variant_id, quantity, picked, shipped, cancelled, waiting)
       SELECT n, n, n, 1, 1, 1, 1, 0, 0 FROM generate_series(1, {parcels}) n""",
    """INSERT INTO supplier_shipment (id, number, fulfilment_id, carrier, tracking, tracking_url, request_key, shipped_at)
       SELECT n, 'P' || n, n, 'C', '', '', 'k' || n, now() - n * interval '30 seconds' FROM generate_series(1, {parcels}) n""",
    """INSERT INTO supplier_lotpick (line_id, lot_id, quantity, shipment_id, order_id, reseller_id, order_number, parcel, sent_at)
       SELECT n, CASE WHEN n %% 50 = 0 THEN 1 ELSE 2 + (hashint8(n) & 1048575) %% ({lots} - 1) END, 1, n, n, 1 + (hashint8(n) & 1048575) %% {shops}, 'N' || n, 'P' || n, now() - n * interval '30 seconds' FROM generate_series(1, {parcels}) n""",
)  # fmt: skip


def measure() -> Iterator[Result]:
    """Fill a network with parcels, then ask where the largest lot and a usual one went."""
    with rig.servers():
        import django

        django.setup()
        _fill()
        yield from _asked()


def _fill() -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for sql in _FILL:
            cursor.execute(sql.format(parcels=PARCELS, shops=SHOPS, lots=LOTS).replace("%%", "%"))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _asked() -> Iterator[Result]:
    from enablement.selectors import trace
    from supplier.selectors import lots

    yield _timed(
        "a complaint's order to its lots", lambda: trace.lots_of(reseller_id=_shop(), order_number="N50", variant_id=1)
    )
    for name, lot in (("the largest lot", 1), ("a usual lot", 2)):
        parcels = len(lots.parcels([lot]))
        yield _timed(f"{name} to its shops", lambda lot=lot: lots.shops([lot]), f"{parcels:,} parcels")
        yield _timed(
            f"{name} to all its parcels and orders", lambda lot=lot: lots.parcels([lot]), f"{parcels:,} parcels"
        )


def _shop() -> int:
    from supplier.models import SalesOrder

    return SalesOrder.objects.get(order_number="N50").reseller_id


def _timed(name: str, ask: Callable[[], Any], note: str = "") -> Result:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        ask()
        times.append(time.perf_counter() - began)
    slow = max(times)
    enough = PARCELS >= 1_000_000
    return Result(
        f"trace: {name}, slowest of {ROUNDS}", slow, "s", goal=_GOAL, met=slow < 2 if enough else None, note=note
    )
