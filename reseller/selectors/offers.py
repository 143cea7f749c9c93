"""What a shop sells at this moment, at which price: S's catalogue joined with the shop's listings, read live."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Case, F, Func, IntegerField, QuerySet, When
from django.db.models.functions import Cast, Greatest, Least

from reseller.models import Listing, Offer
from s2b2c.kernel import texts
from supplier.models import Product, Variant
from supplier.selectors import bundles


@dataclass(frozen=True, slots=True)
class Sellable:
    """A variant as this shop sells it now. Money in minor units of the shop's currency.

    ``price_minor`` is held inside S's band; ``available`` counts pieces free in all active warehouses.
    ``inside``: of a bundle, what one is made of: pieces by variant id.
    """

    variant_id: int
    product_id: int
    slug: str
    sku: str
    title: str
    label: str
    price_minor: int
    wholesale_minor: int
    available: int
    plate: str
    tint: str
    floor_minor: int = 0
    category_id: int = 0
    inside: Mapping[int, int] | None = None


# What an offer asks now, as SQL over ``o`` and ``v``: its price, or what its rule makes of S's prices of this moment.
ASKED = """CASE WHEN o.follow_base IS NULL THEN o.price_minor ELSE public.price_by_rule(
    o.follow_base, o.follow_bps, o.follow_ending,
    v.wholesale_minor, v.suggested_minor, v.floor_minor, v.ceiling_minor) END"""
# What c pays: the same, held inside S's band.
PAYS = f"LEAST(GREATEST({ASKED}, v.floor_minor), v.ceiling_minor)"


def in_band() -> Least:
    """Give the expression for what c pays: the shop's price, or its rule's, held inside S's band as it is now."""
    return Least(Greatest(_asked(), F("variant__floor_minor")), F("variant__ceiling_minor"))


def _asked() -> Case:
    """Give ``ASKED`` for the ORM."""
    own = ("follow_base", Cast("follow_bps", IntegerField()), Cast("follow_ending", IntegerField()))
    prices = (F(f"variant__{name}_minor") for name in ("wholesale", "suggested", "floor", "ceiling"))
    ruled = Func(*own, *prices, function="public.price_by_rule", output_field=BigIntegerField())
    return Case(When(follow_base=None, then=F("price_minor")), default=ruled, output_field=BigIntegerField())


def on_sale(currency: str) -> QuerySet[Offer]:
    """Give the offers c can buy, annotated with ``pays_minor``: published, active, and not withdrawn by S."""
    return Offer.objects.filter(
        active=True,
        listing__status=Listing.Status.PUBLISHED,
        variant__status=Variant.Status.ACTIVE,
        variant__product__status=Product.Status.ACTIVE,
        variant__currency=currency,
    ).annotate(pays_minor=in_band())


_SELLABLE = f"""
    SELECT v.id, p.id, p.slug, v.sku, l.title_en, l.title_zh, p.name_en, p.name_zh, v.label_en, v.label_zh,
           {PAYS}, v.wholesale_minor,
           COALESCE((SELECT sum(s.available) FROM public.supplier_stock s
                     JOIN public.supplier_warehouse w ON w.id = s.warehouse_id AND w.active
                     WHERE s.variant_id = v.id), {bundles.KITS.format(variant="v.id")}, 0)::bigint,
           p.plate, v.tint, v.floor_minor, p.category_id,
           (SELECT array_agg(ARRAY[b.component_id, b.pieces] ORDER BY b.id)
            FROM public.supplier_bundlepart b WHERE b.bundle_id = v.id)
    FROM reseller_offer o
    CROSS JOIN LATERAL (SELECT title_en, title_zh, status FROM reseller_listing x WHERE x.id = o.listing_id OFFSET 0) l
    CROSS JOIN LATERAL (
        SELECT id, product_id, sku, label_en, label_zh, tint, status, currency,
               wholesale_minor, suggested_minor, floor_minor, ceiling_minor
        FROM public.supplier_variant x WHERE x.id = o.variant_id OFFSET 0) v
    CROSS JOIN LATERAL (
        SELECT id, slug, name_en, name_zh, plate, category_id, status
        FROM public.supplier_product x WHERE x.id = v.product_id OFFSET 0) p
    WHERE o.active AND o.variant_id = ANY(%(ids)s) AND l.status = 'published' AND v.status = 'active'
      AND p.status = 'active' AND v.currency = COALESCE(%(currency)s, (SELECT currency FROM reseller_shop))
"""


def sellable(variant_ids: Iterable[int], *, currency: str | None = None) -> dict[int, Sellable]:
    """Give those of the variants that c can buy now, by variant id, in the active language.

    One statement, written out as SQL because it stands in the way of every order; a test holds it to
    :func:`on_sale`. Each row is followed by its id (``OFFSET 0``): in the minutes after a large import, before
    there are statistics, the planner would read the whole catalogue once for every line. Without ``currency``, in the shop's own.
    """
    ids = list(set(variant_ids))
    zh = texts.suffix() == "zh"
    with connection.cursor() as cursor:
        cursor.execute(_SELLABLE, {"ids": ids, "currency": currency})
        return {row[0]: _sellable(row, zh) for row in cursor.fetchall()}


def _sellable(row: tuple[Any, ...], zh: bool) -> Sellable:
    (variant_id, product_id, slug, sku, title_en, title_zh, name_en, name_zh, label_en, label_zh,
     price, wholesale, free, plate, tint, floor, category_id, inside) = row  # fmt: skip
    return Sellable(
        variant_id=variant_id,
        product_id=product_id,
        slug=slug,
        sku=sku,
        title=(title_zh if zh else title_en) or _either(name_en, name_zh, zh),
        label=_either(label_en, label_zh, zh),
        price_minor=price,
        wholesale_minor=wholesale,
        available=free,
        plate=plate,
        tint=tint,
        floor_minor=floor,
        category_id=category_id,
        inside=dict(inside) if inside else None,
    )


def _either(en: str, zh: str, is_zh: bool) -> str:
    return (zh or en) if is_zh else (en or zh)


def title(listing: Listing, product: Product) -> str:
    """Give the shop's own title in the active language, else S's name of the product."""
    own = getattr(listing, f"title_{texts.suffix()}")
    return own or texts.local(product, "name")


def available(variant_ids: Sequence[int]) -> dict[int, int]:
    """Give free pieces by variant id, over exactly the warehouses an order would draw from. One query."""
    return bundles.free(variant_ids)
