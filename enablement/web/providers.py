"""Providers in the supplier's office: the list, one with its score and its steps, and what they are paid."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enablement.models import ServiceKind, ServiceProvider, ServiceStatement
from enablement.selectors import network
from enablement.services import providers as services
from enablement.services import service_mail, service_pay
from enablement.web import network_words as words
from enablement.web.provider_forms import ProviderForm
from enablement.web.shown import may
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import step_up, supplier_role
from s2b2c.kernel import money
from s2b2c.kernel.errors import Refused
from s2b2c.ui import steps, table, toast
from supplier.services.settlement import accounts


def address(provider: ServiceProvider) -> str:
    """Give the address of a provider's page."""
    return reverse("supply:provider", args=[provider.pk])


def _can(provider: ServiceProvider) -> str:
    return ", ".join(
        str(ServiceKind(rate.kind).label) for rate in sorted(provider.rates.all(), key=lambda rate: rate.kind)
    )


def _areas(provider: ServiceProvider) -> str:
    return (
        gettext("everywhere")
        if "*" in provider.areas
        else ", ".join(provider.areas[:6]) + ("…" if len(provider.areas) > 6 else "")
    )


class Providers(table.Table):
    """All providers, by name."""

    id, caption, order, csv_name = "providers", _("Providers"), "name", "providers"
    columns = [
        table.Column("name", _("Provider"), link=address, sub="place", sort="name", card=1, fixed=True),
        table.Column("can", _("Does"), value=_can, card=3),
        table.Column("areas", _("Where"), value=_areas, muted=True, card=5),
        table.Column("capacity", _("A day"), align="end"),
        table.Column("running", _("In hand"), align="end"),
        table.Column("score", _("Score"), value=lambda each: getattr(each, "score", None), align="end", card=2),
        table.state_column("state", _("State"), words.PROVIDERS),
    ]  # fmt: skip
    filters = [
        table.Text(fields=["name__icontains", "contact__icontains", "email__icontains", "place__icontains"]),
        table.Choice("state", _("State"), choices=[(code, state.word) for code, state in words.PROVIDERS.items()]),
        table.Choice("kind", _("Does"), choices=ServiceKind.choices, apply=lambda rows, kinds: rows.filter(pk__in=ServiceProvider.objects.filter(rates__kind__in=kinds))),
    ]  # fmt: skip
    search_hint = _("Name, e-mail, town")
    empty = table.Empty(
        _("No providers yet"), _("They apply on their own page; you check them and let them in."), "handshake"
    )

    @cached_property
    def page(self) -> table.Page:  # type: ignore[override]
        """Give the rows of this page with their scores."""
        found = super().page
        rated = network.scores([each.pk for each in found.rows])
        for each in found.rows:
            each.score = rated[each.pk].value
        return found


