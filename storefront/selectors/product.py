"""One product as this shop sells it: texts, pictures, and the variants with price and stock of this moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from heapq import nsmallest
from typing import Any

from enablement.selectors import bookings
from enablement.selectors.bookings import Option
from orders.selectors import services
from reseller.models import Shop
from s2b2c.kernel import clock, texts
from s2b2c.tenancy import context as tenancy
from storefront.memo import Memo
from storefront.selectors import cards, sql, stock
from storefront.selectors.shell import Shell


@dataclass(frozen=True, slots=True)
class Photo:
    file: str
    width: int
    height: int
    alt: str
    variant_id: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """What is in a bundle; ``slug`` where this shop sells it by itself, too.

    ``free``: pieces of it an order could get now; ``arrivals``: ``(day, pieces)`` that S expects more.
    """

    id: int
    sku: str
    pieces: int
    title: str
    label: str
    slug: str
    plate: str
    tint: str
    photo: tuple[str, int, int, str] | None
    arrivals: tuple[tuple[str, int], ...] = ()
    free: int = 0

    @property
    def lacking(self) -> bool:
        return self.free < self.pieces

    @property
    def enough_on(self) -> date | None:
        """Give the day from which on there is enough of it for one bundle; a day that has passed says nothing."""
        there, today = self.free, clock.now().date()
        for day, pieces in self.arrivals:
            if (on := date.fromisoformat(day)) >= today:
                there += pieces
                if there >= self.pieces:
                    return on
        return None


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant on sale here. ``free``: pieces an order could get now; ``arrivals``: the days S expects more on.

    ``parts``: what is in it, where it is a bundle.
    """

    id: int
    sku: str
    barcode: str
    options: Mapping[str, str]
    label: str
    tint: str
    price_minor: int
    was_minor: int | None
    weight_g: int
    free: int = 0
    arrivals: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def stock(self) -> str:
        return stock.state(self.free)

    @property
    def expected_on(self) -> date | None:
        """Give the day more is expected on while nothing is free; a day that has passed says nothing.

        A bundle can be had again once the last of the parts it lacks has come; where one is not expected, nobody knows.
        """
        if self.parts and self.free <= 0:
            awaited = [part.enough_on for part in self.parts if part.lacking]
            return max((day for day in awaited if day), default=None) if all(awaited) else None
        days = (date.fromisoformat(day) for day in self.arrivals)
        return next((day for day in days if day >= clock.now().date()), None) if self.free <= 0 else None


@dataclass(frozen=True, slots=True)
class Product:
    """``options``: ``{code: {"en", "zh", "values": {value: {"en", "zh", "tint"?}}}}``, only those variants differ by."""

    id: int
    slug: str
    title: str
    summary: str
    text: str
    brand: str
    plate: str
    category_id: int
    options: Mapping[str, Any]
    attributes: list[tuple[str, str]]
    photos: tuple[Photo, ...]
    variants: tuple[Variant, ...]
    quality: Mapping[str, Any] = field(default_factory=dict)
    beside: tuple[int, ...] = ()
    services: tuple[Option, ...] = ()

    def chosen(self, sku: str) -> Variant:
        """Give the variant of a SKU, else the first that can be had, else the first."""
        named = next((each for each in self.variants if each.sku == sku), None)
        return named or next((each for each in self.variants if each.free > 0), self.variants[0])

    def matching(self, options: Mapping[str, str]) -> Variant | None:
        """Give the variant with exactly these options, or None."""
        return next(
            (each for each in self.variants if all(options.get(k) == v for k, v in each.options.items())), None
        )


NEAR = 4  # things shown beside one
_ROW = 12  # cards read at a time
_kept: Memo[Product | None] = Memo(size=5_000)
_PARTS = """
    SELECT jsonb_agg(jsonb_build_array(c.id, c.sku, b.pieces, x.title_en, x.title_zh, q.name_en, q.name_zh, c.label_en, c.label_zh,
                                       CASE WHEN o.id IS NOT NULL THEN q.slug END, q.plate, c.tint, m.photo, (
               SELECT jsonb_agg(jsonb_build_array(a.arrives_on, a.quantity - a.received) ORDER BY a.arrives_on)
               FROM public.supplier_arrival a JOIN public.supplier_warehouse w ON w.id = a.warehouse_id AND w.active
               WHERE a.variant_id = c.id AND a.state = 'open')) ORDER BY b.id)
    FROM public.supplier_bundlepart b
    JOIN public.supplier_variant c ON c.id = b.component_id
    JOIN public.supplier_product q ON q.id = c.product_id
    LEFT JOIN reseller_listing x ON x.product_id = q.id AND x.status = 'published'
    LEFT JOIN reseller_offer o ON o.listing_id = x.id AND o.variant_id = c.id AND o.active
         AND c.status = 'active' AND q.status = 'active' AND c.currency = %(currency)s
    LEFT JOIN LATERAL (
        SELECT jsonb_build_array(n.file, n.width, n.height, n.alt_en, n.alt_zh) AS photo FROM public.supplier_media n
        WHERE n.product_id = q.id ORDER BY (n.variant_id = c.id) DESC NULLS LAST, n.position, n.id LIMIT 1
    ) m ON true
    WHERE b.bundle_id = v.id"""
