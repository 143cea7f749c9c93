"""What c does with a service booked with an order: move it, cancel it."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse

from enablement.selectors import bookings
from orders.services import appointments
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import context as tenancy
from storefront.web import doors, order
from storefront.words import gettext as _


@doors.also_closed
@doors.writes
def move(request: HttpRequest, token: str, line_id: int) -> HttpResponse:
    """Move a booked service to another time."""
    slot = bookings.slot_of(request.POST.get("slot", ""))
    if slot is None:
        return _order_page(request, token, Refused("slot", _("Please choose when somebody shall come.")))
    return _step(request, token, line_id, slot)


@doors.also_closed
@doors.writes
def cancel(request: HttpRequest, token: str, line_id: int) -> HttpResponse:
    """Cancel a booked service; what it cost goes back."""
    return _step(request, token, line_id, None)


def _step(request: HttpRequest, token: str, line_id: int, slot: tuple[date, int] | None) -> HttpResponse:
    with tenancy.reading():
        number = order._found(token).number
    try:
        if slot is None:
            appointments.cancel(order_number=number, line_id=line_id, actor="customer")
        else:
            appointments.move(order_number=number, line_id=line_id, on=slot[0], part=slot[1], actor="customer")
    except Refused as refusal:
        return _order_page(request, token, refusal)
    return doors.go(request, f"/order/{token}/")


def _order_page(request: HttpRequest, token: str, refusal: Refused) -> HttpResponse:
    return order._told(request, token, refusal)
