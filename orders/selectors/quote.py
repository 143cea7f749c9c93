"""What an order costs, and who gets which part of it. Pure arithmetic on minor units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from enablement.selectors.bookings import Option
from orders.selectors import discounts
from reseller.models import Shop
from reseller.selectors.offers import Sellable
from reseller.selectors.promotions import Running
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
class QuoteService:
    """A service booked with the goods of a line, for one visit: ``retail`` as shown = cost + margin, with or without tax.

    ``cost_minor`` is what S gets for having it done. No discount is taken off it, and no fee is taken of it.
    """

    option: Option
    goods: Sellable
    pieces: int
    margin_minor: int
    tax_minor: int
    tax_bps: int

    @property
    def retail_minor(self) -> int:
        return self.option.price_minor

    @property
    def paid_minor(self) -> int:
        return self.option.cost_minor + self.margin_minor + self.tax_minor


@dataclass(frozen=True, slots=True)
class Quote:
    """``total`` = items − discount + shipping, plus tax where the shop's prices do not include it.

    ``items_minor`` is goods and services, ``services_minor`` the services of it: they count for no promotion and no
    free delivery. ``tax_minor`` is all tax, that on shipping (``shipping_tax_minor``) with it.
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
    shipping_funded_minor: int = 0
    shipping_funder: str = ""
    used: tuple[discounts.Used, ...] = ()
    passed_over: str = ""
    services: tuple[QuoteService, ...] = ()
    services_minor: int = 0

    @property
    def goods_minor(self) -> int:
        return self.items_minor - self.services_minor


def of(
    shop: Shop,
    lines: Sequence[tuple[Sellable, int]],
    *,
    fee_bps: int,
    running: Sequence[Running] = (),
    services: Sequence[tuple[Option, Sellable, int]] = (),
) -> Quote:
    """Price lines at this moment. The fee is a share of what c pays for the goods, rounded per piece where nothing
    is taken off.

    Of the promotions ``running`` the one that saves c most is taken, and free delivery beside it: they never add
    up. ``passed_over``: the code that was typed and not taken. ``services``: with the goods, and how many pieces of
    them, they are booked for.
    """
    priced = [_line(shop, sellable, quantity, fee_bps) for sellable, quantity in lines]
    items = sum(line.retail_minor for line in priced)
    best = discounts.best(priced, running, lambda line, cut: _discounted(shop, line, cut, fee_bps))
    priced, shipping = best.lines, shipping_price(shop, items)
    free = discounts.free_delivery(running, items) if shipping else None
    used = (*best.used, *((discounts.Used.of(free, 0, 0),) if free else ()))
    waived = shipping if free else 0
    shipping -= waived
    discount = sum(line.discount_minor for line in priced)
    shipping_tax = tax_of(shop, shipping)
    booked = tuple(_service(shop, *each) for each in services)
    extra = sum(each.retail_minor for each in booked)
    tax = sum(line.tax_minor for line in priced) + sum(each.tax_minor for each in booked) + shipping_tax
    return Quote(
        lines=priced,
        currency=shop.currency,
        items_minor=items + extra,
        shipping_minor=shipping,
        shipping_tax_minor=shipping_tax,
        tax_minor=tax,
        tax_included=shop.tax_included,
        total_minor=items + extra - discount + shipping + (0 if shop.tax_included else tax),
        discount_minor=discount,
        shipping_funded_minor=waived - (tax_of(shop, waived) if shop.tax_included else 0),
        shipping_funder="b" if waived else "",
        used=used,
        passed_over=next((each.code for each in running if each.code and each.id not in {u.id for u in used}), ""),
        services=booked,
        services_minor=extra,
    )


def service_margin(shop: Shop, option: Option) -> int:
    """Give what a shop earns with a visit, before its own costs; below zero it is not offered there."""
    return _service(shop, option, None, 1).margin_minor  # type: ignore[arg-type]


def _service(shop: Shop, option: Option, goods: Sellable, pieces: int) -> QuoteService:
    tax = tax_of(shop, option.price_minor)
    net = option.price_minor - tax if shop.tax_included else option.price_minor
    return QuoteService(option, goods, pieces, net - option.cost_minor, tax, shop.tax_bps)


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


def _discounted(shop: Shop, line: QuoteLine, cut: discounts.Cut, fee_bps: int) -> QuoteLine:
    """Take a discount off a line. S bears its share of what falls away before tax, the rest lowers the margin.

    The price stays at the band's floor or above; the discount never makes b lose on what it earned on before.
    """
    most = (line.sellable.price_minor - line.sellable.floor_minor) * line.quantity
    wanted = min(cut.minor, max(most, 0), line.retail_minor)
    made = _taken_off(shop, line, wanted, cut.share_bps, fee_bps)
    least = min(line.margin_minor, 0)
    if made.margin_minor >= least:
        return made
    low, high = 0, wanted
    while high - low > 1:
        middle = (low + high) // 2
        fits = _taken_off(shop, line, middle, cut.share_bps, fee_bps).margin_minor >= least
        low, high = (middle, high) if fits else (low, middle)
    return _taken_off(shop, line, low, cut.share_bps, fee_bps)


def _taken_off(shop: Shop, line: QuoteLine, discount: int, share_bps: int, fee_bps: int) -> QuoteLine:
    if not discount:
        return line
    paid = line.retail_minor - discount
    tax, fee = tax_of(shop, paid), money.bps(paid, fee_bps)
    net = paid - tax if shop.tax_included else paid
    before = line.retail_minor - (line.tax_minor if shop.tax_included else 0)
    funded = money.bps(before - net, share_bps)
    return replace(
        line,
        fee_minor=fee,
        tax_minor=tax,
        margin_minor=net + funded - line.wholesale_minor - fee,
        discount_minor=discount,
        funded_minor=funded,
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
