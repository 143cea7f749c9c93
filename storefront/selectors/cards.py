"""Products as they stand in a grid: name, picture, price of today, state of stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from s2b2c.kernel import clock, texts
from storefront.memo import Memo
from storefront.selectors import sql, stock
from storefront.selectors.shell import Shell

NEW_DAYS = 21


@dataclass(frozen=True, slots=True)
class Card:
    """``price_minor``: of the cheapest variant; ``ranges``: others cost more. ``stock``: "" | "low" | "out".

    ``photo``: ``(file, width, height, alt)`` or None: then the plate is drawn.
    """

    product_id: int
    slug: str
    title: str
    summary: str
    plate: str
    tints: tuple[str, ...]
    photo: tuple[str, int, int, str] | None
    price_minor: int
    was_minor: int | None
    ranges: bool
    variant_ids: tuple[int, ...]
    new: bool
    stock: str = ""


_kept: Memo[Card] = Memo(size=10_000)
_CARDS = f"""
    SELECT p.id, p.slug, l.title_en, l.title_zh, p.name_en, p.name_zh, p.summary_en, p.summary_zh, p.plate, l.listed_at,
           x.low, x.high, x.was, x.tints, x.ids, COALESCE(l.adopted->'photos'->0->>0, m.file),
           COALESCE((l.adopted->'photos'->0->>1)::int, m.width), COALESCE((l.adopted->'photos'->0->>2)::int, m.height),
           CASE WHEN l.adopted->'photos' IS NULL THEN m.alt_en ELSE '' END,
           CASE WHEN l.adopted->'photos' IS NULL THEN m.alt_zh ELSE '' END
    FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS want(id, place)
    JOIN public.supplier_product p ON p.id = want.id AND p.status = 'active'
    JOIN reseller_listing l ON l.product_id = p.id AND l.status = 'published'
    JOIN LATERAL (
        SELECT min(pays) AS low, max(pays) AS high, (array_agg(was ORDER BY pays, position, id))[1] AS was,
               array_agg(tint ORDER BY position, id) AS tints, array_agg(id) AS ids
        FROM (SELECT v.id, {sql.PAYS} AS pays, o.was_minor AS was, v.tint, v.position
              FROM reseller_offer o
              JOIN public.supplier_variant v ON v.id = o.variant_id AND v.status = 'active'
                   AND v.currency = %(currency)s AND v.product_id = p.id
              WHERE o.listing_id = l.id AND o.active) each
    ) x ON x.low IS NOT NULL
    LEFT JOIN LATERAL (
        SELECT file, width, height, alt_en, alt_zh FROM public.supplier_media
        WHERE product_id = p.id ORDER BY position, id LIMIT 1
    ) m ON true
    ORDER BY want.place
"""


def of(shell: Shell, product_ids: Sequence[int]) -> list[Card]:
    """Give cards in the order asked for; what is not on sale is left out. One statement, two after a change."""
    return stocked(plain(shell, product_ids))


def plain(shell: Shell, product_ids: Sequence[int]) -> list[Card]:
    """Give cards without the state of their stock: prices and words, kept as long as both versions stand."""
    if not product_ids:
        return []
    zh = texts.suffix() == "zh"
    of_now = (*shell.key, zh)
    keys = {(of_now, number): number for number in product_ids}

    def made(missing: Sequence[Any]) -> dict[Any, Card]:
        read = _read([keys[key] for key in missing], shell.shop.currency, zh)
        return {(of_now, card.product_id): card for card in read}

    return [card for card in _kept.many(list(keys), made) if card is not None]


def stocked(cards: Sequence[Card], free: Mapping[int, int] | None = None) -> list[Card]:
    """Give cards with the state of their stock; ``free`` where it was read already."""
    if free is None:
        free = stock.free(each for card in cards for each in card.variant_ids)
    return [_stocked(card, stock.state(max([free.get(each, 0) for each in card.variant_ids]))) for card in cards]


def _stocked(card: Card, state: str) -> Card:
    return card if card.stock == state else replace(card, stock=state)


def _read(product_ids: Sequence[int], currency: str, zh: bool) -> list[Card]:
    rows = sql.rows(_CARDS, {"ids": list(product_ids), "currency": currency})
    fresh = clock.now() - timedelta(days=NEW_DAYS)
    return [_card(row, zh, fresh) for row in rows]


def local(en: str, zh: str, is_zh: bool) -> str:
    """Give the text of the reader's language, else the other one."""
    return (zh or en) if is_zh else (en or zh)


def _card(row: tuple[Any, ...], zh: bool, fresh: datetime) -> Card:
    (id_, slug, title_en, title_zh, name_en, name_zh, summary_en, summary_zh, plate, listed_at,
     low, high, was, tints, ids, file, width, height, alt_en, alt_zh) = row  # fmt: skip
    return Card(
        product_id=id_,
        slug=slug,
        title=(title_zh if zh else title_en) or local(name_en, name_zh, zh),
        summary=local(summary_en, summary_zh, zh),
        plate=plate,
        tints=tuple(dict.fromkeys(tint for tint in tints if tint))[:5],
        photo=(file, width, height, local(alt_en, alt_zh, zh)) if file else None,
        price_minor=low,
        was_minor=was if was and was > low else None,
        ranges=high > low,
        variant_ids=tuple(ids),
        new=listed_at > fresh,
    )
