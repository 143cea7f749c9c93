"""What the shop's owner should know today, from the shop's own data: alerts and the checklist."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, When

from reseller.models import Listing, Offer, Shop
from reseller.selectors import listing as listings
from reseller.selectors import offers, prices, wording
from reseller.selectors.prices import Cut
from s2b2c.kernel import texts
from supplier.models import Product, Variant


@dataclass(frozen=True, slots=True)
class PriceAlert:
    """S asks more for a variant than b knew, so that b keeps less. Minor units."""

    listing_id: int
    title: str
    label: str
    cost_before: int
    cost_now: int
    price_minor: int
    keep_before: int
    keep_now: int
    currency: str


def dearer(cut: Cut, *, limit: int = 5) -> list[PriceAlert]:
    """Give the variants that became dearer for b, those with the least left to keep first. One query."""
    rows = (
        Offer.objects.filter(active=True, listing__status=Listing.Status.PUBLISHED)
        .annotate(known=listings.known_cost(), pays_minor=offers.in_band())
        .filter(variant__wholesale_minor__gt=listings.known_cost(), follow_base=None)
        .annotate(keep=prices.keep(offers.in_band(), cut, "variant__"))
        .select_related("listing", "variant__product")
        .order_by("keep", "id")[:limit]
    )
    return [
        PriceAlert(
            listing_id=row.listing_id,
            title=offers.title(row.listing, row.variant.product),
            label=texts.local(row.variant, "label"),
            cost_before=row.known,
            cost_now=row.variant.wholesale_minor,
            price_minor=row.pays_minor,
            keep_before=cut.keep(row.pays_minor, row.known),
            keep_now=row.keep,
            currency=row.variant.currency,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Changes:
    """What S changed under the shop's listings, the latest first, a few of each.

    ``withdrawn``: of products S no longer sells. ``reworded``: whose text changed under b's own words.
    ``more``: of which S sells a variant that the shop doesn't know yet.
    """

    withdrawn: list[Listing]
    reworded: list[Listing]
    more: list[Listing]


def changes(shop: Shop, *, limit: int = 3) -> Changes:
    """Give what S changed under the shop's listings. One query."""
    kinds = {"is_withdrawn": _withdrawn(), "is_reworded": wording.changed_words(), "has_more": _more_variants(shop)}
    latest = [Listing.objects.filter(each).order_by("-id").values("id")[:limit] for each in kinds.values()]
    wanted = reduce(or_, (Q(id__in=ids) for ids in latest))
    flags = {
        name: Case(When(each, then=True), default=False, output_field=BooleanField()) for name, each in kinds.items()
    }
    rows: list[Any] = list(Listing.objects.filter(wanted).annotate(**flags).select_related("product").order_by("-id"))
    return Changes(*([each for each in rows if getattr(each, name)][:limit] for name in kinds))


def _withdrawn() -> Q:
    return Q(status=Listing.Status.PUBLISHED) & ~Q(product__status=Product.Status.ACTIVE)


def _more_variants(shop: Shop) -> Q:
    new = Variant.objects.filter(
        product_id=OuterRef("product_id"), status=Variant.Status.ACTIVE, currency=shop.currency
    ).exclude(Exists(Offer.objects.filter(variant_id=OuterRef("pk"))))
    return Q(Exists(new), status=Listing.Status.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Step:
    """One step to a good shop; ``key`` names it, the page has the words."""

    key: str
    done: bool


def steps(shop: Shop, *, products: int, sold: bool, own_domain: bool) -> list[Step]:
    """Give the checklist, open steps first, each computed from data."""
    found = [
        Step("look", bool(shop.name)),
        Step("products", products >= 12),
        Step("story", bool(shop.story_en or shop.story_zh or shop.tagline_en or shop.tagline_zh)),
        Step("contact", bool(shop.email and (shop.phone or shop.address))),
        Step("policies", bool(shop.policies.get("returns"))),
        Step("order", sold),
        Step("domain", own_domain),
    ]
    return sorted(found, key=lambda step: step.done)
