"""Put S's products into the shop, take them out, and write over S's words. Nothing is copied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from reseller.models import Listing, Offer, Shop
from reseller.selectors import prices, wording
from reseller.selectors import shop as shops
from reseller.selectors.prices import Rule
from reseller.services import _sql, following
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused
from supplier.models import Category, Product, Variant

WORDS = tuple(wording.UNDER)

_LIST = """
    WITH wanted AS MATERIALIZED ({variants}),
    fresh AS (
        INSERT INTO reseller_listing
            (product_id, status, title_en, title_zh, text_en, text_zh, seen, featured, position, listed_at)
        SELECT product_id, %s, '', '', '', '',
               jsonb_build_object('wholesale', jsonb_object_agg(id::text, wholesale_minor)), false, 0, %s
        FROM wanted GROUP BY product_id
        ON CONFLICT (product_id) DO NOTHING RETURNING id, product_id
    )
    INSERT INTO reseller_offer (listing_id, variant_id, price_minor, by_rule, active)
    SELECT fresh.id, wanted.id, wanted.price, true, true FROM fresh JOIN wanted USING (product_id)
"""
_ADD_OFFERS = """
    INSERT INTO reseller_offer (listing_id, variant_id, price_minor, by_rule, active)
    SELECT %s, wanted.id, wanted.price, true, true FROM ({variants}) wanted
    ON CONFLICT (variant_id) DO UPDATE SET active = true
"""


@dataclass(frozen=True, slots=True)
class Listed:
    """``count`` products are new in the shop; ``skipped`` were there before. ``batch`` undoes it."""

    count: int
    skipped: int
    batch: datetime


def list_products(
    *,
    product_ids: Sequence[int] = (),
    category_ids: Sequence[int] = (),
    rule: Rule | None = None,
    publish: bool = True,
) -> Listed:
    """Put products, and all products of categories with what is below them, into the shop: one INSERT.

    Prices follow ``rule``, else the shop's. Products already listed stay as they are. Only what S sells
    in the shop's currency can be listed.

    :raises Refused: ``nothing``: none of these can be listed; nothing is changed.
    """
    with transaction.atomic():
        shop = shops.get()
        variants = _listable(shop, product_ids, category_ids)
        asked = variants.values("product_id").distinct().count()
        if not asked:
            raise Refused("nothing", _("None of these products can be sold in your shop at the moment."))
        batch = clock.now()
        priced = variants.annotate(price=prices.by_rule(rule or prices.rule_of(shop)))
        _sql.run(
            _LIST,
            [Listing.Status.PUBLISHED if publish else Listing.Status.HIDDEN, batch],
            variants=priced.values("id", "product_id", "wholesale_minor", "price"),
        )
        new = list(Listing.objects.filter(listed_at=batch).values_list("id", flat=True))
        count = len(new)
        if prices.follows(shop):  # nobody has said otherwise of a new product
            following.settle(listing_ids=new, rule=rule)
        touch()
        return Listed(count, asked - count, batch)


def _listable(shop: Shop, product_ids: Sequence[int], category_ids: Sequence[int]) -> QuerySet[Variant]:
    """Give the variants S sells now of these products and categories, in the shop's currency."""
    sold = Variant.objects.filter(
        status=Variant.Status.ACTIVE, product__status=Product.Status.ACTIVE, currency=shop.currency
    )
    chosen = sold.filter(product_id__in=list(product_ids)) if product_ids else sold.none()
    for path in Category.objects.filter(id__in=list(category_ids)).values_list("path", flat=True):
        chosen = chosen | sold.filter(product__category__path__startswith=path)
    return chosen.order_by()


def undo_batch(*, batch: datetime) -> int:
    """Take out what one ``list_products`` put in. Give the number of products; a second time it is 0."""
    with transaction.atomic():
        found = Listing.objects.filter(listed_at=batch)
        count = found.count()
        if count:
            found.delete()
            touch()
        return count


def publish(*, listing_ids: Iterable[int]) -> int:
    """Show hidden products in the shop again. Give how many changed."""
    return _set_status(listing_ids, Listing.Status.PUBLISHED)


def hide(*, listing_ids: Iterable[int]) -> int:
    """Take products off the shelves, keeping prices and words. Give how many changed."""
    return _set_status(listing_ids, Listing.Status.HIDDEN)


def _set_status(listing_ids: Iterable[int], status: str) -> int:
    with transaction.atomic():
        changed = Listing.objects.filter(id__in=list(listing_ids)).exclude(status=status).update(status=status)
        if changed:
            touch()
        return changed


def remove(*, listing_ids: Iterable[int]) -> list[dict[str, Any]]:
    """Take products out of the shop with their prices and words. Give what ``restore`` needs to undo it."""
    with transaction.atomic():
        found = Listing.objects.filter(id__in=list(listing_ids)).prefetch_related("offers")
        kept = [_as_data(listing) for listing in found]
        found.delete()
        if kept:
            touch()
        return kept


def _as_data(listing: Listing) -> dict[str, Any]:
    fields = ("product_id", "status", *WORDS, "seen", "featured", "position", "follow")
    offers = [
        {name: getattr(offer, name) for name in ("variant_id", "price_minor", "was_minor", "by_rule", "active")}
        for offer in listing.offers.all()
    ]
    own = {name: getattr(listing, name) for name in fields}
    return {**own, "listed_at": listing.listed_at.isoformat(), "offers": offers}


