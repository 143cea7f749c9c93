"""Returns: what is to be decided, expected, received by scan and inspected; claims on carriers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel import money
from s2b2c.kernel.errors import Refused
from s2b2c.ui import figures, table, toast
from s2b2c.ui.states import State
from supplier.models import OrderNote, ReturnOrder, SalesLine, Warehouse
from supplier.selectors import orders as order_rows
from supplier.selectors import returns, settlement
from supplier.services import claims, return_books, who_pays
from supplier.services import returns as services
from supplier.web import filters, orders, payouts, returns_forms, shown

READERS = ("warehouse", "support", "finance")
STATES = {
    "requested": State("warn", _("To decide"), "open"),
    "approved": State("", _("Expected"), "open"),
    "shipped": State("info", pgettext_lazy("goods", "On its way back"), "half"),
    "received": State("info", _("To inspect"), "full"),
    "inspected": State("info", _("Inspected"), "full"),
    "closed": State("ok", pgettext_lazy("return", "Closed")),
    "refused": State("", pgettext_lazy("return", "Refused"), "stop"),
    "withdrawn": State("", _("Withdrawn"), "stop"),
}
_AT_A_PLACE = ("return_received", "return_inspected")
CLAIMS = {
    "open": State("warn", pgettext_lazy("claim", "Claim open")),
    "paid": State("ok", _("Paid by the carrier")),
    "written_off": State("", _("Written off"), "stop"),
}


def _claim(back: ReturnOrder) -> str:
    return figures.amount(back.claim_minor, back.order.currency) if back.claim_minor else ""


class Returns(table.Table):
    """Returns of all shops, the newest first."""

    id, caption, order, csv_name = "returns", _("Returns"), "-pk", "returns"
    columns = [
        table.Column(
            "number",
            pgettext_lazy("return", "Return"),
            link=lambda back: reverse("supply:return", args=[back.number]),
            card=1,
            fixed=True,
        ),
        table.state_column("state", _("State"), STATES),
        table.date_column("created_at", pgettext_lazy("request", "Since")),
        table.Column("order", _("Order"), value="order.order_number", link=lambda back: orders.address(back.order)),
        table.Column("shop", _("Shop"), value="reseller.name", card=3, clip=True),
        table.Column("consumer", _("Consumer"), value="order.recipient_name", clip=True),
        table.Column("reason", _("Why"), value=lambda back: back.get_reason_display(), muted=True, clip=True),
        table.Column("pieces", _("Units"), align="end", card=2),
        table.Column(
            "warehouse",
            _("Comes to"),
            value=lambda back: shown.local(back.warehouse) if back.warehouse else "",
            muted=True,
        ),
        table.Column("claim", _("Carrier owes"), value=_claim, align="end"),
    ]
    filters = [
        table.Text(apply=returns.matching),
        table.Choice("state", _("State"), choices=[(key, state.word) for key, state in STATES.items()]),
        table.Choice("reason", _("Why"), choices=ReturnOrder.Reason.choices),
        table.Choice("claim", _("Claim"), choices=[(key, state.word) for key, state in CLAIMS.items()], field="claim_state"),
        filters.Shop("shop", _("Shop")),
        table.DateRange("since", pgettext_lazy("request", "Since"), field="created_at"),
    ]  # fmt: skip
    search_hint = _("Return, order, tracking, name")
    empty = table.Empty(
        _("No returns"), _("What consumers want to send back stands here, and parcels refused at the door."), "undo-2"
    )


@supplier_role(*READERS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List returns."""
    n = returns.counts()
    views = [
        table.View(STATES["requested"].word, "state=requested", n["requested"]),
        table.View(STATES["approved"].word, "state=approved&state=shipped", n["approved"] + n["shipped"]),
        table.View(STATES["received"].word, "state=received", n["received"]),
        table.View(_("Claims on carriers"), "claim=open", n["claims"]),
        table.View(_("All")),
    ]
    return table.respond(request, Returns(request, returns.listed(), views=views), "supplier/returns/list.html")


