"""What a shop knows of a customer: handed out, or erased."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.models import Order
from reseller.models import Customer
from s2b2c.kernel import clock, money
from s2b2c.kernel.errors import StateRefused
from s2b2c.tenancy import context
from supplier.models import SalesOrder

_UNDER_WAY = (Order.Status.PENDING, Order.Status.PLACED, Order.Status.PROCESSING, Order.Status.PART_SHIPPED)


def export(customer: Customer) -> dict[str, Any]:
    """Give everything this shop keeps of a customer, as plain data."""
    orders = Order.objects.filter(customer_id=customer.pk).order_by("placed_at").prefetch_related("lines", "refunds")
    return {
        "email": customer.email,
        "name": customer.name,
        "phone": customer.phone,
        "language": customer.language,
        "address": customer.address,
        "customer_since": customer.created_at.isoformat(),
        "orders": [_order(order) for order in orders],
    }


def _order(order: Order) -> dict[str, Any]:
    def amount(minor: int) -> str:
        return f"{money.to_decimal(minor, order.currency)} {order.currency}"

    return {
        "number": order.number,
        "placed_at": order.placed_at.isoformat(),
        "status": order.status,
        "payment": order.paid,
        "name": order.name,
        "email": order.email,
        "address": order.address,
        "total": amount(order.total_minor),
        "refunded": amount(order.refunded_minor),
        "lines": [
            {"title": line.title, "variant": line.label, "quantity": line.quantity, "price": amount(line.retail_minor)}
            for line in order.lines.all()
        ],
    }


def erase(*, customer_id: int) -> None:
    """Take name, e-mail, phone and addresses out of the account, its orders, and S's copies of them.

    The orders themselves stay, as the books need them, with nobody's name.

    :raises StateRefused: an order is under way; nothing is changed.
    """
    reseller = context.current()
    assert reseller is not None
    with transaction.atomic():
        customer = Customer.objects.select_for_update().get(id=customer_id)
        orders = Order.objects.filter(customer_id=customer.pk)
        if orders.filter(status__in=_UNDER_WAY).exists():
            raise StateRefused(
                "under_way", _("An order of yours is still under way. You can erase your data once it has been sent.")
            )
        numbers = list(orders.values_list("number", flat=True))
        orders.update(email="", name="", address={})
        SalesOrder.objects.filter(reseller_id=reseller.id, order_number__in=numbers).update(
            recipient={}, recipient_name=""
        )
        customer.email = f"erased-{customer.pk}@invalid.invalid"
        customer.name = customer.phone = ""
        customer.address, customer.login, customer.erased_at = {}, {}, clock.now()
        customer.save()