def restore(*, kept: Sequence[dict[str, Any]]) -> int:
    """Put back what ``remove`` took out; products listed anew meanwhile stay as they are now."""
    with transaction.atomic():
        asked = [data["product_id"] for data in kept]
        there = set(Listing.objects.filter(product_id__in=asked).values_list("product_id", flat=True))
        missing = [data for data in kept if data["product_id"] not in there]
        for data in missing:
            fields = {name: value for name, value in data.items() if name not in ("offers", "listed_at")}
            listing = Listing.objects.create(**fields, listed_at=datetime.fromisoformat(data["listed_at"]))
            Offer.objects.bulk_create(Offer(listing=listing, **offer) for offer in data["offers"])
            following.settle(listing_ids=[listing.pk])
        if missing:
            touch()
        return len(missing)


def sell_variants(*, listing_id: int, variant_ids: Iterable[int]) -> None:
    """Sell exactly these variants of a listed product; ones new in the shop get the rule's price.

    :raises NotFound: no such listing.
    :raises Refused: ``no_variant``: none is chosen; hide the product instead.
    """
    with transaction.atomic():
        listing = _locked(listing_id)
        shop = shops.get()
        chosen = _listable(shop, [listing.product_id], []).filter(id__in=list(variant_ids))
        if not chosen.exists():
            raise Refused("no_variant", _("Keep at least one, or take the product out of the shop."))
        listing.offers.update(active=False)
        priced = chosen.annotate(price=prices.by_rule(prices.rule_of(shop))).values("id", "price")
        # The listing's id stands before the queryset in the statement.
        _sql.run(_ADD_OFFERS.replace("%s", str(int(listing.id))), [], variants=priced)
        following.settle(listing_ids=[listing.id])
        note_costs([listing.id])
        touch()


def write_words(*, listing_id: int, words: dict[str, str]) -> Listing:
    """Write own title and text over S's; an empty one follows S again. Other fields stay.

    What S's text was at this moment is kept, to show later what S changed.

    :raises NotFound: no such listing.
    """
    with transaction.atomic():
        listing = _locked(listing_id)
        for name in WORDS:
            if name in words and words[name].strip() != getattr(listing, name):
                setattr(listing, name, words[name].strip())
                _see(listing, name)
        listing.save(update_fields=[*WORDS, "seen"])
        touch()
        return listing


def accept_theirs(*, listing_id: int, field: str) -> Listing:
    """Say that S's change of a text was seen and one's own words stay.

    :raises NotFound: no such listing or field.
    """
    with transaction.atomic():
        listing = _locked(listing_id)
        if field not in WORDS:
            raise NotFound()
        _see(listing, field)
        listing.save(update_fields=["seen"])
        return listing


def _see(listing: Listing, name: str) -> None:
    """Note S's text under one of b's as seen; forget it where b has none."""
    under = wording.UNDER[name]
    if getattr(listing, name):
        listing.seen[name] = getattr(listing.product, under)
    else:
        listing.seen.pop(name, None)


def feature(*, listing_id: int, featured: bool) -> Listing:
    """Put a product among the first of the shop, or back into its place."""
    with transaction.atomic():
        listing = _locked(listing_id)
        Listing.objects.filter(id=listing.id).update(featured=featured)
        touch()
        listing.featured = featured
        return listing


def move(*, listing_id: int, to: str) -> Listing:
    """Put a product ``first`` or ``last`` among the shop's products.

    :raises NotFound: no such listing.
    """
    with transaction.atomic():
        listing = _locked(listing_id)
        edges = Listing.objects.exclude(id=listing.id).aggregate(low=Min("position"), high=Max("position"))
        listing.position = (edges["low"] or 0) - 1 if to == "first" else (edges["high"] or 0) + 1
        Listing.objects.filter(id=listing.id).update(position=listing.position)
        touch()
        return listing


_NOTE_COSTS = """
    UPDATE reseller_listing l
    SET seen = jsonb_set(l.seen, '{{wholesale}}', costs.now)
    FROM (
        SELECT o.listing_id, jsonb_object_agg(v.id::text, v.wholesale_minor) AS now
        FROM reseller_offer o JOIN supplier_variant v ON v.id = o.variant_id
        WHERE o.listing_id = ANY(%s) GROUP BY o.listing_id
    ) costs
    WHERE l.id = costs.listing_id
"""


def note_costs(listing_ids: Sequence[int]) -> None:
    """Note what S asks for the variants of listings as known to b. Call inside a transaction."""
    _sql.run(_NOTE_COSTS, [list(listing_ids)])


def touch() -> None:
    """Raise the shop's version: what c sees has changed. Call inside the transaction of the change."""
    Shop.objects.filter(id=1).update(version=F("version") + 1, updated_at=clock.now())


def _locked(listing_id: int) -> Listing:
    listing = Listing.objects.select_for_update(of=("self",)).select_related("product").filter(id=listing_id).first()
    if listing is None:
        raise NotFound()
    return listing
