"""Take a customer out of the orders they made. The orders stay, as the books need them, with nobody's name."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from enablement.selectors import bookings
from enablement.services import desk
from orders.models import Case, Order, ReturnRequest
from s2b2c.kernel.errors import StateRefused
from s2b2c.tenancy import context

_UNDER_WAY = (Order.Status.PENDING, Order.Status.PLACED, Order.Status.PROCESSING, Order.Status.PART_SHIPPED)


def numbers(*, customer_id: int) -> list[str]:
    """Give the numbers of a customer's orders."""
    return list(Order.objects.filter(customer_id=customer_id).values_list("number", flat=True))


def erase(*, customer_id: int) -> list[str]:
    """Take name, e-mail, address, what they asked for help with and why they returned things out of a customer's orders.

    Gives the names of their photos, which nothing names any more. Call inside a transaction.

    :raises StateRefused: an order is under way; nothing is changed.
    """
    orders = Order.objects.filter(customer_id=customer_id)
    coming = bookings.coming(reseller_id=_shop_id(), order_numbers=numbers(customer_id=customer_id))
    if coming or orders.filter(status__in=_UNDER_WAY).exists():
        raise StateRefused(
            "under_way", _("An order of yours is still under way. You can erase your data once it has been sent.")
        )
    photos: list[str] = []
    for case in Case.objects.select_for_update(of=("self",)).filter(order__customer_id=customer_id):
        photos += [name for row in case.entries for name in row["photos"]]
        case.entries, case.consent_at = [desk.without_words(row) for row in case.entries], None
        case.save(update_fields=["entries", "consent_at"])
    returns = ReturnRequest.objects.filter(order__customer_id=customer_id)
    photos += [name for names in returns.values_list("photos", flat=True) for name in names]
    returns.update(note="", photos=[])
    orders.update(email="", name="", address={})
    return photos


def _shop_id() -> int:
    reseller = context.current()
    assert reseller is not None
    return reseller.id
