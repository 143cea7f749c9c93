"""What c says of a delivery on the order's page: “I have it”, and whether to be written to when a parcel comes."""

from __future__ import annotations

import contextlib
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from orders.models import Order
from orders.selectors import delivery as selectors
from orders.services import delivery
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import context as tenancy
from storefront.selectors import order as orders
from storefront.selectors.order import OrderPage
from storefront.web import doors

_SENT = (Order.Status.PART_SHIPPED, Order.Status.SHIPPED)


def shown(seen: OrderPage) -> dict[str, Any]:
    """Give what the order's page asks about its parcels; nothing more is read for it."""
    waits = [parcel for parcel in seen.parcels if parcel.delivered_on is None]
    may = seen.order.status in _SENT and bool(waits)
    return {
        "may_confirm": may,
        "unconfirmed": len(waits),
        "may_ask_mail": may and bool(seen.order.email),
        "wants_mail": selectors.wants_mail(step.kind for step in seen.steps),
    }


@doors.also_closed
@doors.writes
def have(request: HttpRequest, token: str) -> HttpResponse:
    """Note that c has what was sent."""
    number = _number(token)
    with contextlib.suppress(Refused):  # nothing was sent: the page says where the order is
        delivery.confirm(order_number=number)
    return doors.go(request, f"/order/{token}/")


@doors.also_closed
@doors.writes
def mail(request: HttpRequest, token: str) -> HttpResponse:
    """Note whether c wants a mail when a parcel is delivered."""
    delivery.ask_mail(order_number=_number(token), wanted=request.POST.get("wanted") == "1")
    return doors.go(request, f"/order/{token}/")


def _number(token: str) -> str:
    with tenancy.reading():
        order = orders.find(token)
    if order is None:
        raise Http404
    return order.number
