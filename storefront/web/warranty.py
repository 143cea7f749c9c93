"""The warranty of a piece by its serial number. A stranger learns whether it holds, and nothing of who bought it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format

from enablement.selectors import warranty as selectors
from enablement.selectors.warranty import Piece
from orders.models import Order
from s2b2c.accounts import clients
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import context as tenancy
from storefront import promise
from storefront.selectors.order import OrderPage
from storefront.services import signing_in
from storefront.web import cards, doors, frame, visitor
from storefront.words import gettext as _

ASKED_AN_HOUR = 30  # numbers by one address


@doors.also_closed
@doors.form
def page(request: HttpRequest) -> HttpResponse:
    """Show the form; a POST looks a number up. The number is in no address, so it stands in no log."""
    typed, told, status = request.POST.get("serial", "").strip()[:40], "", 200
    found: list[Piece] = []
    reseller = tenancy.current()
    if request.method == "POST" and typed and reseller is not None:
        try:
            signing_in.count(f"warranty:{clients.address(request)}", ASKED_AN_HOUR)
            with tenancy.reading():
                found = selectors.of_serial(typed, reseller_id=reseller.pk)
            told = (
                "" if found else _("We know no such number. Please check it: it stands on the piece and in its box.")
            )
        except Refused as refusal:
            told, status = str(refusal), refusal.status
    with tenancy.reading():
        own = _own(request, found)
        shell = frame.shell(request)
        shown = {
            "typed": typed,
            "told": told,
            "things": [
                {
                    "name": each.name,
                    "label": each.label,
                    "code": each.code,
                    "words": words(each),
                    "lasts": each.lasts,
                    "picture": cards.markup(
                        None, each.plate, each.tint, each.name, css="w-16 aspect-4/5 object-cover shrink-0"
                    ),
                    "order": own.get(each.order_number),
                    "bought": promise.day(own[each.order_number].placed_at.date()) if each.order_number in own else "",
                    "url": _ask(own[each.order_number], each) if each.order_number in own else "",
                }
                for each in found
            ],
            "supplier": shell.tree.supplier,
        }
        meta = frame.Meta(f"{_('Warranty')} · {shell.shop.name}")
        return frame.respond(request, shell, "shop/warranty.html", shown, meta, status=status)


def of_page(order: Order, seen: OrderPage) -> dict[str, Any]:
    """Give the order page the pieces with numbers it was sent, each with its warranty and the way to say it is broken."""
    reseller = tenancy.current()
    if reseller is None or not seen.parcels:
        return {"warranties": []}
    found = selectors.of_order(reseller_id=reseller.pk, order_number=order.number)
    return {
        "warranties": [
            {
                "name": f"{each.name} {each.label}".strip(),
                "code": each.code,
                "words": words(each),
                "url": _ask(order, each),
            }
            for each in found
        ]
    }


def words(piece: Piece) -> str:
    """Say how long the warranty holds."""
    if piece.until is None:
        return _("No warranty beyond the law was promised")
    if piece.lasts:
        return _("%(n)s months, until %(day)s") % {"n": piece.months, "day": date_format(piece.until)}
    return _("%(n)s months, over since %(day)s") % {"n": piece.months, "day": date_format(piece.until)}


def _own(request: HttpRequest, found: list[Piece]) -> dict[str, Order]:
    """Give the orders behind pieces that are the signed-in customer's own."""
    customer = visitor.customer(request) if found else None
    if customer is None:
        return {}
    rows = Order.objects.filter(customer=customer, number__in=[each.order_number for each in found])
    return {order.number: order for order in rows}


def _ask(order: Order, piece: Piece) -> str:
    return f"/order/{order.token}/help/?{urlencode({'serial': piece.code, 'line': piece.line_id})}"
