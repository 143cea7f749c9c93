"""The warehouse's work: the queue, one fulfilment order, and its steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.errors import Refused
from s2b2c.ui import countries, table, toast
from supplier.models import FulfilmentLine, FulfilmentOrder
from supplier.selectors import fulfilment, held_orders
from supplier.services import backorders, picking, shipping, shortage, steps
from supplier.web import filters, fulfilment_forms, orders, shown

READERS = ("warehouse", "support")
STATES = ("queued", "picking", "packed", "part_shipped", "shipped", "cancelled")
STEPS = [(code, shown.STEPS[code].word) for code in STATES]
CARRIERS = ("Pacific Parcel", "Two Rivers Post", "DHL", "UPS", "FedEx", "SF Express")


_TO_DO = {"queued", "picking", "packed", "part_shipped"}
_OVER = (FulfilmentOrder.State.SHIPPED, FulfilmentOrder.State.CANCELLED)


def _units(each: FulfilmentOrder) -> int:
    return sum(line.quantity - line.cancelled for line in each.lines.all())


def _pieces(each: FulfilmentOrder) -> SafeString:
    return format_html('{}<span class="m-in mut"> {}</span>', _units(each), _("pcs"))


def _destination(each: FulfilmentOrder) -> str:
    to = each.order.recipient
    return ", ".join(part for part in (to.get("city"), countries.name(to.get("country", ""))) if part)


class Queue(table.Table):
    """Fulfilment orders: what is to be done the oldest first, all and what is over the newest first."""

    id, caption, order, csv_name = "fulfilment", _("Fulfilment orders"), "pk", "fulfilment"
    columns = [
        table.Column(
            "number",
            _("Fulfilment"),
            link=lambda each: reverse("supply:fulfilment_order", args=[each.number]),
            card=1,
            fixed=True,
        ),
        table.state_column("state", _("State"), shown.STEPS),
        table.Column(
            "waits",
            _("Waiting"),
            value=lambda each: "" if each.state in _OVER else shown.age(each.created_at),
            export=lambda each: each.created_at,
            muted=True,
        ),
        table.Column("warehouse", _("Ships from"), value="warehouse.code"),
        table.Column("order", _("Order"), value="order.order_number", link=lambda each: orders.address(each.order)),
        table.Column("shop", _("Shop"), value="order.reseller.name", card=3, clip=True),
        table.Column("to", _("Ships to"), value=_destination, muted=True, clip=True),
        table.Column("lines", _("Lines"), value=lambda each: len(each.lines.all()), align="end"),
        table.Column("units", _("Units"), value=_units, cell=_pieces, align="end", card=2),
        table.Column("assignee", _("Picked by"), value=lambda each: str(each.assignee or ""), muted=True),
    ]
    filters = [
        table.Text(apply=fulfilment.matching),
        table.Choice("state", _("State"), choices=STEPS, apply=fulfilment.in_state),
        filters.From("from", _("Ships from"), choices=filters.warehouses, field="warehouse__code"),
        filters.Shop("shop", _("Shop"), field="order__reseller"),
        table.DateRange("came", _("Came in"), field="created_at"),
    ]
    search_hint = _("Number, name, SKU")
    empty = table.Empty(
        _("Nothing to send yet"), _("An order placed in a shop appears here within a second."), "package"
    )


def may_work(request: Request) -> bool:
    """Tell whether the reader may pick and ship, or only look."""
    return request.membership is not None and request.membership.role in ("admin", "warehouse")


@supplier_role(*READERS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List what is to be served."""
    waiting = fulfilment.queues()
    views = [table.View(shown.STEPS[state].word, f"state={state}", waiting[state].count if state in waiting else 0)
             for state in STATES if state in _TO_DO]  # fmt: skip
    views += [table.View(shown.STEPS["shipped"].word, "state=shipped"), table.View(_("All"))]
    actions = [
        table.Action(_("Start picking"), reverse("supply:wave_start"), "scan-barcode"),
        table.Action(_("Pick list"), reverse("supply:wave_start"), "printer", name="list"),
    ]
    listed = Queue(request, fulfilment.listed(), views=views, actions=actions if may_work(request) else ())
    listed.order = "pk" if set(request.GET.getlist("state")) & _TO_DO else "-pk"
    role = request.membership.role if request.membership else ""
    may_deliver = role in ("admin", "warehouse", "support")
    return table.respond(request, listed, "supplier/fulfilment/list.html", {"may_deliver": may_deliver})


