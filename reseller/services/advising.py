"""Take an advice in one click: what it says is done, and that it was taken is noted, both or neither."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from enablement.models import Advice
from enablement.services import advice
from reseller.models import Listing, Offer
from reseller.selectors import advised
from reseller.services import listing as listings
from reseller.services import pricing
from s2b2c.kernel.errors import Refused

BESIDE = 4  # products b can put beside one


@transaction.atomic
def adopt(*, reseller_id: int, advice_id: int) -> Advice:
    """Do what an advice says in the shop we are in.

    :raises NotFound: there is none for this shop. :raises StateRefused: it was decided before.
    :raises Refused: it can't be done any more; nothing is changed.
    """
    found = advice.decide(reseller_id=reseller_id, advice_id=advice_id, adopted=True)
    {Advice.Kind.RANGE: _take_on, Advice.Kind.PRICE: _price, Advice.Kind.PAIR: _beside}[Advice.Kind(found.kind)](found)
    return found


def dismiss(*, reseller_id: int, advice_id: int) -> Advice:
    """Note that the shop does not want it; it is not shown again.

    :raises NotFound: there is none for this shop. :raises StateRefused: it was decided before.
    """
    with transaction.atomic():
        return advice.decide(reseller_id=reseller_id, advice_id=advice_id, adopted=False)


def _take_on(found: Advice) -> None:
    listings.list_products(product_ids=[found.product_id])


def _price(found: Advice) -> None:
    rows = Offer.objects.filter(listing__product_id=found.product_id, active=True).select_related("variant", "listing")
    offers = list(rows)
    if not offers:
        raise Refused("gone", _("It is no longer in your shop."))
    wanted = {each.variant_id: advised.stepped(each, found.facts["step_bps"]) for each in offers}
    pricing.set_prices(listing_id=offers[0].listing_id, wanted=wanted)


def _beside(found: Advice) -> None:
    listing = Listing.objects.select_for_update().filter(product_id=found.product_id).first()
    if listing is None or not Listing.objects.filter(product_id=found.other_id).exists():
        raise Refused("gone", _("It is no longer in your shop."))
    listing.beside = [found.other_id, *(each for each in listing.beside or [] if each != found.other_id)][:BESIDE]
    listing.save(update_fields=["beside"])
    listings.touch()
