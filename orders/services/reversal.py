"""What goes back beside the lines of a refund: the tax inside the fee, and delivery that c did not pay."""

from __future__ import annotations

from orders.models import Order
from orders.selectors import fees


def fee_tax(order: Order, fee_minor: int) -> int:
    """Give what goes back of the tax inside the fee with the refund just written: all refunds reverse it to the cent."""
    gone = sum(row["fee"] for rows in order.refunds.values_list("lines", flat=True) for row in rows)
    return fees.tax_in(gone, order.terms) - fees.tax_in(gone - fee_minor, order.terms)


def waived_delivery(order: Order) -> int:
    """Give, once, the delivery somebody bore for c, and note that it went back. Call with the order locked."""
    waived = order.terms.get("shipping_funded_minor", 0)
    if not waived or order.terms.get("shipping_funded_back"):
        return 0
    order.terms = {**order.terms, "shipping_funded_back": True}
    order.save(update_fields=["terms"])
    return int(waived)
