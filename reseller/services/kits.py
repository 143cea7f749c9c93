"""Take a kit of S into the shop, make it one's own, take it out. Nothing of it is copied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from enablement.models import Kit, KitUse
from enablement.selectors import kits
from enablement.services import kits as compose
from reseller.models import Promotion, Shop
from reseller.selectors import shop as shops
from reseller.services import listing as listings
from reseller.services import promotions
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.services import media


@dataclass(frozen=True, slots=True)
class Adopted:
    """``listed`` products are new in the shop; ``discount``: its offer runs there."""

    use: KitUse
    listed: int
    discount: bool


@transaction.atomic
def adopt(*, kit_id: int) -> Adopted:
    """Take a kit on: its products into the shop at the shop's prices, its offer, its banner and story. All or nothing.

    Products that were in the shop already stay as they are there, hidden ones too.

    :raises NotFound: there is no such kit, S withdrew it, or it is still for partner shops.
    :raises StateRefused: it is in the shop already, or its days are over.
    :raises Refused: none of its products can be sold in this shop.
    """
    reseller = shops.reseller()
    Shop.objects.select_for_update().get(id=1)
    if not kits.open_kits(reseller.pk).filter(id=kit_id).exists():
        raise NotFound()
    kit = kits.locked(kit_id)
    if kit.state != Kit.State.PUBLISHED:
        raise NotFound()  # withdrawn a moment ago
    if kit.ends_on and kit.ends_on < clock.now().date():
        raise StateRefused("kit_over", _("Its days are over."))
    if kits.use_of(reseller, kit_id):
        raise StateRefused("kit_on", _("Your shop has it already."))
    put = listings.list_products(product_ids=list(kit.products.values_list("product_id", flat=True)))
    discount = promotions.take_on(campaign_id=kit.campaign_id) if kit.campaign_id else None
    use = KitUse.objects.create(
        kit=kit, reseller=reseller, adopted_at=clock.now(), promotion_id=discount.pk if discount else None
    )
    _shows(True)
    return Adopted(use, put.count, discount is not None)


@transaction.atomic
def adapt(*, kit_id: int, facts: Mapping[str, Any], upload: IO[bytes] | None = None) -> KitUse:
    """Write own words over S's, choose own days and an own picture. An empty text follows S again.

    ``facts``: words as ``KitUse`` names them, ``shown_from``, ``shown_to``, and ``picture`` "" for S's again.

    :raises NotFound: the kit isn't in the shop.
    :raises Refused: a text is too long, or the days lie outside the kit's.
    """
    use = _locked(kit_id)
    days = {name: facts[name] for name in ("shown_from", "shown_to") if name in facts}
    _check_days(use.kit, days.get("shown_from", use.shown_from), days.get("shown_to", use.shown_to))
    own = {name: text for name, text in compose.words(facts).items() if hasattr(use, name)}
    for name, value in {**own, **days}.items():
        setattr(use, name, value)
    if upload is not None:
        use.picture = media.store_photos([upload], folder="kits")[0]
    elif facts.get("picture") == "":
        use.picture = ""
    use.save()
    _move_offer(use)
    listings.touch()
    return use


def _check_days(kit: Kit, first: date | None, last: date | None) -> None:
    if first and last and last < first:
        raise Refused("ends", _("It must end after it begins."), field="shown_to")
    if (kit.starts_on and first and first < kit.starts_on) or (kit.ends_on and last and last > kit.ends_on):
        raise Refused("days", _("Choose days within the kit's."), field="shown_to")


def _move_offer(use: KitUse) -> None:
    """Let the offer run on the days the shop shows the kit. Orders placed keep what they were given."""
    if use.promotion_id is None:
        return
    kit = use.kit
    last = min((day for day in (kit.ends_on, use.shown_to) if day), default=None)
    first = max((day for day in (kit.starts_on, use.shown_from) if day), default=None)
    start = compose.midnight(first)
    Promotion.objects.filter(id=use.promotion_id).update(
        starts_at=start if start and start > use.adopted_at else use.adopted_at,
        ends_at=compose.midnight(last, after=1),
    )
    promotions.recount()


@transaction.atomic
def leave(*, kit_id: int) -> KitUse:
    """Take a kit out of the shop: banner, story and offer go, its products stay with their prices.

    :raises NotFound: the kit isn't in the shop.
    """
    use = _locked(kit_id)
    if use.promotion_id and Promotion.objects.filter(id=use.promotion_id).exists():
        promotions.end(promotion_id=use.promotion_id)
    use.ended_at, use.ended_by = clock.now(), KitUse.EndedBy.SHOP
    use.save(update_fields=["ended_at", "ended_by"])
    _shows(bool(kits.in_shop(shops.reseller())))
    return use


def _shows(any_left: bool) -> None:
    Shop.objects.filter(id=1).update(kits_on=any_left)
    listings.touch()


def _locked(kit_id: int) -> KitUse:
    rows = KitUse.objects.select_for_update(of=("self",)).select_related("kit")
    found = rows.filter(reseller=shops.reseller(), kit_id=kit_id, ended_at=None).first()
    if found is None:
        raise NotFound()
    return found
