"""Settlement in the supplier's office: runs, one run with its statements, a statement, an invoice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import step_up, supplier_role
from s2b2c.kernel.errors import Refused
from s2b2c.ui import figures, table, toast
from s2b2c.ui.states import State
from supplier.models import Settlement, SettlementRun
from supplier.selectors import settlement
from supplier.services.settlement import runs as services
from supplier.web import filters, papers

STATES = {
    "building": State("info", pgettext_lazy("settlement", "Being built"), "quarter"),
    "draft": State("warn", pgettext_lazy("settlement", "To review"), "open"),
    "reviewed": State("info", pgettext_lazy("settlement", "Reviewed"), "half"),
    "releasing": State("info", pgettext_lazy("settlement", "Being released"), "full"),
    "released": State("ok", pgettext_lazy("settlement", "Released")),
    "cancelled": State("", pgettext_lazy("settlement", "Cancelled"), "stop"),
}
PAYS = {
    "pays": State("ok", _("Pays out")),
    "carried": State("", _("Carried"), "hold"),
    "owes": State("warn", _("Owes")),
    "held": State("warn", _("Not paid"), "warn"),
}


def address(run: SettlementRun) -> str:
    """Give the address of a run's page."""
    return reverse("supply:settlement", args=[run.pk])


class Runs(table.Table):
    """All runs, the newest first."""

    id, caption, order, csv_name = "settlement-runs", _("Settlement runs"), "-pk", "settlement-runs"
    columns = [
        table.Column("number", _("Run"), link=address, card=1, fixed=True),
        table.state_column("state", _("State"), STATES, card=4),
        table.date_column("until", _("Due before"), sort="until"),
        table.Column("currency", _("Currency"), muted=True),
        table.Column("statements", _("Statements"), align="end"),
        table.Column("payouts", _("Payouts"), align="end", card=3, headed=True),
        table.money_column("payout_minor", _("To pay out"), bare=False, card=2),
    ]
    filters = [table.Choice("state", _("State"), choices=[(key, state.word) for key, state in STATES.items()])]
    empty = table.Empty(_("No run yet"), _("Begin one: it gathers everything that is due to resellers."), "hand-coins")