@supplier_role(*words.READERS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List providers."""
    views = [
        table.View(_("All")),
        table.View(words.PROVIDERS["applied"].word, "state=applied", ServiceProvider.objects.filter(state="applied").count()),
        table.View(words.PROVIDERS["active"].word, "state=active"),
        table.View(words.PROVIDERS["suspended"].word, "state=suspended"),
    ]  # fmt: skip
    listed = Providers(request, network.providers(), views=views)
    return table.respond(request, listed, "supplier/network/providers.html", words.tabs(request, "providers"))


@supplier_role(*words.VETTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    """Write a provider down that did not apply by itself."""
    form = ProviderForm(request.POST or None)
    if form.is_valid():
        try:
            made = services.apply(facts=form.facts, rates=form.cleaned_data["rates"], actor_id=request.user.pk)
            toast.add(request, gettext("Provider added"))
            return redirect(address(made))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    context = {"form": form, **words.tabs(request, "providers")}
    return render(request, "supplier/network/provider_new.html", context, status=422 if form.errors else 200)


@supplier_role(*words.READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request, provider_id: int) -> HttpResponseBase:
    """Show a provider; a POST changes it."""
    found = network.provider(provider_id)
    if request.method != "POST":
        return _page(request, found, ProviderForm(provider=found))
    if not may(request, words.VETTERS):
        raise PermissionDenied
    form = ProviderForm(request.POST, provider=found)
    if form.is_valid():
        try:
            facts, rates = form.facts, form.cleaned_data["rates"]
            services.change(provider_id=found.pk, facts=facts, rates=rates, actor_id=request.user.pk)
            toast.add(request, gettext("Saved"))
            return redirect(address(found))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return _page(request, network.provider(provider_id), form)


def _page(request: Request, found: ServiceProvider, form: ProviderForm, error: str = "") -> HttpResponseBase:
    score = network.scores([found.pk])[found.pk]
    context = {
        **words.tabs(request, "providers"),
        "provider": found,
        "form": form,
        "state": words.PROVIDERS[found.state],
        "moves": [(to, *words.MOVES[to]) for to in services.STEPS[found.state]],
        "score": score.value,
        "parts": words.score_rows(score),
        "hours": words.hours(found),
        "areas": _areas(found),
        "bank": accounts.masked(found.bank.get("account", "")),
        "tasks": [
            (each, words.TASKS[each.state]) for each in network.tasks().filter(provider=found).order_by("-id")[:8]
        ],
        "link": service_mail.address(found) if may(request, words.VETTERS) and found.state != "refused" else "",
        "error": error,
    }
    return render(request, "supplier/network/provider.html", context, status=422 if form.errors or error else 200)


@supplier_role(*words.VETTERS)
@require_POST
def move(request: Request, provider_id: int) -> HttpResponseBase:
    """Check a provider, let it in, suspend or refuse it."""
    to, reason = request.POST.get("to", ""), request.POST.get("reason", "")
    return steps.take(
        request,
        lambda: services.move(provider_id=provider_id, to=to, reason=reason, actor_id=request.user.pk),
        said=gettext("Saved"),
        onward=lambda: reverse("supply:provider", args=[provider_id]),
        refused=lambda why: _again(request, provider_id, why),
    )


def _again(request: Request, provider_id: int, why: str) -> HttpResponseBase:
    found = network.provider(provider_id)
    return _page(request, found, ProviderForm(provider=found), why)


@supplier_role(*words.VETTERS)
@require_POST
def renew_link(request: Request, provider_id: int) -> HttpResponseBase:
    """Let a provider's links be dead, and send it a new one."""
    found = services.renew_link(provider_id=provider_id, actor_id=request.user.pk)
    toast.add(request, gettext("The old link is dead; a new one is on its way."))
    return redirect(address(found))


# --- Pay --------------------------------------------------------------------------------------------------
class Statements(table.Table):
    """What providers were paid, the newest first."""

    id, caption, order, csv_name = "service_statements", _("Statements"), "-id", "statements"
    columns = [
        table.Column("number", _("Statement"), card=1, fixed=True),
        table.Column("provider", _("Provider"), value="provider.name", link=lambda each: address(each.provider), card=3, clip=True),
        table.Column("many", _("Tasks"), align="end"),
        table.money_column("total_minor", _("Sum"), bare=False, card=2),
        table.state_column("state", _("State"), words.STATEMENTS),
        table.Column("batch", _("Bank file"), link=lambda each: reverse("supply:service_file", args=[each.batch])),
        table.date_column("created_at", _("Made"), sort="created_at", time=False),
    ]  # fmt: skip
    filters = [
        table.Text(fields=["number__istartswith", "batch__istartswith", "provider__name__icontains"]),
        table.Choice("state", _("State"), choices=[(code, state.word) for code, state in words.STATEMENTS.items()]),
    ]
    search_hint = _("Number, provider")
    empty = table.Empty(
        _("No statements yet"), _("What is approved is put on statements and into a file for the bank."), "hand-coins"
    )


@supplier_role(*words.PAYERS)
@require_safe
def pay(request: Request) -> HttpResponseBase:
    """Show what providers are to get, and what they got."""
    return _pay(request)


def _pay(request: Request, error: str = "") -> HttpResponseBase:
    due = network.to_pay()
    context = {
        **words.tabs(request, "pay"),
        "due": due,
        "filed": network.statements().filter(state="filed").order_by("id")[:50],
        "currencies": sorted({row["currency"] for row in due if row["provider__bank"]}),
        "error": error,
    }
    return table.respond(request, Statements(request, network.statements()), "supplier/network/pay.html", context)


@supplier_role(*words.PAYERS)
@step_up
@require_POST
def file_new(request: Request) -> HttpResponseBase:
    """Make statements and their file for the bank."""
    currency = request.POST.get("currency", "")
    if currency not in money.OFFERED:
        return _pay(request, gettext("Choose a currency."))
    try:
        batch = service_pay.make(currency=currency, actor_id=request.user.pk)
    except Refused as refusal:
        return _pay(request, str(refusal))
    toast.add(
        request, gettext("The file is ready for your bank."), show_url=reverse("supply:service_file", args=[batch])
    )
    return redirect("supply:service_pay")


@supplier_role(*words.PAYERS)
@require_safe
def file(request: Request, batch: str) -> HttpResponseBase:
    """Download a file for the bank."""
    answer = HttpResponse(service_pay.as_csv(batch), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{batch}.csv"'
    return answer


@supplier_role(*words.PAYERS)
@step_up
@require_POST
def paid(request: Request, number: str) -> HttpResponseBase:
    """Say that the bank paid a statement."""
    row: ServiceStatement = service_pay.paid(number=number, actor_id=request.user.pk)
    toast.add(request, gettext("%(number)s is paid and booked.") % {"number": row.number})
    return redirect("supply:service_pay")