_PRODUCT = f"""
    SELECT p.id, p.slug, l.title_en, l.title_zh, p.name_en, p.name_zh, p.summary_en, p.summary_zh,
           l.text_en, l.text_zh, p.text_en, p.text_zh, p.brand, p.plate, p.category_id, p.options, p.attributes,
           COALESCE(l.adopted->'photos',
            (SELECT jsonb_agg(jsonb_build_array(m.file, m.width, m.height, m.alt_en, m.alt_zh, m.variant_id) ORDER BY m.position, m.id)
             FROM public.supplier_media m WHERE m.product_id = p.id)),
           (SELECT jsonb_agg(jsonb_build_array(v.id, v.sku, v.barcode, v.options, v.label_en, v.label_zh, v.tint,
                                               {sql.PAYS}, o.was_minor, v.weight_g, (
                        SELECT jsonb_agg(a.arrives_on ORDER BY a.arrives_on) FROM public.supplier_arrival a
                        JOIN public.supplier_warehouse w ON w.id = a.warehouse_id AND w.active
                        WHERE a.variant_id = v.id AND a.state = 'open'), ({_PARTS})) ORDER BY v.position, v.id)
            FROM reseller_offer o JOIN public.supplier_variant v ON v.id = o.variant_id AND v.status = 'active'
                 AND v.currency = %(currency)s AND v.product_id = p.id
            WHERE o.listing_id = l.id AND o.active), p.quality, l.beside, ({bookings.OFFERED_WITH})
    FROM public.supplier_product p
    JOIN reseller_listing l ON l.product_id = p.id AND l.status = 'published'
    WHERE p.slug = %(slug)s AND p.status = 'active'
"""


def read(shell: Shell, slug: str) -> Product | None:
    """Give a product on sale with its stock, or None where there is none of this name. Two statements at most."""
    found = plain(shell, slug)
    return None if found is None else stocked(found, stock.free(_ids(found)))


def plain(shell: Shell, slug: str) -> Product | None:
    """Give a product without its stock: kept as long as both versions stand."""
    key = (*shell.key, slug, texts.suffix())
    return _kept.get(key, lambda: _read(shell, slug))


def _ids(product: Product) -> list[int]:
    """Give whose stock matters to a product: its variants', and that of what bundles among them are made of."""
    return [id_ for each in product.variants for id_ in (each.id, *(part.id for part in each.parts))]


def stocked(product: Product, free: Mapping[int, int]) -> Product:
    """Give a product with its stock."""
    return replace(product, variants=tuple(_stocked(each, free) for each in product.variants))


def _stocked(variant: Variant, free: Mapping[int, int]) -> Variant:
    parts = tuple(replace(part, free=free.get(part.id, 0)) for part in variant.parts)
    return replace(variant, free=free.get(variant.id, 0), parts=parts)


def page(shell: Shell, slug: str) -> tuple[Product, list[cards.Card]] | None:
    """Give a product and what sits well beside it, or None. One statement for the stock of both, more after a change."""
    found = plain(shell, slug)
    if found is None:
        return None
    near = _beside(shell, found)
    ids = _ids(found) + [each for card in near for each in card.variant_ids]
    free = stock.free(ids)
    return stocked(found, free), cards.stocked(near, free)


def _read(shell: Shell, slug: str) -> Product | None:
    reseller = tenancy.current()
    words = {"slug": slug, "currency": shell.shop.currency, "reseller": reseller.pk if reseller else None}
    found = sql.rows(_PRODUCT, words)
    if not found or not found[0][18]:
        return None
    return _product(found[0], shell.shop)


def _product(row: tuple[Any, ...], shop: Shop) -> Product:
    (id_, slug, title_en, title_zh, name_en, name_zh, summary_en, summary_zh, own_en, own_zh, text_en, text_zh,
     brand, plate, category_id, options, attributes, media, variants, quality, beside, offered) = row  # fmt: skip
    zh = texts.suffix() == "zh"
    made = tuple(_variant(each, zh) for each in sql.parsed(variants))
    return Product(
        id=id_,
        slug=slug,
        title=(title_zh if zh else title_en) or cards.local(name_en, name_zh, zh),
        summary=cards.local(summary_en, summary_zh, zh),
        text=(own_zh if zh else own_en) or cards.local(text_en, text_zh, zh),
        brand=brand,
        plate=plate,
        category_id=category_id,
        options=_differing(sql.parsed(options) or {}, made),
        attributes=[_attribute(each) for each in (sql.parsed(attributes) or {}).values()],
        photos=tuple(_photo(each, zh) for each in sql.parsed(media) or ()),
        variants=made,
        quality=sql.parsed(quality) or {},
        beside=tuple(sql.parsed(beside) or ()),
        services=tuple(services.earning(map(bookings.option_of, sql.parsed(offered) or ()), shop=shop)),
    )