@supplier_role("finance")
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List runs."""
    context = {"currencies": settlement.currencies(), "tabs": tabs("runs")}
    return table.respond(request, Runs(request, settlement.runs()), "supplier/settlement/runs.html", context)


def tabs(here: str) -> list[tuple[str, Any, bool]]:
    """Give the pages of settlement, the present one marked."""
    pages = (
        ("runs", "supply:settlements", _("Runs")),
        ("payouts", "supply:payouts", _("Payouts")),
        ("provider", "supply:provider", _("Payment provider")),
    )
    return [(reverse(url), label, name == here) for name, url, label in pages]


@supplier_role("finance")
@require_POST
def start(request: Request) -> HttpResponse:
    """Begin a run."""
    try:
        run = services.start(currency=request.POST.get("currency", "")[:3].upper(), actor=request.user)
    except Refused as refusal:
        toast.add(request, str(refusal), tone="warn")
        return redirect("supply:settlements")
    return redirect(address(run))


def _stands(row: Settlement) -> str:
    if row.payout_minor:
        return "pays"
    if row.closing_minor < 0:
        return "owes"
    return "carried" if row.blocked in ("below_minimum", "nothing") else "held"


class Statements(table.Table):
    """The statements of a run."""

    id, caption, order, csv_name = "statements", _("Statements"), "pk", "statements"
    columns = [
        table.Column("reseller", _("Shop"), value="reseller.name", card=1, fixed=True,
                     link=lambda each: reverse("supply:statement", args=[each.pk])),
        table.state_column("stands", _("State"), PAYS, value=_stands, card=4, sub=lambda each: papers.WHY.get(each.blocked, "") if _stands(each) == "held" else ""),
        table.Column("orders", _("Orders"), align="end"),
        table.money_column("opening_minor", _("Carried over")),
        table.money_column("sales_minor", pgettext_lazy("statement", "Sales"), card=3, headed=True),
        table.money_column("refunds_minor", pgettext_lazy("statement", "Refunds")),
        table.money_column("claims_minor", pgettext_lazy("statement", "Claims"), hidden=True),
        table.money_column("adjustments_minor", pgettext_lazy("statement", "Other"), hidden=True),
        table.Column("reserve", _("Reserve"), align="end",
                     value=lambda each: each.reserve_released_minor - each.reserve_held_minor,
                     cell=lambda each: figures.amount(each.reserve_released_minor - each.reserve_held_minor, each.currency, bare=True)),
        table.money_column("payout_minor", _("Payout"), card=2),
        table.money_column("closing_minor", _("Carried on")),
    ]  # fmt: skip
    filters = [
        table.Text(fields=["reseller__name__icontains", "reseller__slug__startswith", "number__startswith"]),
        filters.Shop("shop", _("Shop")),
        table.Choice("why", _("Not paid because"), field="blocked", choices=[(code, word) for code, word in papers.WHY.items()]),
    ]  # fmt: skip
    search_hint = _("Shop or statement")
    empty = table.Empty(_("No statement"), _("Nothing was due to anybody."), "file-text")


@supplier_role("finance")
@require_safe
def page(request: Request, run_id: int) -> HttpResponseBase:
    """Show one run."""
    run = settlement.run(run_id)
    views = [
        table.View(_("All")),
        table.View(_("Owing"), "why=negative"),
        table.View(_("No account"), "why=account_not_ready&why=no_bank"),
    ]
    listed = Statements(request, settlement.statements(run=run), views=views)
    money = settlement.money(run)
    context = {
        "run": run,
        "state": STATES[run.state],
        "money": money,
        "parts": money.parts(),
        "sums": settlement.sums(run),
        "may_review": run.state == "draft",
    }
    return table.respond(request, listed, "supplier/settlement/run.html", context)


@supplier_role("finance")
@require_safe
def progress(request: Request, run_id: int) -> HttpResponse:
    """Show how far a run at work has come; the page is shown anew when it is done."""
    run = settlement.run(run_id)
    answer = render(request, "supplier/settlement/_progress.html", {"run": run})
    if not run.is_at_work:
        answer["HX-Refresh"] = "true"
    return answer


def _act(request: Request, run_id: int, act: Callable[..., Any], said: str) -> HttpResponse:
    try:
        act(run_id=run_id, actor=request.user)
    except Refused as refusal:
        toast.add(request, str(refusal), tone="warn")
    else:
        toast.add(request, said)
    return redirect("supply:settlement", run_id)


@supplier_role("finance")
@require_POST
def review(request: Request, run_id: int) -> HttpResponse:
    """Say that a run is right."""
    return _act(request, run_id, services.review, gettext("Reviewed. It can be released now."))


@supplier_role("finance")
@step_up
@require_POST
def release(request: Request, run_id: int) -> HttpResponse:
    """Make a run final and send its payouts."""
    return _act(request, run_id, services.release, gettext("Released. Payouts are on their way."))


@supplier_role("finance")
@require_POST
def cancel(request: Request, run_id: int) -> HttpResponse:
    """Give a run up."""
    return _act(request, run_id, services.cancel, gettext("Cancelled. What it held is due as before."))


@supplier_role("finance")
@require_safe
def statement(request: Request, settlement_id: int) -> HttpResponse:
    """Show a statement, or give it as CSV."""
    row = settlement.statement(settlement_id)
    if "csv" in request.GET:
        return papers.statement_csv(row)
    return render(
        request,
        "supplier/settlement/statement.html",
        papers.statement(row, lambda each: reverse("supply:invoice", args=[each])),
    )


@supplier_role("finance")
@require_safe
def invoice(request: Request, invoice_id: int) -> HttpResponse:
    """Show an invoice or a credit note."""
    return render(request, "supplier/settlement/invoice.html", papers.invoice(settlement.invoice(invoice_id)))
