"""Write an order as quoted: lines frozen, stock held last. Call inside a transaction."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import zip_longest
from typing import Any

from django.conf import settings
from django.db import connection

from enablement.services import bookings
from orders.models import Order, OrderEvent, OrderLine
from orders.selectors import discounts, parts
from orders.selectors import quote as quotes
from orders.services import placing
from s2b2c.kernel import clock, ids
from s2b2c.kernel.rows import New
from supplier.selectors import terms
from supplier.services import stock


@dataclass(frozen=True, slots=True)
class Contact:
    """Who gets the parcel. Shape is checked by the form; here it is taken as given."""

    name: str
    email: str
    phone: str
    street: str
    postcode: str
    city: str
    region: str
    country: str

    def address(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in ("street", "postcode", "city", "region", "country")}


def write_order(
    *,
    reseller_id: int,
    quote: quotes.Quote,
    contact: Contact,
    method: str,
    language: str,
    cart_token: uuid.UUID | None = None,
    external_id: str = "",
    agreed: terms.InForce | None = None,
    slots: Mapping[tuple[int, int], tuple[date, int]] | None = None,
) -> Order:
    """Write the order, keep the slots of its services and hold its stock, the hold last.

    Paid online, it is pending until the provider says paid; else, and where it costs nothing, it is placed and
    handed to S at once.

    :raises OutOfStock: nothing may be kept: let the transaction fail.
    :raises StateRefused: a slot is taken: let it fail too.
    """
    now = clock.now()
    expires_at = _expiry(now) if method == Order.Method.CARD and quote.total_minor > 0 else None
    order = _order(quote, contact, method=method, language=language, at=now)
    order.cart_token, order.external_id, order.expires_at = cart_token, external_id, expires_at
    order.terms = (agreed or terms.of(reseller_id)).as_json() | discounts.as_json(quote)
    if quote.services:
        order.terms["services"] = len(quote.services)
    steps = [OrderEvent(kind="created", at=now, data={"method": method})]
    if not expires_at:
        steps.append(placing.mark(order, paid=Order.Paid.PAID if method == Order.Method.CARD else Order.Paid.DUE))
    _ORDERS.add([order])
    worth = parts.frozen(line.sellable.inside for line in quote.lines)
    goods = [_line(order, line, worth) for line in quote.lines]
    lines = _LINES.add([*goods, *(_service(order, each) for each in quote.services)])
    for step in steps:
        step.order = order
    placing.STEPS.add(steps)
    _mark_cart(order, closed=not expires_at)
    if quote.services:
        wanted = appointments(quote, contact, slots or {}, lines[len(goods) :])
        bookings.hold(
            reseller_id=reseller_id, order_number=order.number, wanted=wanted, placed=order.expires_at is None
        )
    if not expires_at:
        placing.hand_over(order, lines, reseller_id=reseller_id)
    stock.hold(reseller_id=reseller_id, order_number=order.number, wanted=_wanted(quote), expires_at=expires_at)
    return order


_ORDERS, _LINES = New(Order), New(OrderLine)


def _order(quote: quotes.Quote, contact: Contact, *, method: str, language: str, at: datetime) -> Order:
    return Order(
        number=ids.order_number(),
        token=ids.token(),
        method=method,
        customer_id=_customer(contact, language),
        email=contact.email,
        name=contact.name,
        address={**contact.address(), "phone": contact.phone},
        language=language,
        currency=quote.currency,
        items_minor=quote.items_minor,
        tax_minor=quote.tax_minor,
        tax_included=quote.tax_included,
        shipping_minor=quote.shipping_minor,
        shipping_tax_minor=quote.shipping_tax_minor,
        total_minor=quote.total_minor,
        discount_minor=quote.discount_minor or None,
        placed_at=at,
    )


_MARK = "UPDATE orders_cart SET ordered = true, order_token = %s WHERE token = %s"


def _mark_cart(order: Order, *, closed: bool) -> None:
    if order.cart_token is not None:
        with connection.cursor() as cursor:
            cursor.execute(_MARK, [order.token if closed else "", order.cart_token])


def _wanted(quote: quotes.Quote) -> dict[int, int]:
    wanted: dict[int, int] = defaultdict(int)
    for line in quote.lines:
        wanted[line.sellable.variant_id] += line.quantity
    return wanted


def _expiry(now: datetime) -> datetime:
    return now + timedelta(minutes=settings.HOLD_MINUTES)


_CUSTOMER = """
    WITH known AS (SELECT id FROM reseller_customer WHERE email = %(email)s),
         made AS (INSERT INTO reseller_customer (email, name, phone, language, address, login, external_id, created_at)
                  SELECT %(email)s, %(name)s, %(phone)s, %(language)s, %(address)s::jsonb, '{}', '', %(at)s
                  WHERE NOT EXISTS (SELECT FROM known) ON CONFLICT DO NOTHING RETURNING id)
    SELECT id FROM known UNION ALL SELECT id FROM made
