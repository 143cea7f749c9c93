"""The text a product is found by: names, brand, code, SKUs, summaries, in lower case."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

_INDEX = """
    UPDATE supplier_product p
    SET search_text = lower(concat_ws(' ', p.name_en, p.name_zh, p.brand, p.code, p.summary_en, p.summary_zh, v.skus))
    FROM (SELECT id FROM supplier_product WHERE id = ANY(%s)) wanted
    LEFT JOIN LATERAL (SELECT string_agg(sku, ' ' ORDER BY position, id) AS skus
                       FROM supplier_variant WHERE product_id = wanted.id) v ON true
    WHERE p.id = wanted.id
"""


def index(product_ids: Iterable[int]) -> None:
    """Write the search text of products anew. Call inside the transaction that changed them."""
    with connection.cursor() as cursor:
        cursor.execute(_INDEX, [list(product_ids)])
