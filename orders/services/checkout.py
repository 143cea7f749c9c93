"""Turn a cart into an order, once, at the prices c was shown."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from enablement.selectors import bookings
from enablement.selectors.bookings import Option
from enablement.services import bookings as bookings_of
from orders.models import Cart, Order
from orders.selectors import quote as quotes
from orders.selectors import services
from orders.services import closing, segments, writing
from reseller.models import Shop
from reseller.selectors import offers, promotions
from reseller.selectors.offers import Sellable
from reseller.selectors.promotions import Running
from reseller.services import promotions as discount_uses
from s2b2c.kernel.errors import NotFound, OutOfStock, Refused, StateRefused
from s2b2c.kernel.rows import Row
from s2b2c.tenancy import context
from supplier.selectors import terms
from supplier.services import stock

Contact = writing.Contact


def place_order(
    *,
    cart_token: str | uuid.UUID,
    contact: writing.Contact,
    method: str,
    language: str,
    expected_total_minor: int | None = None,
    slots: Mapping[tuple[int, int], tuple[date, int]] | None = None,
) -> Order:
    """Place the order of a cart, once: the same cart again gives the order it became.

    Card: the order is pending and its stock held for ``HOLD_MINUTES``. Cash on delivery: it is placed and
    handed to S in the same transaction. A pending order of this cart whose content changed is replaced.
    ``slots``: for each service in the cart, by variant and option, the day and the part of it; it is kept with the order.

    :raises Refused: ``cart_changed`` (something is no longer sold), ``price_changed`` (the total is not
        what c was shown), ``slot`` (a service has none), ``slot_gone`` (somebody was faster), ``shop_closed``, ``method``, ``country``, ``code_segment``.
    :raises OutOfStock: names every line that is short.
    :raises NotFound: no such cart, or nothing in it.

    In each case nothing is written.
    """
    with transaction.atomic(), translation.override(language):  # titles are kept as c reads them
        reseller_id, shop = _open_shop()
        cart = _locked_cart(cart_token)
        made = _made_before(cart)
        if made is not None and made.status != Order.Status.PENDING:
            return made
        _check_ways(shop, method, contact)
        agreed = terms.of(reseller_id)
        quote = _quote(shop, cart, agreed, expected_total_minor, again=made is not None)
        _check_segment(quote, promotions.running(shop, cart.code or "") if quote.used else [], contact.email)
        if made is not None:
            if _same(made, quote, contact, method, slots or {}, reseller_id):
                return made
            _check_slots(quote, slots or {})
            bookings_of.wait_for(writing.appointments(quote, contact, slots or {}))
            stock.wait_for(
                [*made.lines.values_list("variant_id", flat=True), *(line["variant"] for line in cart.lines)]
            )
            closing.close_pending(made, status=Order.Status.CANCELLED, reason="replaced")
        _check_slots(quote, slots or {})
        if not discount_uses.use(used.id for used in quote.used if used.limited):
            raise StateRefused(
                "price_changed", _("This discount was used up meanwhile. Please look at the new total.")
            )
        return writing.write_order(
            reseller_id=reseller_id,
            quote=quote,
            contact=contact,
            method=method,
            language=language,
            cart_token=cart.token,
            agreed=agreed,
            slots=slots or {},
        )


_OPEN_SHOP = Row(
    Shop, "EXISTS (SELECT FROM public.tenancy_reseller r WHERE r.id = %s AND r.status = 'open')"
)  # asked of the database: what the process remembers of a reseller may be some seconds old


def _open_shop() -> tuple[int, Shop]:
    reseller = context.current()
    if reseller is None:
        raise RuntimeError("place_order needs a shop")
    shop = _OPEN_SHOP.first(reseller.id)
    if shop is None:
        raise StateRefused("shop_closed", _("This shop takes no orders at the moment."))
    return reseller.id, shop


_CART = Row(Cart, "token = %s", lock=True)
_LIVING = Row(Order, "cart_token = %s AND status NOT IN ('cancelled', 'expired')", lock=True)


def _locked_cart(token: str | uuid.UUID) -> Cart:
    try:
        key = token if isinstance(token, uuid.UUID) else uuid.UUID(str(token))
    except ValueError:
        raise NotFound() from None
    cart = _CART.first(key)
    if cart is None or not cart.lines:
        raise NotFound("cart_empty", _("The bag is empty."))
    return cart


def _made_before(cart: Cart) -> Order | None:
    """Give the living order this cart became, locked; it is not looked for where the cart, locked too, knows of none."""
    return None if cart.ordered is False else _LIVING.first(cart.token)


def _check_ways(shop: Shop, method: str, contact: writing.Contact) -> None:
    allowed = {Order.Method.CARD: shop.card_enabled, Order.Method.COD: shop.cod_enabled}
    if not allowed.get(method):  # type: ignore[call-overload]
        raise Refused("method", _("This shop does not offer this way to pay."), field="method")
    if shop.countries and contact.country not in shop.countries:
        raise Refused("country", _("This shop does not deliver to this country."), field="country")


def _quote(
    shop: Shop, cart: Cart, agreed: terms.InForce, expected_total_minor: int | None, *, again: bool
) -> quotes.Quote:
    found = offers.sellable([line["variant"] for line in cart.lines], currency=shop.currency)
    if len(found) < len(cart.lines):
        raise StateRefused("cart_changed", _("Something in your bag is no longer sold. Please look at it again."))
    lines: list[tuple[Sellable, int]] = [(found[line["variant"]], line["quantity"]) for line in cart.lines]
    running = promotions.running(shop, cart.code or "")
    quote = quotes.of(shop, lines, fee_bps=agreed.fee_bps, running=running, services=_services(shop, cart, found))
    if expected_total_minor is not None and quote.total_minor != expected_total_minor:
        raise StateRefused("price_changed", _("Prices have changed. Please look at the new total before you order."))
    short = [(s.variant_id, quantity, s.available) for s, quantity in lines if s.available < quantity]
    if short and not again:
        raise OutOfStock(short)
    return quote


def _services(shop: Shop, cart: Cart, found: Mapping[int, Sellable]) -> list[tuple[Option, Sellable, int]]:
    """Give what is booked with the goods. Nothing is asked where nothing is.

    :raises StateRefused: something is no longer offered, or not for so many pieces.
    """
    wanted = [line for line in cart.lines if line.get("services")]
    if not wanted:
        return []
    reseller = context.current()
    assert reseller is not None
    there = services.offered(
        {found[line["variant"]].product_id for line in wanted}, shop=shop, reseller_id=reseller.pk
    )
    ticked = [(line, each) for line in wanted for each in services.ticked(line, found[line["variant"]], there)]
    if any(each.option is None or each.problem for _line, each in ticked):
        raise StateRefused(
            "cart_changed", _("A service in your bag can’t be booked like this. Please look at it again.")
        )
    return [(each.option, found[line["variant"]], line["quantity"]) for line, each in ticked if each.option]


def _check_slots(quote: quotes.Quote, slots: Mapping[tuple[int, int], tuple[date, int]]) -> None:
    if any((each.goods.variant_id, each.option.id) not in slots for each in quote.services):
        raise Refused("slot", _("Please choose when somebody shall come."), field="slot")


def _check_segment(quote: quotes.Quote, running: Sequence[Running], email: str) -> None:
    """A code for a segment is for the customers in it, whoever else was told it."""
    used = {each.id for each in quote.used}
    asked = {each.segment for each in running if each.id in used and each.segment}
    if asked and segments.of(email) not in asked:
        raise Refused(
            "code_segment",
            _(
                "This code is for some customers of the shop, and this e-mail address is not among them. Take the code out of your bag, or give the address it was sent to."
            ),
            field="email",
        )


def _same(
    made: Order,
    quote: quotes.Quote,
    contact: writing.Contact,
    method: str,
    slots: Mapping[tuple[int, int], tuple[date, int]],
    reseller_id: int,
) -> bool:
    lines = list(made.lines.all())
    before = sorted((line.variant_id, line.quantity) for line in lines if line.service is None)
    now = sorted((line.sellable.variant_id, line.quantity) for line in quote.lines)
    booked = {line.id: (line.variant_id, line.service["option"]) for line in lines if line.service is not None}
    kept = bookings.chosen(reseller_id=reseller_id, order_number=made.number) if booked else {}
    then = {named: kept.get(line_id) for line_id, named in booked.items()}
    return (
        before == now
        and then
        == {(s.goods.variant_id, s.option.id): slots.get((s.goods.variant_id, s.option.id)) for s in quote.services}
        and made.total_minor == quote.total_minor
        and made.method == method
        and made.email == contact.email
        and made.name == contact.name
        and made.address == {**contact.address(), "phone": contact.phone}
    )
