"""Requests for quotation in the supplier's office: asked, their answers side by side, entered by hand, awarded."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enablement.models import Quote, QuoteNote, QuoteRequest
from enablement.selectors import quotes, vendors
from enablement.services import awarding, quote_mail, quoting
from enablement.services import quotes as services
from enablement.web import shown
from enablement.web.quote_forms import AnswerForm, RequestForm, end_of
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.ui import steps, table, toast
from s2b2c.ui.states import State

STATES: dict[Any, State] = {
    "open": State("info", pgettext_lazy("quote", "Open"), "open"),
    "awarded": State("ok", pgettext_lazy("quote", "Awarded")),
    "cancelled": State("", _("Cancelled"), "stop"),
}
ANSWERS: dict[Any, State] = {
    "asked": State("", pgettext_lazy("quote", "Asked"), "open"),
    "answered": State("ok", pgettext_lazy("quote", "Answered")),
    "declined": State("warn", pgettext_lazy("quote", "Declined"), "stop"),
    "withdrawn": State("warn", pgettext_lazy("quote", "Withdrawn"), "back"),
}
_NOTES: dict[str, tuple[Any, str, str]] = {
    "asked": (_("Vendors asked"), "send", "now"),
    "prolonged": (_("Last day moved"), "calendar-clock", ""),
    "link_renewed": (_("New link sent"), "link", ""),
    "answered": (pgettext_lazy("quote", "Answered"), "check", "done"),
    "changed": (_("Answer changed"), "pencil", "warn"),
    "declined": (pgettext_lazy("quote", "Declined"), "ban", "warn"),
    "withdrawn": (_("Answer taken back"), "undo-2", "warn"),
    "awarded": (pgettext_lazy("quote", "Awarded"), "check-check", "done"),
    "cancelled": (_("Cancelled"), "ban", "bad"),
}


def address(request_: QuoteRequest) -> str:
    """Give the address of a request's page."""
    return reverse("supply:quote", args=[request_.number])


class Requests(table.Table):
    """Every request for quotation, the newest first."""

    id, caption, order, csv_name = "quotes", _("Requests for prices"), "-id", "quotes"
    columns = [
        table.Column("number", _("Number"), link=address, card=1, fixed=True),
        table.state_column("state", _("State"), STATES),
        table.date_column("answer_by", _("Last day to answer"), sort="answer_by", time=False, card=3),
        table.Column("wanted", _("Products"), align="end"),
        table.Column("asked", _("Vendors asked"), align="end"),
        table.Column("answered", pgettext_lazy("quote", "Answered"), align="end", card=2),
        table.date_column("created_at", _("Asked on"), sort="created_at", time=False),
    ]
    filters = [
        table.Text(fields=["number__istartswith", "quotes__vendor__name__icontains"]),
        table.Choice("state", _("State"), choices=[(code, state.word) for code, state in STATES.items()]),
    ]
    search_hint = _("Number, vendor")

    @property
    def empty(self) -> table.Empty:  # type: ignore[override]
        words = _("No requests yet"), _("Ask several vendors for a price at once; each answers by a link of its own, and you see them side by side.")  # fmt: skip
        if not shown.may(self.request, shown.BUYERS):  # type: ignore[arg-type]
            return table.Empty(*words, "scale")
        return table.Empty(*words, "scale", reverse("supply:quote_new"), _("Ask for prices"))