@supplier_role("warehouse")
@require_http_methods(["GET", "HEAD", "POST"])
def scan(request: Request) -> HttpResponse:
    """Ask for the code on the slip and go to its return; made for a phone."""
    code, error = request.POST.get("code", "")[:80], ""
    if request.method == "POST":
        try:
            return redirect("supply:return", returns.by_code(code))
        except Refused:
            error = gettext("No return goes by “%(code)s”. Put the parcel aside and ask.") % {"code": code}
    context = {"code": code, "error": error}
    return render(request, "supplier/returns/scan.html", context, status=422 if error else 200)


@supplier_role(*READERS)
@require_safe
def page(request: Request, number: str) -> HttpResponse:
    """Show a return with what can be done next."""
    return _page(request, returns.find(number))


def _page(request: Request, back: ReturnOrder, **forms_: forms.Form) -> HttpResponse:
    may = _may(request)
    context = {
        "back": back,
        "state": STATES[back.state],
        "claim_state": CLAIMS.get(back.claim_state),
        "order_url": orders.address(back.order),
        "lines": list(back.lines.all()),
        "rule": _rule(back),
        "cases": _cases(back) if back.state in ReturnOrder.OPEN else [],
        "usual_postage": back.order.agreed.get("return_postage_minor", 0),
        "taken": [(row, payouts.TAKEN[row.state]) for row in settlement.clawbacks_for(back.number)]
        if may("finance")
        else [],
        "photos": [f"{settings.MEDIA_URL}{name}" for name in back.photos],
        "may_decide": may("support") and back.state == "requested",
        "may_drop": may("support") and back.state == "approved",
        "may_receive": may("warehouse") and back.state in ("approved", "shipped"),
        "may_inspect": may("warehouse") and back.state in ("approved", "shipped", "received"),
        "may_claim": may("finance") and back.claim_state == "open",
        "events": _events(back),
        "decide": returns_forms.Decide(auto_id="decide-%s"),
        "receive": returns_forms.Receive(auto_id="receive-%s", initial={"warehouse": back.warehouse_id}),
        "inspect": returns_forms.Inspect(None, back),
        "claim": returns_forms.Claim(auto_id="claim-%s"),
        **forms_,
    }
    status = 422 if any(form.errors for form in forms_.values()) else 200
    return render(request, "supplier/returns/page.html", context, status=status)


def _may(request: Request) -> Callable[[str], bool]:
    role = request.membership.role if request.membership else ""
    return lambda wanted: role in ("admin", wanted)


def _rule(back: ReturnOrder) -> who_pays.Rule | None:
    """Give the rule of who pays that was, or would be, followed."""
    reason = who_pays.MIND if back.reason == "door" else back.reason
    paid = settlement.paid_out(back.order) if back.paid_out is None else back.paid_out
    return who_pays.RULES.get(who_pays.Case(reason, back.fault, paid)) if back.fault else None


def _cases(back: ReturnOrder) -> list[tuple[Any, Any, str]]:
    """Say before it is decided who would bear what, by whose fault it is found to be: rule, and the way back."""
    reason = who_pays.MIND if back.reason == "door" else back.reason
    paid = settlement.paid_out(back.order)
    bearers = dict(ReturnOrder.PostageBy.choices)
    return [
        (word, who_pays.RULES[who_pays.Case(reason, fault, paid)].words,
         str(bearers.get(return_books.postage_by(back.order, back.reason, fault), "")))
        for fault, word in ReturnOrder.Fault.choices
    ]  # fmt: skip


def _events(back: ReturnOrder) -> list[dict[str, Any]]:
    places = {each.pk: shown.local(each) for each in Warehouse.objects.all()}
    notes = OrderNote.objects.filter(order=back.order, data__return=back.number).select_related("actor")
    return [shown.event(note, places if note.kind in _AT_A_PLACE else {}) for note in notes.order_by("-at", "-id")]


