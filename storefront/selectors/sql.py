"""What "on sale in this shop" means, as SQL, for reads too hot for the ORM.

The same as ``reseller.selectors.offers.on_sale``; a test holds the two together. Needs ``%(currency)s``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection

from reseller.selectors import offers
from supplier.selectors import bundles

# What c pays: the shop's price, or its rule's where it follows S's, held inside S's band.
PAYS = offers.PAYS

ON_SALE = """
    reseller_offer o
    JOIN reseller_listing l ON l.id = o.listing_id AND l.status = 'published'
    JOIN public.supplier_variant v ON v.id = o.variant_id AND v.status = 'active' AND v.currency = %(currency)s
    JOIN public.supplier_product p ON p.id = v.product_id AND p.status = 'active' AND o.active
"""

# Pieces free in the warehouses an order would draw from.
FREE = f"""COALESCE((
    SELECT sum(s.available) FROM public.supplier_stock s JOIN public.supplier_warehouse w ON w.id = s.warehouse_id
    WHERE s.variant_id = v.id AND w.active), {bundles.KITS.format(variant="v.id")}, 0)::int"""

# From this many pieces on nothing is said about the rest.
LOW = 5


def rows(sql: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run one statement and give its rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def parsed(value: Any) -> Any:
    """Give a JSON column of a raw row as Python data."""
    return json.loads(value) if isinstance(value, str) else value
