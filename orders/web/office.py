"""Orders in the shop's office: the list, one order with its money, and cancel."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enablement.selectors import bookings
from enablement.web import network_words
from orders.models import Order, OrderLine, Refund
from orders.selectors import office, taxes
from orders.selectors import returns as return_rows
from orders.services import cancellation, sending, shares
from orders.web import office_returns, words
from reseller.selectors import shop as shops
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.tenancy import context, hosts
from s2b2c.ui import countries, figures, table, toast
from supplier.models import Dispute
from supplier.selectors import bundles, fulfilment

Status = Order.Status
GOING = (Status.PLACED, Status.PROCESSING, Status.PART_SHIPPED)
CAN_CANCEL = (Status.PENDING, Status.PLACED, Status.PROCESSING)


def _slug(request: Request) -> str:
    assert request.reseller is not None
    return request.reseller.slug


class Orders(table.Table):
    """The shop's orders, newest first."""

    id, caption, order, csv_name = "orders", gettext_lazy("Orders"), "-placed_at", "orders"
    filters = [
        table.Text(fields=["number__istartswith", "name__icontains", "email__icontains"]),
        table.Choice("status", gettext_lazy("Where it is"), choices=[(k, s.word) for k, s in words.STATES.items()]),
        table.Choice("paid", gettext_lazy("Money"), choices=[(key, state.word) for key, state in words.PAID.items()]),
        table.DateRange("placed", gettext_lazy("Placed"), field="placed_at"),
    ]
    search_hint = gettext_lazy("Order, name, e-mail")
    empty = table.Empty(
        gettext_lazy("No orders yet"),
        gettext_lazy("Share your shop: each order appears here within a second."),
        "receipt-text",
    )

    def __init__(self, request: Request, rows: QuerySet[Any], **more: Any) -> None:
        slug = _slug(request)
        self.columns = [
            table.Column(
                "name",
                gettext_lazy("Customer"),
                sub=lambda row: f"#{row.number}",
                card=1,
                fixed=True,
                link=lambda row: reverse("office:order", kwargs={"shop": slug, "number": row.number}),
            ),
            table.Column(
                "bought", gettext_lazy("Bought"), value=lambda row: office.bought(row.lines.all()), card=3, clip=True
            ),
            table.state_column("status", gettext_lazy("Where it is"), words.STATES),
            table.state_column("paid", gettext_lazy("Money"), words.PAID, card=0),
            table.date_column("placed_at", gettext_lazy("Placed"), sort="placed_at"),
            table.money_column(
                "total_minor", gettext_lazy("Paid by customer"), bare=False, sort="total_minor", muted=True
            ),
            table.money_column("keep", gettext_lazy("You keep"), bare=False, card=2),
        ]
        super().__init__(request, rows, **more)


@reseller_role()
@require_safe
def orders(request: Request) -> HttpResponseBase:
    """List the shop's orders with what is kept of each."""
    views = [
        table.View(gettext_lazy("All")),
        table.View(gettext_lazy("To send"), "status=placed&status=processing&status=part_shipped"),
        table.View(gettext_lazy("On their way"), "status=shipped"),
        table.View(gettext_lazy("Cancelled"), "status=cancelled&status=expired"),
    ]
    listed = Orders(request, office.orders().prefetch_related("lines"), views=views)
    return table.respond(request, listed, "office/orders/list.html")


@reseller_role()
@require_safe
def order(request: Request, number: str) -> HttpResponse:
    """Show one order: what, where it is, and where the money goes."""
    found = office.by_number(number)
    lines = list(found.lines.all())
    inside = bundles.told(line.variant_id for line in lines)
    back = office.given_back(found.refunds.all())
    parts = office.split(found)
    writes = request.membership is not None and request.membership.role != "clerk"
    standing = fulfilment.standing(reseller_id=shops.reseller().id, order_number=found.number)
    view = {
        "order": found,
        "lines": [(line, inside.get(line.variant_id, "")) for line in lines if line.service is None],
        "appointments": _appointments(found, lines),
        "state": words.STATES[found.status],
        "paid": words.PAID[found.paid],
        "sold": found.status not in office.NOT_SOLD,
        "parts": parts,
        "money": _money(found, parts),
        "taxes": taxes.of(found),
        "back": back if any(back.values()) else None,
        "refunds": [
            (each, words.reason(each.reason), _worth(each)) for each in sorted(found.refunds.all(), key=lambda r: r.pk)
        ],
        "events": words.timeline(found, list(found.events.all())),
        "address": _address(found),
        "can_cancel": writes and found.status in CAN_CANCEL,
        "writes": writes,
        "returns": office_returns.rows(found),
        "can_return": writes and bool(return_rows.returnable(found)),
        "can_refund": writes and _refundable(found),
        "standing": standing,
        "waiting": sum(standing.waiting.values()),
        "disputes": list(Dispute.objects.filter(reseller_id=shops.reseller().id, order_number=found.number)),
        "can_change": writes and found.status in (Status.PLACED, Status.PROCESSING) and not standing.begun,
        "can_hold": writes and found.status in GOING and not standing.held_by,
        "can_resume": writes and standing.held_by == "shop",
        "public_url": hosts.shop_url(shops.reseller(), f"/order/{found.token}/"),
    }
    return render(request, "office/orders/order.html", view)


