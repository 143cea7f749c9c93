"""The front page: what b features, else what came last."""

from __future__ import annotations

from storefront.memo import Memo
from storefront.selectors import cards, sql
from storefront.selectors.shell import Shell

_PICKS = f"""
    SELECT p.id FROM {sql.ON_SALE}
    GROUP BY p.id, l.featured, l.position, l.listed_at
    ORDER BY l.featured DESC, l.position, l.listed_at DESC, p.id DESC LIMIT %(most)s
"""
_picks: Memo[list[int]] = Memo(size=2_000)


def picks(shell: Shell, *, most: int = 8) -> list[cards.Card]:
    """Give the products of the front page. One or two statements."""
    currency = shell.shop.currency

    def ids() -> list[int]:
        return [row[0] for row in sql.rows(_PICKS, {"currency": currency, "most": most})]

    return cards.of(shell, _picks.get((*shell.key, most), ids))
