"""Prices that follow S's by themselves: the rule stands on the offer, and each read computes by it.

So S may change a thousand prices for a thousand shops and writes nothing into any of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from reseller.selectors import offers, prices
from reseller.selectors import shop as shops
from reseller.selectors.prices import Rule

# Of an offer that follows no rule.
NOBODY = dict.fromkeys(("follow_base", "follow_bps", "follow_ending"))
_FOLLOW = f"""
    UPDATE reseller_offer o
    SET price_minor = now.asked, was_minor = CASE WHEN o.was_minor > now.asked THEN o.was_minor END,
        follow_base = CASE WHEN now.follows THEN %s END, follow_bps = CASE WHEN now.follows THEN %s::int END,
        follow_ending = CASE WHEN now.follows THEN %s::smallint END
    FROM (SELECT o.id, GREATEST({offers.ASKED}, 1) AS asked, o.by_rule AND COALESCE(l.follow, %s) AS follows
          FROM reseller_offer o JOIN reseller_listing l ON l.id = o.listing_id
          JOIN public.supplier_variant v ON v.id = o.variant_id
          WHERE %s::bigint[] IS NULL OR o.listing_id = ANY(%s)) now
    WHERE o.id = now.id AND (now.follows OR o.follow_base IS NOT NULL)
"""


def settle(*, listing_ids: Sequence[int] | None = None, rule: Rule | None = None) -> None:
    """Let the offers that shall follow S's prices do so by the rule, and the others stay where they are now.

    Call inside a transaction. One UPDATE.
    """
    shop = shops.get()
    rule = rule or prices.rule_of(shop)
    ids = None if listing_ids is None else list(listing_ids)
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW, [rule.base, rule.markup_bps, rule.ending, prices.follows(shop), ids, ids])
