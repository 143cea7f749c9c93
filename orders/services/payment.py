"""Take payments: open the hosted page, and record what became of it. The provider's word is the proof.

Whatever order things happen in – paid late, paid twice, paid after a cancellation, told twice, never
told – one state results: the order is placed and paid, or the money goes back by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from enablement.services import bookings
from orders.gateways import stripe as gateway
from orders.models import Cart, Order, OrderEvent, Payment, Refund
from orders.services import closing, mail, placing
from reseller.models import Shop
from reseller.services import promotions
from s2b2c.kernel import clock, events
from s2b2c.kernel.errors import NotFound, OutOfStock, StateRefused
from s2b2c.outbox import publisher
from s2b2c.tenancy import context, hosts
from s2b2c.tenancy.models import Reseller
from supplier.services import stock


def open_page(*, order_token: str) -> str:
    """Give the URL of the hosted page where a pending order is paid; the same page until it expires.

    :raises StateRefused: the order is not waiting for payment any more.
    :raises Unavailable: the provider did not answer; the order stays, try again.
    """
    reseller = _reseller()
    order, payment, shop, lines = _attempt(order_token)
    if payment.page_url:
        return payment.page_url
    assert order.expires_at is not None
    page = gateway.create_checkout(
        order_number=order.number,
        reseller_slug=reseller.slug,
        amount_minor=order.total_minor,
        currency=order.currency,
        lines=lines,
        success_url=hosts.shop_url(reseller, f"/order/{order.token}/?paid=1"),
        cancel_url=hosts.shop_url(reseller, "/checkout/?back=1"),
        expires_at=order.expires_at,
        email=order.email,
        locale=order.language,
        shop_name=shop.name,
        idempotency_key=f"checkout:{reseller.id}:{order.number}:{payment.attempt}",
    )
    _note_page(payment, page)
    return page.url


@transaction.atomic
def _note_page(payment: Payment, page: gateway.CheckoutPage) -> None:
    """Keep a page's address; the page of an order that ended while it was made is shut again."""
    order = Order.objects.select_for_update().get(id=payment.order_id)
    made = Payment.objects.filter(id=payment.id, session_id="")
    if made.update(session_id=page.session_id, page_url=page.url) and order.status != Order.Status.PENDING:
        closing.close_pages(order)


@transaction.atomic
def _attempt(order_token: str) -> tuple[Order, Payment, Shop, list[gateway.CheckoutLine]]:
    """Find or make the open attempt to pay: written before the provider is asked."""
    order = Order.objects.select_for_update().filter(token=order_token).first()
    if order is None:
        raise NotFound()
    if order.status != Order.Status.PENDING or order.expires_at is None or order.expires_at <= clock.now():
        raise StateRefused("not_pending", _("This order is no longer waiting for payment."))
    payment = order.payments.filter(state=Payment.State.OPEN).order_by("-attempt").first()
    if payment is None:
        payment = Payment.objects.create(
            order=order,
            provider="stripe",
            amount_minor=order.total_minor,
            attempt=order.payments.count() + 1,
            created_at=clock.now(),
        )
    with translation.override(order.language):  # the same words at each try: they are part of the request
        return order, payment, Shop.objects.get(), _lines(order)


def _lines(order: Order) -> list[gateway.CheckoutLine]:
    lines = [
        gateway.CheckoutLine(
            f"{line.title} {line.label}".strip(), line.quantity, line.retail_minor - (line.discount_minor or 0)
        )
        for line in order.lines.order_by("id")
    ]
    if order.shipping_minor:
        lines.append(gateway.CheckoutLine(str(_("Delivery")), 1, order.shipping_minor))
    if order.tax_minor and not order.tax_included:
        lines.append(gateway.CheckoutLine(str(_("Tax")), 1, order.tax_minor))
    return lines