"""


def _customer(contact: Contact, language: str) -> int | None:
    """Find or make the shop's customer of this e-mail; a guest's name never overwrites a known one."""
    if not contact.email:
        return None
    values: dict[str, Any] = {
        "email": contact.email.lower(), "name": contact.name, "phone": contact.phone, "language": language,
        "address": json.dumps(contact.address()), "at": clock.now(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_CUSTOMER, values)
        found = cursor.fetchone()
        if found is None:  # somebody of this address became a customer at this very moment: now he is known
            cursor.execute(_CUSTOMER, values)
            found = cursor.fetchone()
    return int(found[0])


def _line(order: Order, line: quotes.QuoteLine, worth: Mapping[int, int]) -> OrderLine:
    sold = line.sellable
    return OrderLine(
        order=order,
        product_id=sold.product_id,
        variant_id=sold.variant_id,
        sku=sold.sku,
        title=sold.title,
        label=sold.label,
        quantity=line.quantity,
        unit_minor=sold.price_minor,
        retail_minor=line.retail_minor,
        wholesale_minor=line.wholesale_minor,
        margin_minor=line.margin_minor,
        fee_minor=line.fee_minor,
        tax_minor=line.tax_minor,
        paid_minor=line.paid_minor,
        discount_minor=line.discount_minor or None,
        funded_minor=line.funded_minor or None,
        tax_bps=line.tax_bps,
        parts=parts.noted(sold.inside, worth),
    )


def _service(order: Order, booked: quotes.QuoteService) -> OrderLine:
    """A visit is one piece, whatever it does; the goods it goes with name its product and variant."""
    option, goods = booked.option, booked.goods
    return OrderLine(
        order=order,
        product_id=goods.product_id,
        variant_id=goods.variant_id,
        sku=goods.sku,
        title=option.title,
        label=goods.title[:120],
        quantity=1,
        unit_minor=booked.retail_minor,
        retail_minor=booked.retail_minor,
        wholesale_minor=option.cost_minor,
        margin_minor=booked.margin_minor,
        fee_minor=0,
        tax_minor=booked.tax_minor,
        paid_minor=booked.paid_minor,
        tax_bps=booked.tax_bps,
        service={"option": option.id, "kind": option.kind, "goods": goods.variant_id, "pieces": booked.pieces},
    )


def appointments(
    quote: quotes.Quote,
    contact: Contact,
    slots: Mapping[tuple[int, int], tuple[date, int]],
    lines: Sequence[OrderLine] = (),
) -> list[bookings.Wanted]:
    """Give the appointments of a quote, each with its time; ``lines``: those of the order, once they are written."""
    found = []
    for line, booked in zip_longest(lines, quote.services):
        on, part = slots[booked.goods.variant_id, booked.option.id]
        found.append(
            bookings.Wanted(
                line_id=line.id if line else 0, option_id=booked.option.id, kind=booked.option.kind,
                product_id=booked.goods.product_id, pieces=booked.pieces, currency=quote.currency,
                cost_minor=booked.option.cost_minor, country=contact.country, postcode=contact.postcode,
                on=on, part=part,
            )
        )  # fmt: skip
    return found