@supplier_role(*shown.COSTS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List requests for quotation."""
    return table.respond(request, Requests(request, quotes.listed()), "supplier/buying/quotes.html", shown.tabs(request, "quotes"))  # fmt: skip


@supplier_role(*shown.BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    """Ask vendors for prices."""
    form = RequestForm(request.POST or None, items=request.GET.get("items", "")[:4_000])
    if form.is_valid():
        try:
            made = services.ask(actor_id=request.user.pk, **form.facts)
            toast.add(request, gettext("The vendors are asked"))
            return redirect(address(made))
        except Refused as refusal:
            field = "items" if refusal.field == "sku" else refusal.field
            form.add_error(field if field in form.fields else None, str(refusal))
    return render(request, "supplier/buying/quote_new.html", {"form": form}, status=422 if form.errors else 200)


@supplier_role(*shown.COSTS)
@require_safe
def page(request: Request, number: str) -> HttpResponseBase:
    """Show a request with its answers side by side."""
    return _show(request, number)


def _show(request: Request, number: str, error: str = "") -> HttpResponseBase:
    found = quotes.find(number)
    wanted, answers = quotes.items(found), quotes.quotes(found)
    columns = quotes.compared(found, wanted, answers)
    tabs = shown.tabs(request, "quotes")
    own = vendors.own_currency()
    open_ = found.state == "open"
    context = {
        **tabs,
        "asking": found,
        "state": STATES[found.state],
        "over": open_ and found.answer_by <= clock.now(),
        "columns": [
            {
                "it": column,
                "quote": column.quote,
                "state": ANSWERS[column.quote.state],
                "link": quote_mail.address(column.quote) if open_ and tabs["may_buy"] else "",
            }
            for column in columns
        ],
        "rows": [(item, [(column, column.cells.get(item.pk), _picked(request, item.pk, column)) for column in columns if column.cells]) for item in wanted],
        "answered": [column for column in columns if column.cells],
        "awards": open_ and tabs["may_buy"] and any(column.cells for column in columns),
        "own": own,
        "events": [_event(note) for note in quotes.notes(found)],
        "typed": request.POST,
        "error": error,
    }  # fmt: skip
    return render(request, "supplier/buying/quote.html", context, status=422 if error else 200)


def _picked(request: Request, item: int, column: quotes.Column) -> bool:
    chosen = request.POST.get(f"item-{item}")
    cell = column.cells.get(item)
    return cell is not None and (str(column.quote.vendor_id) == chosen if chosen is not None else cell.best)


def _event(note: QuoteNote) -> dict[str, Any]:
    words, icon, state = _NOTES.get(note.kind, (note.kind, "circle", ""))
    data = note.data
    who = data.get("vendor") or ", ".join(data.get("vendors", []))
    return {
        "title": words,
        "at": note.at,
        "by": " · ".join(part for part in (who, str(note.actor or "")) if part),
        "note": " · ".join(str(part) for part in (data.get("reason"), gettext("late") if data.get("late") else "", ", ".join(data.get("orders", []))) if part),
        "icon": icon,
        "state": state,
    }  # fmt: skip


@supplier_role(*shown.BUYERS)
@require_POST
def award(request: Request, number: str) -> HttpResponseBase:
    """Award items to the vendors chosen."""
    try:
        _request, made = awarding.award(
            number=number, choices=_choices(request, number), order=request.POST.get("order") == "1",
            actor_id=request.user.pk,
        )  # fmt: skip
    except Refused as refusal:
        return _show(request, number, str(refusal))
    n = len(made)
    toast.add(request, ngettext("Awarded; %(n)s draft made", "Awarded; %(n)s drafts made", n) % {"n": n} if n else gettext("Awarded"))  # fmt: skip
    return redirect("supply:quote", number)


def _choices(request: Request, number: str) -> dict[int, int]:
    """Read which vendor was chosen for each item; all of them at one vendor with ``whole``."""
    found = quotes.find(number)
    items = list(found.items.values_list("pk", flat=True))
    whole = request.POST.get("whole", "")
    if whole.isdigit():
        return dict.fromkeys(items, int(whole))
    told = {item: request.POST.get(f"item-{item}", "") for item in items}
    return {item: int(vendor) for item, vendor in told.items() if vendor.isdigit()}


def _step(request: Request, number: str, step: Any, said: str) -> HttpResponseBase:
    return steps.take(
        request,
        step,
        said=said,
        onward=lambda: reverse("supply:quote", args=[number]),
        refused=lambda why: _show(request, number, why),
    )


@supplier_role(*shown.BUYERS)
@require_POST
def prolong(request: Request, number: str) -> HttpResponseBase:
    """Move the last day to answer."""

    def step() -> None:
        try:
            day = parse_date(request.POST.get("answer_by", ""))
        except ValueError:
            day = None
        if day is None:
            raise Refused("answer_by", gettext("Enter a day."), field="answer_by")
        services.prolong(number=number, answer_by=end_of(day), actor_id=request.user.pk)

    return _step(request, number, step, gettext("Last day moved"))


@supplier_role(*shown.BUYERS)
@require_POST
def cancel(request: Request, number: str) -> HttpResponseBase:
    """Give a request up."""
    return _step(
        request,
        number,
        lambda: services.cancel(number=number, reason=request.POST.get("reason", ""), actor_id=request.user.pk),
        gettext("Cancelled"),
    )


@supplier_role(*shown.BUYERS)
@require_POST
def link(request: Request, number: str, vendor_id: int) -> HttpResponseBase:
    """Let a vendor's link be dead and send another one."""
    return _step(
        request,
        number,
        lambda: services.renew_link(number=number, vendor_id=vendor_id, actor_id=request.user.pk),
        gettext("New link sent"),
    )


# --- An answer entered by S --------------------------------------------------------------------------------
@supplier_role(*shown.BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, number: str, vendor_id: int) -> HttpResponseBase:
    """Enter what a vendor answered by telephone or letter."""
    found, quote = _quote(number, vendor_id)
    form = AnswerForm(request.POST or None, quote=quote, items=quotes.items(found))
    if form.is_valid():
        try:
            quoting.answer(number=number, vendor_id=vendor_id, actor_id=request.user.pk, **form.facts)
            toast.add(request, gettext("Saved"))
            return redirect(address(found))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    context = {"form": form, "asking": found, "quote": quote, "state": ANSWERS[quote.state], "closed": found.state != "open"}  # fmt: skip
    return render(request, "supplier/buying/quote_answer.html", context, status=422 if form.errors else 200)


@supplier_role(*shown.BUYERS)
@require_POST
def refuse(request: Request, number: str, vendor_id: int) -> HttpResponseBase:
    """Write that a vendor makes no offer, or takes its answer back."""
    _found, quote = _quote(number, vendor_id)
    act = quoting.withdraw if quote.state == Quote.State.ANSWERED else quoting.decline
    return _step(
        request,
        number,
        lambda: act(
            number=number, vendor_id=vendor_id, reason=request.POST.get("reason", ""), actor_id=request.user.pk
        ),
        gettext("Saved"),
    )


def _quote(number: str, vendor_id: int) -> tuple[QuoteRequest, Quote]:
    found = quotes.find(number)
    for quote in quotes.quotes(found):
        if quote.vendor_id == vendor_id:
            return found, quote
    raise NotFound()