def _done(
    request: Request, number: str, form: forms.Form, name: str, act: Callable[[], Any], text: Any
) -> HttpResponse:
    """Do one thing; a refusal is told on the form it came from."""
    if form.is_valid():
        try:
            act()
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            toast.add(request, text)
            return redirect("supply:return", number)
    return _page(request, returns.find(number), **{name: form})


@supplier_role("support")
@require_POST
def decide(request: Request, number: str) -> HttpResponse:
    """Approve, refuse or take back; the shop's side acts on it."""
    form = returns_forms.Decide(request.POST, auto_id="decide-%s")
    action = request.POST.get("action", "")
    if action not in ("approve", "refuse", "withdraw"):
        return redirect("supply:return", number)

    def act() -> Any:
        return services.decide(number=number, action=action, actor_id=request.user.pk, **form.cleaned_data)

    return _done(request, number, form, "decide", act, gettext("The shop is told; it shows here in a moment"))


@supplier_role("warehouse")
@require_POST
def receive(request: Request, number: str) -> HttpResponse:
    """Note that the parcel is here."""
    form = returns_forms.Receive(request.POST, auto_id="receive-%s")

    def act() -> Any:
        where = form.cleaned_data["warehouse"]
        return services.receive(number=number, warehouse_id=where, actor_id=request.user.pk)

    return _done(request, number, form, "receive", act, gettext("Received; now look at the pieces"))


@supplier_role("warehouse")
@require_POST
def inspect(request: Request, number: str) -> HttpResponse:
    """Note what became of the pieces; stock moves, and c gets what is due."""
    back = returns.find(number)
    form = returns_forms.Inspect(request.POST, back)

    def act() -> Any:
        data = {name: form.cleaned_data[name] for name in ("reason", "fault", "shipping", "note")}
        typed, currency = form.cleaned_data["postage"] or "0", back.order.currency
        data["postage_minor"] = money.parse_amount(typed, currency, field="postage")
        data["serials"] = form.serials
        return services.inspect(number=number, found=form.found, actor_id=request.user.pk, **data)

    return _done(request, number, form, "inspect", act, gettext("Inspected; the consumer gets what is due"))


@supplier_role("finance")
@require_POST
def claim(request: Request, number: str) -> HttpResponse:
    """End the claim on the carrier."""
    form, back = returns_forms.Claim(request.POST, auto_id="claim-%s"), returns.find(number)

    def act() -> Any:
        paid = money.parse_amount(form.cleaned_data["amount"], back.order.currency, field="amount")
        return claims.settle(number=number, paid_minor=paid, actor_id=request.user.pk)

    return _done(request, number, form, "claim", act, gettext("The claim is over"))


@supplier_role("support")
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: Request, slug: str, number: str) -> HttpResponse:
    """Start a return for a consumer, approved at once."""
    order = order_rows.find(slug=slug, number=number)
    lines = list(SalesLine.objects.filter(order=order).select_related("variant__product").order_by("id"))
    parts = returns.parts_of(lines)
    form = returns_forms.Start(request.POST or None)
    if form.is_valid():
        try:
            services.start(
                order_id=order.pk, pieces=_typed(request, lines), parts=_typed_parts(request, parts),
                actor_id=request.user.pk, **form.cleaned_data,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast.add(request, gettext("The return is started; it shows here in a moment"))
            return redirect(orders.address(order))
    context = {
        "order": order,
        "order_url": orders.address(order),
        "form": form,
        "lines": [(line, parts.get(line.pk, [])) for line in lines],
    }
    return render(request, "supplier/returns/start.html", context, status=422 if form.errors else 200)


def _typed(request: Request, lines: list[SalesLine]) -> dict[int, int]:
    return {line.pk: _number(request, f"p{line.pk}") for line in lines}


def _typed_parts(request: Request, parts: Mapping[int, list[Any]]) -> dict[tuple[int, int], int]:
    return {
        (line_id, part.variant.pk): _number(request, f"p{line_id}_{part.variant.pk}")
        for line_id, each in parts.items()
        for part in each
    }


def _number(request: Request, name: str) -> int:
    text = request.POST.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
