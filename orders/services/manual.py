"""Orders b's staff enter for a customer: by phone, over the counter, or from another system."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from orders.models import Order
from orders.selectors import quote as quotes
from orders.services import writing
from reseller.models import Shop
from reseller.selectors import offers
from reseller.selectors.offers import Sellable
from s2b2c.kernel.errors import PriceOutOfBand, Refused, StateRefused
from s2b2c.tenancy import context
from supplier.models import Variant
from supplier.selectors import terms


@dataclass(frozen=True, slots=True)
class ManualLine:
    """``unit_minor``: the price agreed with the customer, inside S's band."""

    variant_id: int
    quantity: int
    unit_minor: int


@transaction.atomic
def place_order(
    *,
    lines: Sequence[ManualLine],
    contact: writing.Contact,
    language: str,
    method: str = Order.Method.INVOICE,
    external_id: str = "",
) -> Order:
    """Place an order at agreed prices; it is handed to S at once, to be paid on account or on delivery.

    :raises PriceOutOfBand: a price outside S's band.
    :raises StateRefused: something is not sold by this shop.
    :raises OutOfStock: names every short line.

    In each case nothing is written.
    """
    reseller = context.current()
    if reseller is None:
        raise RuntimeError("orders belong to a shop")
    if not lines or any(line.quantity < 1 for line in lines):
        raise Refused("lines", _("An order needs at least one piece."), field="lines")
    shop = Shop.objects.get()
    with translation.override(language):
        found = offers.sellable({line.variant_id for line in lines}, currency=shop.currency)
    if any(line.variant_id not in found for line in lines):
        raise StateRefused("not_sold", _("Something on this order is not sold by this shop."))
    _check_band(lines)
    priced: list[tuple[Sellable, int]] = [
        (dataclasses.replace(found[line.variant_id], price_minor=line.unit_minor), line.quantity) for line in lines
    ]
    agreed = terms.of(reseller.id)
    quote = quotes.of(shop, priced, fee_bps=agreed.fee_bps)
    return writing.write_order(
        reseller_id=reseller.id,
        quote=quote,
        contact=contact,
        method=method,
        language=language,
        external_id=external_id,
        agreed=agreed,
    )


def _check_band(lines: Sequence[ManualLine]) -> None:
    bands = {
        row[0]: row[1:]
        for row in Variant.objects.filter(id__in={line.variant_id for line in lines}).values_list(
            "id", "floor_minor", "ceiling_minor"
        )
    }
    for line in lines:
        floor, ceiling = bands[line.variant_id]
        if not floor <= line.unit_minor <= ceiling:
            nearest = min(max(line.unit_minor, floor), ceiling)
            raise PriceOutOfBand(_("This price is outside the supplier's band."), nearest_minor=nearest, field="lines")
