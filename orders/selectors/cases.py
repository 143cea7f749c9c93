"""Cases of help of a shop: listed, found, counted."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from orders.models import Case, Order
from s2b2c.kernel import ids
from s2b2c.kernel.errors import NotFound

State, Turn = Case.State, Case.Turn


def listed() -> QuerySet[Case]:
    """Give the shop's cases with their orders."""
    return Case.objects.select_related("order")


def find(number: str) -> Case:
    """Give one case, with its order.

    :raises NotFound: this shop has none of this number.
    """
    found = listed().filter(id=ids.case_id_of(number)).first()
    if found is None:
        raise NotFound()
    return found


def of_order(order: Order) -> list[Case]:
    """Give an order's cases, the last first."""
    return list(order.cases.order_by("-opened_at", "-id"))


def counts() -> dict[str, int]:
    """Give how many cases wait for the shop's answer, and how many are with S."""
    return Case.objects.filter(state=State.OPEN).aggregate(
        shop=Count("pk", filter=Q(turn=Turn.SHOP)), supplier=Count("pk", filter=Q(turn=Turn.SUPPLIER))
    )


def waiting(limit: int = 3) -> list[Case]:
    """Give cases that wait for the shop's answer, the longest first."""
    return list(listed().filter(state=State.OPEN, turn=Turn.SHOP).order_by("changed_at", "id")[:limit])
