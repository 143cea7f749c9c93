"""What b has listed: the list, one product of it, and what a rule would do to the prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.expressions import Func
from django.db.models.functions import Cast

from reseller.models import Listing, Offer, Shop
from reseller.selectors import offers, prices, wording
from reseller.selectors.prices import Cut, Rule
from s2b2c.kernel import texts
from s2b2c.kernel.errors import NotFound
from supplier.models import Product, Variant


def mine(shop: Shop, cut: Cut) -> QuerySet[Listing]:
    """Give the shop's listings with what the list shows of them.

    ``name``, ``low``/``high`` (prices c pays), ``keep`` (of the cheapest), ``gone`` (S no longer sells it),
    ``dearer`` (S asks more than b knew).
    """
    live = Offer.objects.filter(listing=OuterRef("pk"), active=True)
    paid = live.annotate(pays=offers.in_band()).order_by("pays", "id")
    suffix = texts.suffix()
    return Listing.objects.select_related("product__category").annotate(
        name=Func(
            Func(F(f"title_{suffix}"), Value(""), function="NULLIF"),
            Func(F(f"product__name_{suffix}"), Value(""), function="NULLIF"),
            F("product__name_en"),
            function="COALESCE",
            output_field=TextField(),
        ),
        low=Subquery(paid.values("pays")[:1]),
        high=Subquery(paid.order_by("-pays").values("pays")[:1]),
        keep=Subquery(
            paid.annotate(keep=prices.keep(offers.in_band(), cut, "variant__")).values("keep")[:1],
            output_field=BigIntegerField(),
        ),
        currency=Value(shop.currency),
        gone=~Exists(
            live.filter(
                variant__status=Variant.Status.ACTIVE,
                variant__product__status=Product.Status.ACTIVE,
                variant__currency=shop.currency,
            )
        ),
        dearer=Exists(live.filter(variant__wholesale_minor__gt=known_cost(), follow_base=None)),
    )


def known_cost() -> Func:
    """Give the expression, on an offer, for what S asked when b last looked at its price."""
    path = Func(
        F("listing__seen"),
        Value("wholesale"),
        Cast("variant_id", TextField()),
        function="jsonb_extract_path_text",
        output_field=TextField(),
    )
    return Cast(path, BigIntegerField())


@dataclass(frozen=True, slots=True)
class OfferRow:
    """A variant in the shop. ``offer`` None: S sells it, the shop doesn't (yet)."""

    variant: Variant
    offer: Offer | None
    label: str
    price_minor: int
    keep_minor: int
    stock: int
    sold: bool
    known_minor: int | None

    @property
    def dearer(self) -> bool:
        return self.known_minor is not None and self.variant.wholesale_minor > self.known_minor


@dataclass(frozen=True, slots=True)
class Detail:
    """A listing with its variants in S's order and its texts."""

    listing: Listing
    title: str
    rows: list[OfferRow]
    words: list[wording.Words]

    @property
    def stock(self) -> int:
        return sum(row.stock for row in self.rows)


def detail(listing_id: int, *, shop: Shop, cut: Cut) -> Detail:
    """Give one product of the shop.

    :raises NotFound: it is not in this shop.
    """
    listing = Listing.objects.select_related("product__category").filter(id=listing_id).first()
    if listing is None:
        raise NotFound()
    own = {offer.variant_id: offer for offer in listing.offers.annotate(pays=offers.in_band())}
    rule = prices.rule_of(shop)
    variants = list(
        Variant.objects.filter(product_id=listing.product_id, currency=shop.currency)
        .annotate(price=prices.by_rule(rule))
        .order_by("position", "id")
    )
    stock = offers.available([variant.id for variant in variants])
    rows = [
        _row(variant, own.get(variant.id), listing, cut, stock.get(variant.id, 0))
        for variant in variants
        if variant.id in own or variant.status == Variant.Status.ACTIVE
    ]
    return Detail(listing, offers.title(listing, listing.product), rows, wording.of(listing))


def _row(variant: Any, offer: Any, listing: Listing, cut: Cut, stock: int) -> OfferRow:
    wanted = offer.pays if offer else variant.price
    price = min(max(wanted, variant.floor_minor), variant.ceiling_minor)
    return OfferRow(
        variant=variant,
        offer=offer,
        label=texts.local(variant, "label"),
        price_minor=price,
        keep_minor=cut.keep(price, variant.wholesale_minor),
        stock=stock,
        sold=offer is not None and offer.active,
        known_minor=listing.seen.get("wholesale", {}).get(str(variant.id))
        if offer and not offer.follow_base
        else None,
    )


@dataclass(frozen=True, slots=True)
class RulePreview:
    """What a rule would do to a listed variant: price and keep, now and then."""

    listing_id: int
    name: str
    label: str
    now_minor: int
    then_minor: int
    keep_now_minor: int
    keep_then_minor: int
    by_hand: bool


def preview(rule: Rule, *, cut: Cut, listing_ids: list[int] | None = None, limit: int = 200) -> list[RulePreview]:
    """Give what a rule would do to the prices of the shop, most changed first; nothing is written."""
    rows = Offer.objects.filter(active=True).select_related("listing", "variant__product")
    if listing_ids is not None:
        rows = rows.filter(listing_id__in=listing_ids)
    rows = rows.annotate(then=prices.by_rule(rule, "variant__"), pays=offers.in_band())
    ordered = rows.annotate(step=Func(F("then") - F("pays"), function="ABS")).order_by("-step", "id")
    return [
        RulePreview(
            listing_id=row.listing_id,
            name=offers.title(row.listing, row.variant.product),
            label=texts.local(row.variant, "label"),
            now_minor=row.pays,
            then_minor=row.then,
            keep_now_minor=cut.keep(row.pays, row.variant.wholesale_minor),
            keep_then_minor=cut.keep(row.then, row.variant.wholesale_minor),
            by_hand=not row.by_rule,
        )
        for row in ordered[:limit]
    ]


def spread() -> dict[str, int]:
    """Give how many products are in the shop, published and hidden. One query."""
    counts = dict(Listing.objects.values_list("status").annotate(n=Count("id")).order_by())
    return {"published": counts.get("published", 0), "hidden": counts.get("hidden", 0)}