def _variant(row: list[Any], zh: bool) -> Variant:
    id_, sku, barcode, options, label_en, label_zh, tint, price, was, weight, arrivals, parts = row
    was = was if was and was > price else None
    return Variant(
        id_,
        sku,
        barcode,
        options,
        cards.local(label_en, label_zh, zh),
        tint,
        price,
        was,
        weight,
        arrivals=tuple(arrivals or ()),
        parts=tuple(_part(each, zh) for each in parts or ()),
    )


def _part(row: list[Any], zh: bool) -> Part:
    id_, sku, pieces, own_en, own_zh, name_en, name_zh, label_en, label_zh, slug, plate, tint, photo, arrivals = row
    title = (own_zh if zh else own_en) or cards.local(name_en, name_zh, zh)
    shown = (*photo[:3], cards.local(photo[3], photo[4], zh)) if photo else None
    label, coming = cards.local(label_en, label_zh, zh), tuple((day, n) for day, n in arrivals or ())
    return Part(id_, sku, pieces, title, label, slug or "", plate, tint, shown, coming)


def _photo(row: list[Any], zh: bool) -> Photo:
    file, width, height, alt_en, alt_zh, variant_id = row
    return Photo(file, width, height, cards.local(alt_en, alt_zh, zh), variant_id)


def _attribute(value: dict[str, str]) -> tuple[str, str]:
    return texts.pick(value), texts.local(_Twin(value.get("value_en", ""), value.get("value_zh", "")), "value")


@dataclass(frozen=True, slots=True)
class _Twin:
    value_en: str
    value_zh: str


def _differing(options: Mapping[str, Any], variants: tuple[Variant, ...]) -> dict[str, Any]:
    """Keep what the variants on sale differ by: colours first, values in the order of the variants.

    A JSON column forgets the order of its keys; the variants' positions don't.
    """
    kept = {}
    for code, option in options.items():
        there = dict.fromkeys(variant.options.get(code) for variant in variants)
        texts_of = option.get("values", {})
        values = {value: texts_of.get(value, {}) for value in there if value is not None}
        if len(values) > 1:
            kept[code] = {**option, "values": values}
    coloured = {code: any(text.get("tint") for text in option["values"].values()) for code, option in kept.items()}
    return {code: kept[code] for code in sorted(kept, key=lambda code: (not coloured[code], code))}


_KIN = f"""
    WITH kin AS MATERIALIZED (
        SELECT p.id, l.featured FROM {sql.ON_SALE} WHERE p.category_id = %(category)s GROUP BY p.id, l.featured
    )
    SELECT id, true, featured FROM kin
    UNION ALL (
        SELECT p.id, false, l.featured FROM {sql.ON_SALE}
        WHERE (SELECT count(*) FROM kin) <= {NEAR} AND p.category_id <> %(category)s
        GROUP BY p.id, l.featured ORDER BY l.featured DESC, p.id DESC LIMIT {NEAR}
    )
"""
_kin: Memo[list[tuple[int, bool, bool]]] = Memo(size=1_000)


def _beside(shell: Shell, product: Product) -> list[cards.Card]:
    """Give four things: those the shop put beside it, then of the same kind, the featured and the nearest first; of
    other kinds where there are fewer.

    The things of a kind are read once for all of them, their cards a row of neighbours at a time: who looks at one
    thing soon looks at the next, and the next has mostly the same beside it.
    """
    params = {"category": product.category_id, "currency": shell.shop.currency}
    kin = _kin.get((*shell.key, product.category_id), lambda: sorted(sql.rows(_KIN, params)))
    far = [
        (not same, not featured, abs(n - product.id), place)
        for place, (n, same, featured) in enumerate(kin)
        if n != product.id
    ]
    places = [place for *_, place in nsmallest(NEAR, far)]
    rows = dict.fromkeys(place // _ROW for place in places)
    read = cards.plain(shell, [n for row in rows for n, *_ in kin[row * _ROW : (row + 1) * _ROW]])
    chosen = cards.plain(shell, list(product.beside)) if product.beside else []
    near = {card.product_id: card for card in read}
    by_id = {card.product_id: card for card in chosen} | {
        kin[place][0]: near[kin[place][0]] for place in places if kin[place][0] in near
    }
    wanted = [each for each in product.beside if each in by_id]
    return [by_id[each] for each in dict.fromkeys([*wanted, *by_id])][:NEAR]
