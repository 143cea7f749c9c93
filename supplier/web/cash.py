"""Cash on delivery: which is still out, and what the carriers say became of it."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.errors import Refused
from s2b2c.ui import figures, table, toast
from s2b2c.ui.states import State
from supplier.models import SalesOrder
from supplier.selectors import cash
from supplier.services import cash as services
from supplier.services.cash import Told
from supplier.web import carrier_lists, filters, orders

STATES = {
    "due": State("", _("To collect"), "open"),
    "collected": State("ok", _("Collected")),
    "refused": State("bad", _("Refused at the door"), "back"),
    "none": State("", _("Nothing to collect"), "none"),
}


def _state(order: SalesOrder) -> str:
    return order.cash or ("due" if order.captured_minor > order.refunded_minor else "none")


def _due(order: SalesOrder) -> int:
    return order.captured_minor - order.refunded_minor


class Cash(table.Table):
    """Orders to be paid on delivery that were sent."""

    id, caption, order, csv_name = "cash", _("Cash on delivery"), "-placed_at", "cash-on-delivery"
    columns = [
        table.Column("order_number", _("Order"), link=orders.address, card=1, fixed=True),
        table.state_column("cash", _("Cash"), STATES, value=_state),
        table.date_column("placed_at", _("Placed"), sort="placed_at"),
        table.Column("shop", _("Shop"), value="reseller.name", card=3, clip=True),
        table.Column("recipient_name", _("Consumer"), clip=True),
        table.Column("due", pgettext_lazy("cash", "Amount"), value=_due, align="end", card=2,
                     cell=lambda each: figures.amount(_due(each), each.currency),
                     export=lambda each: figures.to_decimal(_due(each), each.currency)),
    ]  # fmt: skip
    filters = [
        table.Text(apply=cash.matching),
        table.Choice("cash", _("Cash"), choices=[(key, STATES[key].word) for key in ("due", "collected", "refused")], apply=cash.being),
        filters.Shop("shop", _("Shop")),
        table.DateRange("placed", _("Placed"), field="placed_at"),
    ]  # fmt: skip
    search_hint = _("Order, parcel or tracking number, name")
    empty = table.Empty(
        _("No cash is out"), _("An order paid on delivery stands here once all of it was sent."), "banknote"
    )


@supplier_role("finance", "warehouse")
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List cash on delivery; tick orders to say what became of it."""
    views = [table.View(STATES[key].word, f"cash={key}") for key in ("due", "collected", "refused")]
    actions = [
        table.Action(_("Cash collected"), reverse("supply:cash_settle"), "circle-check", name="collected"),
        table.Action(_("Refused at the door"), reverse("supply:cash_settle"), "undo-2", name="refused"),
        table.Action(_("Undo “collected”"), reverse("supply:cash_settle"), "rotate-ccw", name="undo"),
    ]
    listed = Cash(request, cash.listed(), views=[*views, table.View(_("All"))], actions=actions)
    return table.respond(request, listed, "supplier/cash/list.html")


@supplier_role("finance", "warehouse")
@require_POST
def settle(request: Request) -> HttpResponse:
    """Book the same outcome for the chosen orders."""
    chosen = Cash.chosen(request, cash.listed()).order_by("pk")
    ids = list(chosen.values_list("pk", flat=True)[: services.MOST])
    if not ids:
        toast.add(request, gettext("Choose orders first"), tone="warn")
        return redirect("supply:cash")
    outcome = request.POST.get("action", "")
    if outcome == "undo":
        booked, left = services.undo_all(order_ids=ids, actor_id=request.user.pk)
    else:
        booked, left = services.settle_all(order_ids=ids, outcome=outcome, actor_id=request.user.pk)
    _say(request, booked, left)
    return redirect("supply:cash")


def _say(request: Request, booked: int, left: int) -> None:
    if booked:
        toast.add(request, ngettext("%(n)s order is booked", "%(n)s orders are booked", booked) % {"n": booked})
    if left:
        text = ngettext("%(n)s order could not be booked", "%(n)s orders could not be booked", left)
        toast.add(request, text % {"n": left}, tone="warn")


class Lines(carrier_lists.Lines):
    """What a carrier says of cash."""

    help_text = _("One order, parcel or tracking number a line; “, refused” after it where it was refused.")

    def told(self, rows: list[list[str]]) -> list[Told]:
        """Read ``number[, outcome]`` lines."""
        return [Told(cells[0][:60], ((cells[1:] or [""])[0].lower() or "collected")[:20]) for cells in rows]


def _line(told: Told) -> str:
    return told.reference if told.outcome == "collected" else f"{told.reference}, {told.outcome}"


@supplier_role("finance", "warehouse")
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: Request) -> HttpResponse:
    """Book a carrier's list; the lines that won't do are shown, the others are booked."""
    form = Lines(request.POST or None, request.FILES or None)
    wrong: list[services.Result] = []
    if request.method == "POST" and form.is_valid():
        try:
            results = services.book(several=form.cleaned_data["told"], actor_id=request.user.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            wrong = [each for each in results if each.problem]
            _say(request, len(results) - len(wrong), len(wrong))
            if not wrong:
                return redirect("supply:cash")
            form = Lines(initial={"lines": "\n".join(_line(each.told) for each in wrong)})
    return render(
        request,
        "supplier/cash/upload.html",
        {"form": form, "wrong": wrong},
        status=422 if form.errors or wrong else 200,
    )
