"""Facts of the mart told at once, for tests that need weeks of sales."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import count

from django.db import connection

from enablement.services import partitions
from s2b2c.kernel import clock
from supplier.models import Variant

_number = count(1)
KEPT = 400  # of a piece, by the shop
_FACT = """
    INSERT INTO enablement_salesfact (day, cause, line_id, kind, reseller_id, order_number, variant_id, product_id, category_id,
        currency, pieces, sales_minor, discount_minor, tax_minor, wholesale_minor, margin_minor, fee_minor, shipping_minor,
        funded_minor, paid_minor)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'USD', %s, %s, 0, 0, %s, %s, 0, 0, 0, %s)
"""


def sold(
    reseller_id: int, variant: Variant, ago: int, pieces: int, kind: str = "sold", order: str = "", unit: int = 1000
) -> None:
    """A line sold so many days ago."""
    day, number = clock.now().date() - timedelta(days=ago), next(_number)
    partitions.ensure([day])
    cause = f"told:{order or number}"
    with connection.cursor() as cursor:
        cursor.execute(
            _FACT,
            [day, cause, number, kind, reseller_id, order or f"T{number}", variant.pk, variant.product_id,
             variant.product.category_id, pieces, pieces * unit, pieces * (unit - KEPT), pieces * KEPT, pieces * unit],
        )  # fmt: skip


def daily(reseller_id: int, variant: Variant, pieces: Iterable[int]) -> None:
    """A number of pieces each day; the last is yesterday's."""
    listed = list(pieces)
    for place, each in enumerate(listed):
        if each:
            sold(reseller_id, variant, len(listed) - place, each)