def refresh(*, order_token: str) -> None:
    """Ask the provider about an order's open page and record the answer; for a browser that came back.

    :raises Unavailable: the provider did not answer; nothing changed.
    """
    with context.reading():
        session_id = (
            Payment.objects.filter(order__token=order_token, state=Payment.State.OPEN)
            .exclude(session_id="")
            .values_list("session_id", flat=True)
            .last()
        )
    if session_id:
        record(session_id=session_id)


def record(*, session_id: str) -> None:
    """Fetch a checkout page's state and make it ours. May be told any number of times, in any order.

    :raises Unavailable: the provider did not answer.
    """
    settle(gateway.retrieve_checkout(session_id))


def close_page(*, session_id: str) -> None:
    """Shut a payment page whose order is over; money that came in meanwhile is recorded (and returned)."""
    settle(gateway.expire_checkout(session_id))


@transaction.atomic
def settle(fact: gateway.PaymentFact) -> None:
    """Bring payment and order in line with what the provider says. The same fact again changes nothing.

    :raises ValueError: the provider took another amount than the order's; nothing is changed.
    """
    order = closing.locked(order_number=fact.order_number)
    payment = _payment_of(order, fact)
    if order is None or payment is None or payment.state in (Payment.State.PAID, Payment.State.RETURNED):
        return
    if fact.state == "expired":
        _end(order, payment)
        return
    if fact.state == "processing":
        _wait_for_bank(order, payment)
        return
    if fact.state != "paid":
        return
    if fact.amount_minor != order.total_minor or fact.currency != order.currency:
        raise ValueError(
            f"order {order.number} is {order.total_minor} {order.currency}, not {fact.amount_minor} {fact.currency}"
        )
    payment.payment_intent, payment.paid_at = fact.payment_intent, clock.now()
    if _take_over(order, fact.payment_intent):
        payment.state = Payment.State.PAID
        payment.save(update_fields=["state", "payment_intent", "paid_at"])
        return
    payment.state = Payment.State.RETURNED
    payment.save(update_fields=["state", "payment_intent", "paid_at"])
    _return_money(order, payment)


def _wait_for_bank(order: Order, payment: Payment) -> None:
    """The customer is done, the money comes later: keep the stock for as long as the rule says, once per attempt."""
    begun = order.events.filter(kind="payment_processing")
    if payment.state != Payment.State.OPEN or order.status != Order.Status.PENDING:
        return
    if begun.filter(data__payment=payment.id).exists():
        return
    until = clock.now() + timedelta(hours=settings.HOLD_DELAYED_HOURS)
    if not stock.prolong(reseller_id=_reseller().id, order_number=order.number, until=until):
        return
    order.expires_at = max(until, order.expires_at or until)
    order.save(update_fields=["expires_at"])
    OrderEvent.objects.create(
        order=order,
        kind="payment_processing",
        at=clock.now(),
        data={"payment": payment.id, "until": until.isoformat()},
    )


def _end(order: Order, payment: Payment) -> None:
    """Nobody can pay there any more. Where the stock was kept for a bank that refused, it is free at once."""
    Payment.objects.filter(id=payment.id).update(state=Payment.State.EXPIRED)
    waited = order.events.filter(kind="payment_processing", data__payment=payment.id).exists()
    if waited and order.status == Order.Status.PENDING:
        closing.close_pending(order, status=Order.Status.EXPIRED, reason="payment_failed")


def _payment_of(order: Order | None, fact: gateway.PaymentFact) -> Payment | None:
    """Find the attempt of a page, also when the provider's first answer was lost on its way to us."""
    if order is None or fact.reseller_slug != _reseller().slug:
        return None
    found = order.payments.filter(session_id=fact.session_id).first()
    if found is not None:
        return found
    lost = order.payments.filter(session_id="", provider="stripe").order_by("attempt").first()
    if lost is not None:
        lost.session_id = fact.session_id
        lost.save(update_fields=["session_id"])
    return lost


