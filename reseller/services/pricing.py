"""Set prices, by rule and by hand. S's band holds at every moment: here, and again when c pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from reseller.models import Listing, Offer, Shop
from reseller.selectors import prices
from reseller.selectors import shop as shops
from reseller.selectors.prices import Rule
from reseller.services import _sql, following
from reseller.services import listing as listings
from s2b2c.kernel.errors import NotFound, PriceOutOfBand, Refused
from s2b2c.kernel.money import format_minor
from supplier.models import Variant

_APPLY = """
    UPDATE reseller_offer o
    SET price_minor = wanted.price, by_rule = true,
        was_minor = CASE WHEN o.was_minor > wanted.price THEN o.was_minor END
    FROM ({variants}) wanted
    WHERE o.variant_id = wanted.id AND (o.price_minor <> wanted.price OR NOT o.by_rule) {which}
"""


def set_rule(*, rule: Rule, follow: bool | None = None) -> Shop:
    """Make a rule the shop's: what is listed from now on is priced by it. Prices of today stay.

    ``follow``: prices made by rule change with S's prices by themselves; False: b is told, and decides; None: as it
    was. Those that follow do so by the new rule at once.
    """
    with transaction.atomic():
        shop = shops.get()
        shop.pricing = {**rule.as_json(), "follow": prices.follows(shop) if follow is None else follow}
        Shop.objects.filter(id=1).update(pricing=shop.pricing)
        following.settle()
        listings.touch()
        return shop


def follow(*, listing_id: int, follow: bool | None) -> Listing:
    """Say of one product whether its prices by rule follow S's by themselves; None: as the shop has it.

    :raises NotFound: no such listing.
    """
    with transaction.atomic():
        listing = Listing.objects.select_for_update().filter(id=listing_id).first()
        if listing is None:
            raise NotFound()
        listing.follow = follow
        listing.save(update_fields=["follow"])
        following.settle(listing_ids=[listing_id])
        listings.touch()
        return listing


def apply_rule(
    *, rule: Rule | None = None, listing_ids: Sequence[int] | None = None, by_hand_too: bool = False
) -> int:
    """Set prices by a rule (the shop's, unless given), for all listings or some. Give how many prices changed.

    Prices set by hand stay, unless ``by_hand_too``. One UPDATE.
    """
    with transaction.atomic():
        shop = shops.get()
        which = "" if by_hand_too else "AND o.by_rule"
        if listing_ids is not None:
            which += " AND o.listing_id = ANY(%s)"
        variants = Variant.objects.filter(currency=shop.currency).order_by()
        priced = variants.annotate(price=prices.by_rule(rule or prices.rule_of(shop))).values("id", "price")
        template = _APPLY.replace("{which}", which)
        changed = _sql.run(template, [] if listing_ids is None else [list(listing_ids)], variants=priced)
        following.settle(listing_ids=listing_ids, rule=rule)
        listings.note_costs(list(listing_ids) if listing_ids is not None else _all_ids())
        if changed:
            listings.touch()
        return changed


def _all_ids() -> list[int]:
    return list(Listing.objects.values_list("id", flat=True))


def set_prices(*, listing_id: int, wanted: Mapping[int, int]) -> None:
    """Set the prices of variants of one listing by hand: all of them or none.

    :raises PriceOutOfBand: one lies outside S's band; ``field`` is ``price_<variant id>``, ``nearest_minor`` would do.
    :raises NotFound: a variant that is not offered here.
    """
    with transaction.atomic():
        offers = {
            offer.variant_id: offer
            for offer in Offer.objects.select_for_update(of=("self",))
            .filter(listing_id=listing_id)
            .select_related("variant")
        }
        if not wanted or not set(wanted) <= set(offers):
            raise NotFound()
        for variant_id, price in wanted.items():
            _set(offers[variant_id], price)
        listings.note_costs([listing_id])
        listings.touch()


def _set(offer: Offer, price_minor: int) -> None:
    check(offer.variant, price_minor)
    offer.price_minor = price_minor
    offer.by_rule = False
    offer.follow_base = offer.follow_bps = offer.follow_ending = None
    if offer.was_minor is not None and offer.was_minor <= price_minor:
        offer.was_minor = None
    offer.save(update_fields=["price_minor", "by_rule", "was_minor", "follow_base", "follow_bps", "follow_ending"])


def asked(*, listing_id: int) -> list[dict[str, Any]]:
    """Give what a listing's variants cost, locked, as ``put_back`` takes it. Call inside a transaction."""
    offers = Offer.objects.select_for_update(of=("self",)).filter(listing_id=listing_id).order_by("variant_id")
    return [dict(row) for row in offers.values("variant_id", "price_minor", "was_minor", "by_rule")]


def put_back(*, listing_id: int, was: Sequence[dict[str, Any]], since: Sequence[dict[str, Any]]) -> None:
    """Give a listing's variants the prices they had, unless somebody changed one since.

    Prices outside S's band by now stay as stored; what c pays is held inside it as ever.

    :raises Refused: a price is no longer as ``since`` says; nothing is changed.
    """
    with transaction.atomic():
        if asked(listing_id=listing_id) != list(since):
            raise Refused("changed", _("Somebody has changed it since."))
        for offer in was:
            Offer.objects.filter(listing_id=listing_id, variant_id=offer["variant_id"]).update(
                price_minor=offer["price_minor"],
                was_minor=offer["was_minor"],
                by_rule=offer["by_rule"],
                **following.NOBODY,
            )
        following.settle(listing_ids=[listing_id])
        listings.touch()


def check(variant: Variant, price_minor: int) -> None:
    """Let a price inside S's band pass.

    :raises PriceOutOfBand: it is outside; nothing was changed.
    """
    low, high = max(variant.floor_minor, 1), variant.ceiling_minor
    if low <= price_minor <= high:
        return
    nearest = low if price_minor < low else high
    shown = {"supplier": shops.company_name(), "limit": format_minor(nearest, variant.currency)}
    if price_minor < low:
        message = _("Below %(limit)s is refused: %(supplier)s protects the price for all shops.") % shown
    else:
        message = _("Above %(limit)s is refused: %(supplier)s keeps this product fair for customers.") % shown
    raise PriceOutOfBand(message, nearest_minor=nearest, field=f"price_{variant.id}")


def keep_prices(*, listing_ids: Sequence[int]) -> None:
    """Say that S's new wholesale prices were seen and one's own prices stay."""
    with transaction.atomic():
        listings.note_costs(list(listing_ids))
