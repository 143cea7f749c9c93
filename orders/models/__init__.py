"""Tables of a shop's orders. References into the public schema are soft."""

from orders.models.cart import Cart
from orders.models.cases import Case
from orders.models.order import Order, OrderEvent, OrderLine
from orders.models.payment import Payment, Refund
from orders.models.returns import ReturnRequest

__all__ = ["Cart", "Case", "Order", "OrderEvent", "OrderLine", "Payment", "Refund", "ReturnRequest"]
