"""What an order costs, and who gets which part of it. Pure arithmetic on minor units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reseller.models import Shop
from reseller.selectors.offers import Sellable
from s2b2c.kernel import money


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One line, all amounts for the whole line: ``paid`` = wholesale + margin + fee + tax − funded.

    ``discount_minor`` is taken off ``retail_minor``: ``funded_minor`` of it S bears, the rest lowers the margin.
    """

    sellable: Sellable
    quantity: int
    retail_minor: int
    wholesale_minor: int
    margin_minor: int
    fee_minor: int
    tax_minor: int
    tax_bps: int = 0
    discount_minor: int = 0
    funded_minor: int = 0

    @property
    def paid_minor(self) -> int:
        return self.wholesale_minor + self.margin_minor + self.fee_minor + self.tax_minor - self.funded_minor


@dataclass(frozen=True, slots=True)
class Quote:
    """``total`` = items − discount + shipping, plus tax where the shop's prices do not include it.

    ``tax_minor`` is all tax, that on shipping (``shipping_tax_minor``) with it.
    """

    lines: list[QuoteLine]
    currency: str
    items_minor: int
    shipping_minor: int
    shipping_tax_minor: int
    tax_minor: int
    tax_included: bool
    total_minor: int
    discount_minor: int = 0


def of(shop: Shop, lines: Sequence[tuple[Sellable, int]], *, fee_bps: int) -> Quote:
    """Price lines at this moment. The fee is a share of the retail price, rounded per piece."""
    priced = [_line(shop, sellable, quantity, fee_bps) for sellable, quantity in lines]
    items = sum(line.retail_minor for line in priced)
    shipping = shipping_price(shop, items)
    shipping_tax = tax_of(shop, shipping)
    tax = sum(line.tax_minor for line in priced) + shipping_tax
    return Quote(
        lines=priced,
        currency=shop.currency,
        items_minor=items,
        shipping_minor=shipping,
        shipping_tax_minor=shipping_tax,
        tax_minor=tax,
        tax_included=shop.tax_included,
        total_minor=items + shipping + (0 if shop.tax_included else tax),
    )


def _line(shop: Shop, sellable: Sellable, quantity: int, fee_bps: int) -> QuoteLine:
    retail = sellable.price_minor * quantity
    tax = tax_of(shop, retail)
    net = retail - tax if shop.tax_included else retail
    fee = money.bps(sellable.price_minor, fee_bps) * quantity
    wholesale = sellable.wholesale_minor * quantity
    return QuoteLine(
        sellable=sellable,
        quantity=quantity,
        retail_minor=retail,
        wholesale_minor=wholesale,
        margin_minor=net - wholesale - fee,
        fee_minor=fee,
        tax_minor=tax,
        tax_bps=shop.tax_bps,
    )


def tax_of(shop: Shop, amount_minor: int) -> int:
    """Give the tax in or on an amount, as the shop shows its prices."""
    if shop.tax_included:
        return money.included_bps(amount_minor, shop.tax_bps)
    return money.bps(amount_minor, shop.tax_bps)


def shipping_price(shop: Shop, items_minor: int) -> int:
    """Give the price of delivery: free from the shop's limit on, and for an empty cart."""
    free_over = shop.shipping.get("free_over_minor")
    if not items_minor or (free_over is not None and items_minor >= free_over):
        return 0
    return int(shop.shipping.get("price_minor", 0))
