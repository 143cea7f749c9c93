"""Returns of a shop's orders: what may come back, until when, and who may say so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q

from orders.models import Order, OrderLine, ReturnRequest
from s2b2c.kernel import ids
from s2b2c.kernel.errors import NotFound
from supplier.models import Variant

State = ReturnRequest.State
OPEN = (State.REQUESTED, State.APPROVED, State.SHIPPED, State.RECEIVED, State.INSPECTED)
RETURNABLE = (Order.Status.SHIPPED, Order.Status.PART_SHIPPED)


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of an order's returns, frozen at sale; those of an order older than the rules are the usual ones."""

    days: int
    approval: str
    keep_below_minor: int
    postage_minor: int
    postage_by: str
    auto_below_minor: int

    def approves(self, worth_minor: int) -> bool:
        """Tell whether a customer's return of this worth needs nobody's decision."""
        return self.approval == "auto" or 0 < worth_minor <= self.auto_below_minor


def policy(order: Order) -> Policy:
    """Give the rules an order was sold under."""
    terms = order.terms
    return Policy(
        int(terms.get("return_days", 14)), str(terms.get("return_approval", "shop")), int(terms.get("keep_below_minor", 0)),
        int(terms.get("return_postage_minor", 0)), str(terms.get("return_postage_by", "customer")),
        int(terms.get("return_auto_below_minor", 0)),
    )  # fmt: skip


def until(order: Order) -> datetime | None:
    """Give until when c may return: the window after the last parcel left. None: nothing left yet."""
    last = order.events.filter(kind="shipped").aggregate(last=Max("at"))["last"]
    return last + timedelta(days=policy(order).days) if last else None


def of_order(order: Order) -> list[ReturnRequest]:
    """Give an order's returns, the oldest first."""
    return list(order.returns.order_by("opened_at", "id"))


def find(number: str, *, order: Order | None = None) -> ReturnRequest:
    """Give one return, with its order.

    :raises NotFound: this shop, or this order, has none of this number.
    """
    rows = ReturnRequest.objects.select_related("order").filter(id=ids.return_id_of(number))
    found = (rows if order is None else rows.filter(order=order)).first()
    if found is None:
        raise NotFound()
    return found


def waiting_pieces(order: Order) -> dict[int, int]:
    """Give the pieces by line id that are on their way back or asked to be, or were replaced: c has them no more."""
    total: dict[int, int] = defaultdict(int)
    for back in order.returns.all():
        for row in back.lines if back.state in OPEN else back.outcome.get("replaced", []):
            total[row["line"]] += row["quantity"]
    return total


def returnable(order: Order) -> list[tuple[OrderLine, int]]:
    """Give the lines of which something can come back, with how many pieces."""
    if order.status not in RETURNABLE or order.paid in (Order.Paid.UNPAID, Order.Paid.DUE):
        return []
    waiting = waiting_pieces(order)
    left = [(line, line.received - waiting.get(line.id, 0)) for line in order.lines.order_by("id")]
    return [(line, pieces) for line, pieces in left if pieces > 0]


def swaps(line: OrderLine) -> dict[int, Variant]:
    """Give the variants of a line's product that may be had instead: those that cost b the same."""
    sold = Variant.objects.filter(id=line.variant_id).first()
    if sold is None:
        return {}
    same = Variant.objects.filter(product_id=sold.product_id, wholesale_minor=sold.wholesale_minor, status="active")
    return {each.id: each for each in same.order_by("position", "id")}


def worth(back: ReturnRequest) -> int:
    """Give what c paid for the pieces of a return, in minor units."""
    lines = {line.id: line for line in back.order.lines.all()}
    return sum(_share(lines[row["line"]], row["quantity"]) for row in back.lines)


def _share(line: OrderLine, quantity: int) -> int:
    return line.paid_minor * quantity // line.quantity


def waiting_for_shop() -> Iterable[ReturnRequest]:
    """Give the returns the shop itself has to decide on, the oldest first, at most 20."""
    unsaid = ~Q(order__terms__has_key="return_approval")  # see policy()
    own = Q(order__terms__return_approval="shop") | unsaid
    asked = ReturnRequest.objects.filter(own, state=State.REQUESTED)
    return asked.select_related("order").order_by("opened_at")[:20]