def _take_over(order: Order, payment_intent: str) -> bool:
    """Place a paid order where its stock is, or can again be, kept. Call inside a transaction."""
    if order.status not in (Order.Status.PENDING, Order.Status.EXPIRED):
        return False
    reseller_id = _reseller().id
    if not stock.confirm(reseller_id=reseller_id, order_number=order.number):
        if _replaced(order):
            return False
        wanted: dict[int, int] = {}
        goods = order.lines.filter(service__isnull=True)
        for variant_id, quantity in goods.values_list("variant_id", "quantity"):
            wanted[variant_id] = wanted.get(variant_id, 0) + quantity
        try:
            with transaction.atomic():
                _use_discounts(order)
                _keep_slots(order, reseller_id)  # slots first, stock last, as at the checkout
                stock.hold_again(reseller_id=reseller_id, order_number=order.number, wanted=wanted)
        except (OutOfStock, StateRefused):
            return False
    else:
        _keep_slots(order, reseller_id)
    Cart.objects.filter(token=order.cart_token).update(order_token=order.token)
    lines = list(order.lines.order_by("id"))
    placing.place(order, lines, reseller_id=reseller_id, paid=Order.Paid.PAID, payment_intent=payment_intent)
    return True


def _use_discounts(order: Order) -> None:
    """:raises StateRefused: a discount it used was used up since it expired."""
    if order.status == Order.Status.EXPIRED and not promotions.use_again(closing.limited_discounts(order)):
        raise StateRefused("used_up", _("This discount was used up meanwhile. Please look at the new total."))


def _keep_slots(order: Order, reseller_id: int) -> None:
    """:raises StateRefused: a slot was released meanwhile, and is taken."""
    if order.terms.get("services"):
        bookings.confirm(reseller_id=reseller_id, order_number=order.number)


def _replaced(order: Order) -> bool:
    """Tell whether the cart became another order meanwhile."""
    dead = (Order.Status.CANCELLED, Order.Status.EXPIRED)
    return Order.objects.filter(cart_token=order.cart_token).exclude(id=order.id).exclude(status__in=dead).exists()


def _return_money(order: Order, payment: Payment) -> None:
    """Send back a payment no order can use. It was never booked as a sale, so nothing is booked back.

    S is told, too: c's bank may dispute it, like any payment.
    """
    refund, created = Refund.objects.get_or_create(
        key=f"unused:{payment.id}",
        defaults={
            "order": order,
            "amount_minor": payment.amount_minor,
            "reason": "unused_payment",
            "actor": "system",
            "created_at": clock.now(),
            "note": str(payment.id),
        },
    )
    if not created:
        return
    OrderEvent.objects.create(
        order=order, kind="payment_returned", at=clock.now(), data={"amount": payment.amount_minor}
    )
    reseller_id = _reseller().id
    publisher.publish(
        events.PaymentUnused(
            reseller_id=reseller_id,
            order_number=order.number,
            payment_intent=payment.payment_intent,
            currency=order.currency,
            amount_minor=payment.amount_minor,
        ),
        events.RefundRequested(reseller_id=reseller_id, order_number=order.number, refund_id=refund.id),
        *mail.requests(order, "refunded", reseller_id=reseller_id, amount_minor=refund.amount_minor),
    )


def _reseller() -> Reseller:
    reseller = context.current()
    if reseller is None:
        raise RuntimeError("payments belong to a shop")
    return reseller


def open_pages(*, order_numbers: Sequence[str]) -> dict[str, list[str]]:
    """Give the provider's ids of orders' pages whose end is not known, by order. Call inside a transaction."""
    pages: dict[str, list[str]] = {}
    rows = Payment.objects.filter(order__number__in=order_numbers, state=Payment.State.OPEN).exclude(session_id="")
    for number, session_id in rows.order_by("id").values_list("order__number", "session_id"):
        pages.setdefault(number, []).append(session_id)
    return pages