def _appointments(found: Order, lines: list[OrderLine]) -> list[dict[str, Any]]:
    """Give the services booked with an order, and how each stands; nothing is asked where there are none."""
    if not found.terms.get("services"):
        return []
    standing = bookings.of_order(reseller_id=shops.reseller().id, order_number=found.number)
    return [
        {
            "line": line,
            "icon": network_words.ICONS.get(standing[line.id].booking.option.kind, "wrench"),
            "when": network_words.when_booked(standing[line.id].booking),
            "state": network_words.booked(standing[line.id]),
            "task": standing[line.id].task,
        }
        for line in lines
        if line.id in standing
    ]


def _address(found: Order) -> list[str]:
    parts = [found.address.get(name, "") for name in ("street", "city", "region", "postcode")]
    return [*parts, countries.name(found.address.get("country", ""))]


def _money(found: Order, parts: dict[str, int]) -> list[tuple[str, str, int]]:
    """Give the rows of the money panel: key of the colour, words, amount."""
    fee = found.terms.get("fee_bps", 0)
    named = {
        "margin": _("You keep"),
        "wholesale": _("%(supplier)s, goods") % {"supplier": shops.company_name()},
        "fee": _("Platform fee %(rate)s %%") % {"rate": f"{fee / 100:g}"},
        "shipping": _("Delivery"),
        "tax": _("Tax"),
        "funded": _("Discount, borne by %(supplier)s") % {"supplier": shops.company_name()},
    }
    return [(key, named[key], parts[key]) for key in figures.ORDERS["office"] if parts[key]]


def _refundable(found: Order) -> bool:
    return found.status not in office.NOT_SOLD and found.refunded_minor < found.total_minor


@reseller_role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: Request, number: str) -> HttpResponseBase:
    """Ask for a reason, then cancel: stock free, money back."""
    refused: Refused | None = None
    if request.method == "POST":
        code = request.POST.get("reason", "")
        try:
            if code not in words.CHOOSABLE:
                raise Refused("reason", _("Say why."), field="reason")
            done = cancellation.cancel(order_number=number.upper(), actor=_actor(request), reason=code)
            toast.add(request, _("Order %(number)s is cancelled.") % {"number": done.number})
            return _back(request, number)
        except Refused as problem:
            refused = problem
    with context.reading():
        found = office.by_number(number)
        view = {"order": found, "reasons": _reasons(), "chosen": request.POST.get("reason", ""), "refused": refused}
        return render(request, "office/orders/cancel.html", view, status=refused.status if refused else 200)


def _actor(request: Request) -> str:
    """Give who does it, as an order's history has room for."""
    return str(request.user)[:80]


def _reasons() -> list[tuple[str, Any]]:
    return [(code, words.REASONS[code]) for code in words.CHOOSABLE]


def _back(request: Request, number: str) -> HttpResponseBase:
    return redirect(reverse("office:order", kwargs={"shop": _slug(request), "number": number}))


def _worth(made: Refund) -> int:
    """Give what a refund sends; what c had from its bank, where nothing is sent."""
    return made.amount_minor or shares.withheld(made) - (made.way_back_minor or 0)


@reseller_role("manager")
@require_POST
def send_refund(request: Request, number: str, refund_id: int) -> HttpResponseBase:
    """Send a refund again that did not go through."""
    with context.reading():
        found = office.by_number(number)
        if not any(each.pk == refund_id for each in found.refunds.all()):
            raise NotFound()
    try:
        sending.send_again(refund_id=refund_id, actor=_actor(request))
        toast.add(request, _("The refund is on its way again."))
    except Refused as refused:
        toast.add(request, str(refused))
    return _back(request, found.number)


def _pieces(request: Request, kind: str, line_ids: list[int]) -> dict[int, int]:
    pieces = {line_id: _count(request, f"{kind}_{line_id}") for line_id in line_ids}
    return {line_id: quantity for line_id, quantity in pieces.items() if quantity}


def _count(request: Request, name: str) -> int:
    """Give how many pieces were typed in a field. :raises Refused: no number."""
    text = request.POST.get(name, "").strip() or "0"
    if not (text.isascii() and text.isdigit()) or len(text) > 6:
        raise Refused("pieces", _("Enter how many pieces, as a number."), field=name)
    return int(text)