def _to_send(each: FulfilmentOrder) -> Callable[[FulfilmentLine], int]:
    """Give what a parcel usually holds: what was picked, or everything where nothing was counted; bundles whole."""
    lines = list(each.lines.all())
    ready = {line.id: fulfilment_forms.left(line) for line in lines}
    if any(line.picked > line.shipped for line in lines):
        ready = {line.id: min(ready[line.id], max(0, line.picked - line.shipped)) for line in lines}
    for kit in steps.by_sold(lines).values():
        units = min(ready[line.id] // line.per for line in kit)
        ready |= {line.id: units * line.per for line in kit}
    return lambda line: ready[line.id]


@supplier_role(*READERS)
@require_safe
def page(request: Request, number: str) -> HttpResponse:
    """Show a fulfilment order with what can be done next."""
    return _page(request, fulfilment.find(number))


def _page(request: Request, each: FulfilmentOrder, **forms_: Any) -> HttpResponse:
    lines = list(each.lines.all())
    is_open = each.state not in ("shipped", "cancelled")
    context = {
        "each": each,
        "lines": lines,
        "place": shown.local(each.warehouse),
        "state": shown.STEPS[each.state],
        "order_url": orders.address(each.order),
        "may_work": may_work(request),
        "is_open": is_open,
        "units": _units(each),
        "picked": sum(line.picked for line in lines),
        "sent": sum(line.shipped for line in lines),
        "parcel": fulfilment_forms.Parcel(None, lines, _to_send(each)),
        "short": fulfilment_forms.Short(None, lines, lambda line: 0),
        "pick_url": f"{reverse('supply:pick')}?n={each.number}",
        "stuck": held_orders.stuck(number=each.number) if is_open else [],
        "list_url": f"{reverse('supply:pick_list')}?n={each.number}",
        "carriers": CARRIERS,
        **forms_,
    }
    errors = any(form.errors for form in forms_.values())
    return render(request, "supplier/fulfilment/page.html", context, status=422 if errors else 200)


@supplier_role("warehouse")
@require_POST
def start(request: Request, number: str) -> HttpResponse:
    """Begin to pick, and go to the picking page."""
    picking.start_picking(number=number, actor_id=request.user.pk)
    toast.add(request, gettext("Picking started"), undo_url=reverse("supply:put_back", args=[number]))
    return redirect(f"{reverse('supply:pick')}?n={number}")


@supplier_role("warehouse")
@require_POST
def put_back(request: Request, number: str) -> HttpResponse:
    """Undo the start of picking."""
    picking.put_back(number=number, actor_id=request.user.pk)
    toast.add(request, gettext("Back in the queue"))
    return redirect("supply:fulfilment_order", number)


@supplier_role("warehouse")
@require_POST
def pack(request: Request, number: str) -> HttpResponse:
    """Close the box."""
    picking.pack(number=number, actor_id=request.user.pk)
    toast.add(request, gettext("Packed"), undo_url=reverse("supply:unpack", args=[number]))
    return redirect("supply:fulfilment_order", number)


@supplier_role("warehouse")
@require_POST
def unpack(request: Request, number: str) -> HttpResponse:
    """Open the box again."""
    picking.unpack(number=number, actor_id=request.user.pk)
    toast.add(request, gettext("The box is open again"))
    return redirect("supply:fulfilment_order", number)


@supplier_role("warehouse")
@require_http_methods(["POST"])
def ship(request: Request, number: str) -> HttpResponse:
    """Send a parcel; a second press of the button sends nothing more."""
    each = fulfilment.find(number)
    if (made := each.shipments.filter(request_key=request.POST.get("key", "-")[:80]).first()) is not None:
        toast.add(request, gettext("Parcel %(number)s was sent already") % {"number": made.number}, tone="info")
        return redirect("supply:fulfilment_order", number)
    form = fulfilment_forms.Parcel(request.POST, list(each.lines.all()), fulfilment_forms.left)
    if form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("carrier", "tracking", "tracking_url")}
        try:
            parcel = shipping.ship(
                number=number, pieces=form.pieces, request_key=form.request_key, actor_id=request.user.pk, **facts
            )
        except Refused as refusal:
            _explain(form, refusal)
        else:
            toast.add(
                request,
                gettext("Parcel %(number)s is on its way; the shop and the consumer are told")
                % {"number": parcel.number},
            )
            return redirect("supply:fulfilment_order", number)
    return _page(request, each, parcel=form)


@supplier_role("warehouse")
@require_http_methods(["POST"])
def short(request: Request, number: str) -> HttpResponse:
    """Report pieces that cannot be sent; the shop refunds them."""
    each = fulfilment.find(number)
    form = fulfilment_forms.Short(request.POST, list(each.lines.all()), lambda line: 0)
    if form.is_valid():
        try:
            _report(number, form, request.user.pk)
        except Refused as refusal:
            _explain(form, refusal)
        else:
            count = sum(form.pieces.values())
            if not count:  # the same form again: what it said is done
                return redirect("supply:fulfilment_order", number)
            if form.cleaned_data["wait"]:
                toast.add(
                    request, gettext("The order waits for them; the shop and the consumer are told"), tone="warn"
                )
                return redirect("supply:fulfilment_order", number)
            text = ngettext(
                "%(n)s piece reported short; the shop refunds it",
                "%(n)s pieces reported short; the shop refunds them",
                count,
            )
            toast.add(request, text % {"n": count}, tone="warn")
            return redirect("supply:fulfilment_order", number)
    return _page(request, each, short=form)


def _report(number: str, form: fulfilment_forms.Short, actor_id: int | None) -> None:
    """Let the order wait for pieces, or take them off it."""
    told = form.cleaned_data
    facts: dict[str, Any] = {"number": number, "pieces": form.pieces, "reason": told["reason"], "actor_id": actor_id}
    if told["wait"]:
        backorders.delay(**facts, expected_on=told["expected_on"], request_key=form.request_key)
    else:
        shortage.report_short(**facts, write_off=told["write_off"], request_key=form.request_key)


def _explain(form: forms.Form, refusal: Refused) -> None:
    """Put a refusal onto the form: at its field, or above it."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
