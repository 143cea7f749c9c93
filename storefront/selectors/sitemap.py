"""Every product on sale, for search engines."""

from __future__ import annotations

from datetime import datetime

from storefront.selectors import sql
from storefront.selectors.shell import Shell

_PRODUCTS = f"""
    SELECT p.slug, max(greatest(p.updated_at, l.listed_at)) FROM {sql.ON_SALE}
    GROUP BY p.id, p.slug ORDER BY p.id DESC LIMIT 40000
"""


def products(shell: Shell) -> list[tuple[str, datetime]]:
    """Give address and last change of each product. One statement."""
    return [(slug, changed) for slug, changed in sql.rows(_PRODUCTS, {"currency": shell.shop.currency})]
