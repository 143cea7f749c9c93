"""The shop's own row, and what follows from it."""

from __future__ import annotations

from reseller.models import Shop
from reseller.selectors.prices import Cut
from s2b2c.kernel.errors import NotFound
from s2b2c.tenancy import context
from s2b2c.tenancy.models import Reseller
from supplier.models import Company
from supplier.selectors import terms


def get() -> Shop:
    """Give the row of the shop we are in.

    :raises NotFound: the schema is there, but the shop was not furnished yet.
    """
    shop = find()
    if shop is None:
        raise NotFound()
    return shop


def find() -> Shop | None:
    """Give the row of the shop we are in, or None while it is not furnished."""
    return Shop.objects.filter(id=1).first()


def cut(shop: Shop) -> Cut:
    """Give what is taken from this shop's prices, by S's terms of today."""
    return cut_for(reseller().id, tax_bps=shop.tax_bps, tax_included=shop.tax_included)


def cut_for(reseller_id: int | None, *, tax_bps: int = 0, tax_included: bool = False) -> Cut:
    """Give what would be taken from prices; a reseller that is still to be gets everybody's terms."""
    return Cut(fee_bps=terms.of(reseller_id or 0).fee_bps, tax_bps=tax_bps, tax_included=tax_included)


def reseller() -> Reseller:
    """Give the reseller we are in.

    :raises RuntimeError: called outside a shop.
    """
    found = context.current()
    if found is None:
        raise RuntimeError("This needs a shop: enter one first.")
    return found


def company_name() -> str:
    """Give S's name, as b's pages say it."""
    return Company.objects.filter(id=1).values_list("name", flat=True).first() or ""
