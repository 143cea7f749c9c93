"""What a shop knows of a customer: handed out, or erased."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from enablement.services import desk, forgetting
from orders.models import Order
from orders.services import erasing
from reseller.models import Customer
from reseller.services import customers
from s2b2c.kernel import money
from s2b2c.outbox import redacting
from s2b2c.tenancy import context
from supplier.services import bank_refunds, erased_files, recipients


def export(customer: Customer) -> dict[str, Any]:
    """Give everything this shop keeps of a customer, as plain data."""
    orders = (
        Order.objects.filter(customer_id=customer.pk)
        .order_by("placed_at")
        .prefetch_related("lines", "refunds", "cases")
    )
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
        "help": [
            {"at": row["at"], "by": row["by"], "text": row["text"]}
            for case in order.cases.all()
            for row in case.entries
            if row["to"] == "all"
        ],
    }


def erase(*, customer_id: int) -> None:
    """Take name, e-mail, phone and addresses out of the account, its orders, S's copies of them, and events on their way;
    and what was written about them out of cases, complaints, returns and reviews. Their photos are deleted after that.

    The orders themselves stay, as the books need them, with nobody's name.

    :raises StateRefused: an order is under way, or a refund by bank transfer; nothing is changed.
    """
    reseller = context.current()
    assert reseller is not None
    with transaction.atomic():
        numbers = erasing.numbers(customer_id=customer_id)
        redacting.forget_recipients(reseller_id=reseller.id, order_numbers=numbers)
        customers.erase(customer_id=customer_id)
        photos = erasing.erase(customer_id=customer_id)
        bank_refunds.forget(reseller_id=reseller.id, order_numbers=numbers)
        desk.forget(reseller_id=reseller.id, order_numbers=numbers)
        recipients.forget(reseller_id=reseller.id, order_numbers=numbers)
        photos += forgetting.forget(reseller_id=reseller.id, order_numbers=numbers)
        photos += erased_files.forget_returns(reseller_id=reseller.id, order_numbers=numbers)
        erased_files.erase(photos)
