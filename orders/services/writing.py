"""Write an order as quoted: lines frozen, stock held last. Call inside a transaction."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings

from orders.models import Cart, Order, OrderEvent, OrderLine
from orders.selectors import quote as quotes
from orders.services import placing
from reseller.models import Customer
from s2b2c.kernel import clock, ids
from s2b2c.kernel.rows import Row
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
        fields = asdict(self)
        return {name: fields[name] for name in ("street", "postcode", "city", "region", "country")}


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
) -> Order:
    """Write the order and hold its stock, the hold last.

    Paid online, it is pending until the provider says paid; else, and where it costs nothing, it is placed and
    handed to S at once.

    :raises OutOfStock: nothing may be kept: let the transaction fail.
    """
    now = clock.now()
    paid_later = method == Order.Method.CARD and quote.total_minor > 0
    order = Order.objects.create(
        number=ids.order_number(),
        token=ids.token(),
        cart_token=cart_token,
        method=method,
        customer=_customer(contact, language),
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
        terms=(agreed or terms.of(reseller_id)).as_json(),
        external_id=external_id,
        placed_at=now,
        expires_at=_expiry(now) if paid_later else None,
    )
    lines = OrderLine.objects.bulk_create(_line(order, line) for line in quote.lines)
    OrderEvent.objects.create(order=order, kind="created", at=now, data={"method": method})
    if not paid_later:
        Cart.objects.filter(token=cart_token).update(order_token=order.token)
        free = method == Order.Method.CARD
        placing.place(order, lines, reseller_id=reseller_id, paid=Order.Paid.PAID if free else Order.Paid.DUE)
    wanted: dict[int, int] = defaultdict(int)
    for line in quote.lines:
        wanted[line.sellable.variant_id] += line.quantity
    stock.hold(
        reseller_id=reseller_id,
        order_number=order.number,
        wanted=wanted,
        expires_at=_expiry(now) if paid_later else None,
    )
    return order


def _expiry(now: datetime) -> datetime:
    return now + timedelta(minutes=settings.HOLD_MINUTES)


_KNOWN = Row(Customer, "email = %s")


def _customer(contact: Contact, language: str) -> Customer | None:
    """Find or make the shop's customer of this e-mail; a guest's name never overwrites a known one."""
    if not contact.email:
        return None
    email = contact.email.lower()
    known = _KNOWN.first(email)
    if known is not None:
        return known
    Customer.objects.bulk_create(
        [Customer(email=email, name=contact.name, phone=contact.phone, language=language, address=contact.address())],
        ignore_conflicts=True,  # somebody of this address orders at this very moment
    )
    return _KNOWN.first(email)


def _line(order: Order, line: quotes.QuoteLine) -> OrderLine:
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
    )
