"""What a shop sells at this moment, at which price: S's catalogue joined with the shop's listings, read live."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Greatest, Least

from reseller.models import Listing, Offer
from s2b2c.kernel import texts
from supplier.models import Product, Stock, Variant


@dataclass(frozen=True, slots=True)
class Sellable:
    """A variant as this shop sells it now. Money in minor units of the shop's currency.

    ``price_minor`` is held inside S's band; ``available`` counts pieces free in all active warehouses.
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


def in_band() -> Least:
    """Give the expression for what c pays: the shop's price, held inside S's band as it is now."""
    return Least(Greatest(F("price_minor"), F("variant__floor_minor")), F("variant__ceiling_minor"))


def on_sale(currency: str) -> QuerySet[Offer]:
    """Give the offers c can buy, annotated with ``pays_minor``: published, active, and not withdrawn by S."""
    return Offer.objects.filter(
        active=True,
        listing__status=Listing.Status.PUBLISHED,
        variant__status=Variant.Status.ACTIVE,
        variant__product__status=Product.Status.ACTIVE,
        variant__currency=currency,
    ).annotate(pays_minor=in_band())


def sellable(variant_ids: Iterable[int], *, currency: str) -> dict[int, Sellable]:
    """Give those of the variants that c can buy now, by variant id, in the active language. Two queries."""
    ids = list(set(variant_ids))
    offers = list(
        on_sale(currency)
        .filter(variant_id__in=ids)
        .select_related("listing", "variant__product")
        .only(
            "price_minor",
            "listing__title_en",
            "listing__title_zh",
            "variant__sku",
            "variant__label_en",
            "variant__label_zh",
            "variant__tint",
            "variant__wholesale_minor",
            "variant__product__slug",
            "variant__product__name_en",
            "variant__product__name_zh",
            "variant__product__plate",
        )
    )
    free = available([offer.variant_id for offer in offers])
    return {offer.variant_id: _sellable(offer, free.get(offer.variant_id, 0)) for offer in offers}


def _sellable(offer: Offer, free: int) -> Sellable:
    variant, product = offer.variant, offer.variant.product
    return Sellable(
        variant_id=variant.id,
        product_id=product.id,
        slug=product.slug,
        sku=variant.sku,
        title=title(offer.listing, product),
        label=texts.local(variant, "label"),
        price_minor=offer.pays_minor,  # type: ignore[attr-defined]
        wholesale_minor=variant.wholesale_minor,
        available=free,
        plate=product.plate,
        tint=variant.tint,
    )


def title(listing: Listing, product: Product) -> str:
    """Give the shop's own title in the active language, else S's name of the product."""
    own = getattr(listing, f"title_{texts.suffix()}")
    return own or texts.local(product, "name")


def available(variant_ids: Sequence[int]) -> dict[int, int]:
    """Give free pieces by variant id, over exactly the warehouses an order would draw from. One query."""
    rows = (
        Stock.objects.filter(variant_id__in=variant_ids, warehouse__active=True)
        .values_list("variant_id")
        .annotate(free=Sum("available"))
    )
    return dict(rows)
