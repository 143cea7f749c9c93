"""What the pictures show beyond the demo: shops of every look and status, orders in every state.

Made by the services people use, in the demo's own database. What is made new each time is a handful of orders.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache

from django.db.models import Q, QuerySet, Sum

from orders.models import Order, Refund
from orders.services import cancellation, cart, checkout, closing, refund
from orders.services.writing import Contact
from reseller.models import Customer, Offer
from reseller.selectors import offers
from reseller.selectors.prices import Rule
from reseller.services import listing as listings
from reseller.services import pricing
from reseller.services import shop as shops
from s2b2c.accounts.models import User
from s2b2c.accounts.services import staff as staffing
from s2b2c.embedded.processes import wait_until
from s2b2c.kernel import clock
from s2b2c.tenancy import context, services
from s2b2c.tenancy.models import Reseller
from supplier.models import Category, FulfilmentOrder, Stock
from supplier.services import picking, shipping, stock

NAMES = {"kiln-house": "Kiln House", "night-porch": "Night Porch", "shut-door": "Shut Door", "on-hold": "On Hold"}


def shop(slug: str, look: str, *, status: str = "open") -> None:
    """Open a shop of a look, once, and close or suspend it if asked."""
    if Reseller.objects.filter(slug=slug).exists():
        return
    email = f"owner@{slug}.example"
    user = User.objects.filter(email=email).first() or staffing.enrol(
        email=email, password="harbour-loom-demo", name="Robin Vale", language="en"
    )
    ids = list(Category.objects.filter(slug__in=("kitchen", "light", "textiles")).values_list("id", flat=True))
    made = shops.open_shop(
        user=user, name=NAMES[slug], slug=slug, currency="USD", country="US", look=look, category_ids=ids,
        rule=Rule("suggested", 0, None),
    )  # fmt: skip
    if status == "closed":
        services.close(reseller=made)
    if status == "suspended":
        services.suspend(reseller=made, reason="Papers are missing")


# --- Things --------------------------------------------------------------------------------------------
def in_stock(slug: str) -> list[str]:
    """Give the addresses of things with plenty of pieces, most variants last."""
    with context.entered(_shop(slug)), context.reading():
        sums = Sum("variant__stock__available")
        rows = offers.on_sale("USD").annotate(pieces=sums).filter(pieces__gt=5).order_by("listing_id")
        return list(dict.fromkeys(rows.values_list("variant__product__slug", flat=True)))


def products(slug: str) -> dict[str, str]:
    """Give a thing of each kind: with many variants, with one, sold out in part, sold out."""
    with context.entered(_shop(slug)), context.reading():
        pieces: dict[str, list[int]] = {}
        rows = offers.on_sale("USD").annotate(pieces=Sum("variant__stock__available")).order_by("listing_id")
        for name, count in rows.values_list("variant__product__slug", "pieces"):
            pieces.setdefault(name, []).append(count or 0)
    kinds = {
        "variants": [name for name in pieces if len(pieces[name]) > 2 and all(pieces[name])],
        "single": [name for name in pieces if len(pieces[name]) == 1 and all(pieces[name])],
        "low": [name for name in pieces if 0 < sum(pieces[name]) < 6],
        "part-out": [name for name in pieces if any(pieces[name]) and not all(pieces[name])],
        "sold-out": [name for name in pieces if not any(pieces[name])],
    }
    return {kind: max(names, key=lambda name: len(pieces[name])) for kind, names in kinds.items() if names}


def things(slug: str) -> None:
    """See to it that one thing of the shop is sold out."""
    if "sold-out" not in products(slug):
        _empty(slug, in_stock(slug)[-1])


@contextmanager
def trouble(slug: str, names: list[str]) -> Iterator[None]:
    """Make the first thing dearer, the second sold out, the third hidden; and put it right again."""
    dearer, gone, hidden = names
    with context.entered(_shop(slug)):
        with context.reading():
            priced = list(_offers(dearer).values_list("listing_id", "variant_id", "price_minor"))
            listing_id = _offers(hidden).values_list("listing_id", flat=True)[0]
        pricing.set_prices(listing_id=priced[0][0], wanted={variant: price - 100 for _, variant, price in priced})
        listings.hide(listing_ids=[listing_id])
    taken = _empty(slug, gone)
    try:
        yield
    finally:
        for variant_id, warehouse_id, pieces in taken:
            stock.receive(variant_id=variant_id, warehouse_id=warehouse_id, quantity=pieces, reason="put back")
        with context.entered(_shop(slug)):
            listings.publish(listing_ids=[listing_id])
            pricing.set_prices(listing_id=priced[0][0], wanted={variant: price for _, variant, price in priced})


def _offers(name: str) -> QuerySet[Offer]:
    return Offer.objects.filter(variant__product__slug=name)


def _empty(slug: str, name: str) -> list[tuple[int, int, int]]:
    """Take all free pieces of a thing away; give what was taken."""
    with context.entered(_shop(slug)), context.reading():
        ids = list(_offers(name).values_list("variant_id", flat=True))
    rows = Stock.objects.filter(variant_id__in=ids).values_list("variant_id", "warehouse_id")
    taken = list(rows.annotate(pieces=Sum("available")).filter(pieces__gt=0).order_by("variant_id"))
    for variant_id, warehouse_id, pieces in taken:
        stock.adjust(variant_id=variant_id, warehouse_id=warehouse_id, quantity=-pieces, reason="for the pictures")
    return taken


def customer(slug: str) -> str:
    """Give the e-mail of a customer with several orders."""
    with context.entered(_shop(slug)), context.reading():
        best = Customer.objects.filter(email__gt="").annotate(spent=Sum("orders__total_minor"))
        return best.filter(spent__gt=0).order_by("-spent").values_list("email", flat=True)[0]


@cache
def _shop(slug: str) -> Reseller:
    return Reseller.objects.get(slug=slug)


# --- Orders --------------------------------------------------------------------------------------------
KNOWN = {
    "expired": Q(status="expired"),
    "paid": Q(status="processing", paid="paid"),
    "shipped": Q(status="shipped", paid="paid", refunded_minor=0),
    "due": Q(status="shipped", paid="due"),
    "cancelled-unpaid": Q(status="cancelled", paid="unpaid"),
    "refunded": Q(status="cancelled", paid="refunded"),
    "part-refunded": Q(status="shipped", paid="part_refunded"),
    "part-shipped": Q(status="part_shipped"),
    "refund-failed": Q(refunds__state=Refund.State.FAILED),
}


def orders(slug: str) -> dict[str, str]:
    """Give the token of an order in each state, made where the demo has none."""
    reseller = _shop(slug)
    fresh = _fresh(reseller)
    with context.entered(reseller), context.reading():
        found = {name: Order.objects.filter(which).order_by("-id").first() for name, which in KNOWN.items()}
        shown = fresh | {name: order for name, order in found.items() if order}
    return {name: order.token for name, order in shown.items()}


def _fresh(reseller: Reseller) -> dict[str, Order]:
    """Make what is over soon, and what chance may not have made."""
    made = {
        name: _buy(reseller, Order.Method.COD) for name in ("placed", "picking", "packed", "part-shipped", "cancelled")
    }
    made["pending"] = _buy(reseller, Order.Method.CARD)
    with context.entered(reseller):
        cancellation.cancel(order_number=made["cancelled"].number, actor="customer", reason="customer")
        late = _buy(reseller, Order.Method.CARD)
        with clock.set_to(clock.now() + timedelta(days=1)):
            closing.expire(order_number=late.number)
    for name in ("picking", "packed", "part-shipped"):
        for work in _work(made[name]):
            picking.start_picking(number=work.number, actor_id=None)
            if name != "picking":
                picking.pack(number=work.number, actor_id=None)
    _send_part(made["part-shipped"])
    _fail_refund(reseller)
    return made | {"expired-now": late}


def _buy(reseller: Reseller, method: str) -> Order:
    who = Contact(
        name="Maya Lindqvist", email="maya@post.example", phone="", street="218 Dean Street", postcode="11217",
        city="Brooklyn", region="NY", country="US",
    )  # fmt: skip
    with context.entered(reseller):
        with context.reading():
            plenty = offers.on_sale("USD").annotate(pieces=Sum("variant__stock__available")).filter(pieces__gt=20)
            ids = list(plenty.order_by("-pieces").values_list("variant_id", flat=True)[:2])
        token = None
        for variant_id in ids:
            token = cart.add_line(token=token, variant_id=variant_id, quantity=2).token
        assert token
        return checkout.place_order(cart_token=token, contact=who, method=method, language="en")


def _work(order: Order) -> list[FulfilmentOrder]:
    """Give what the warehouse heard of an order; the worker tells it."""
    found = FulfilmentOrder.objects.filter(order__order_number=order.number).order_by("id")
    if not wait_until(found.exists, seconds=30):
        raise LookupError(f"the worker did not hand on order {order.number}")
    return list(found)


def _send_part(order: Order) -> None:
    work = _work(order)[0]
    line = work.lines.order_by("id")[0]
    shipping.ship(
        number=work.number, carrier="Two Rivers Post", tracking="TR2041778203", request_key=f"pictures:{order.number}",
        pieces={line.id: line.quantity}, tracking_url="https://parcels.example/TR2041778203",
    )  # fmt: skip


def _fail_refund(reseller: Reseller) -> None:
    """Let a bank refuse a refund, once."""
    with context.entered(reseller):
        with context.reading():
            if Refund.objects.filter(state=Refund.State.FAILED).exists():
                return
            order = Order.objects.filter(status="shipped", paid="paid", refunded_minor=0, method="card").latest("id")
            line = order.lines.order_by("id")[0]
        made = refund.grant(
            order_number=order.number, pieces={}, received={line.id: 1}, shipping=False, reason="goodwill", key=f"pictures:{order.number}",
            actor="pictures",
        )  # fmt: skip
        with context.reading():
            Refund.objects.filter(pk=made.pk).update(state=Refund.State.FAILED, error="The bank refused it")
