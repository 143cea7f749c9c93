"""The dispatch board in the supplier's office: every task, why it is with whom, and what is done with one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Q
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enablement.models import ServiceKind, ServiceProvider, ServiceTask
from enablement.selectors import bookings, network, vendors
from enablement.services import bookings as booked
from enablement.services import dispatching, service_tasks
from enablement.web import network_words as words
from enablement.web.provider_forms import BookForm
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.ui import steps, table, toast


def address(row: ServiceTask) -> str:
    """Give the address of a task's page."""
    return reverse("supply:service", args=[row.number])


def _below(row: ServiceTask) -> str:
    return f"{words.when(row)} · {row.number}"


def _who(row: ServiceTask) -> str | None:
    return row.provider.name if row.provider else None


def _booked_by(row: ServiceTask) -> str:
    found = getattr(row, "booking", None)  # read with the rows: see ``network.tasks``
    if found is not None:
        return gettext("Customer of %(shop)s") % {"shop": found.reseller.name}
    return row.reseller.name if row.reseller else gettext("Ourselves")


def _standing(rows: Any, asked: list[str]) -> Any:
    today = timezone.localdate(clock.now())
    found = {
        "today": Q(on=today, state__in=("offered", "accepted", "done")),
        "late": network.late(today),
        "complaint": ~Q(complaint=""),
    }
    return rows.filter(*(found[each] for each in asked))


class Tasks(table.Table):
    """All tasks, the newest first."""

    id, caption, order, csv_name = "services", _("Tasks"), "-id", "tasks"
    columns = [
        table.Column("number", _("Task"), value=words.title, link=address, sub=_below, card=1, fixed=True, clip=True),
        table.Column("when", _("Day"), value=words.when, hidden=True),
        table.Column("state", _("State"), value=words.standing, card=4),
        table.Column("provider", _("Provider"), value=_who, card=3, clip=True),
        table.Column("reason", _("Why"), value=words.reason, wrap=True, muted=True, card=5),
        table.Column("postcode", _("Postcode"), muted=True),
        table.Column("reseller", _("Booked by"), value=_booked_by, muted=True, clip=True),
        table.money_column("price_minor", _("Price"), bare=False, card=2),
        table.date_column("created_at", _("Booked"), sort="created_at", hidden=True),
    ]  # fmt: skip
    filters = [
        table.Text(fields=["number__istartswith", "postcode__istartswith", "provider__name__icontains", "brief__icontains"]),
        table.Choice("state", _("State"), choices=[(code, state.word) for code, state in words.TASKS.items()]),
        table.Choice("kind", _("What"), choices=ServiceKind.choices),
        table.Choice("standing", _("Standing"), several=False, apply=_standing, choices=[
            ("today", _("Today")), ("late", _("Late")), ("complaint", _("With a complaint")),
        ]),
    ]  # fmt: skip
    search_hint = _("Number, postcode, provider")
    empty = table.Empty(
        _("No tasks yet"), _("Shops book photos, texts, deliveries; what we need ourselves is booked here."), "wrench"
    )


@supplier_role(*words.READERS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List tasks."""
    counts = network.counts()
    views = [
        table.View(_("All")),
        table.View(_("Today"), "standing=today", counts["today"]),
        table.View(_("Late"), "standing=late", counts["late"]),
        table.View(pgettext_lazy("service", "Nobody yet"), "state=open", counts["open"]),
        table.View(pgettext_lazy("service", "Offered"), "state=offered", counts["offered"]),
        table.View(pgettext_lazy("service", "To approve"), "state=done"),
        table.View(_("With a complaint"), "standing=complaint", counts["complaints"]),
    ]
    listed = Tasks(request, network.tasks(), views=views)
    return table.respond(request, listed, "supplier/network/tasks.html", words.tabs(request, "tasks"))


@supplier_role(*words.DISPATCHERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    """Book a service for S itself."""
    own = vendors.own_currency()
    form = BookForm(request.POST or None, currency=own)
    if form.is_valid():
        try:
            made = service_tasks.book(wish=form.wish, reseller_id=None, actor_id=request.user.pk)
            toast.add(request, gettext("Booked; dispatch looks for a provider."))
            return redirect(address(made))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    context = {"form": form, "currency": own, **words.tabs(request, "tasks")}
    return render(request, "supplier/network/task_new.html", context, status=422 if form.errors else 200)


@supplier_role(*words.READERS)
@require_safe
def page(request: Request, number: str) -> HttpResponseBase:
    """Show a task and what can be done with it."""
    return show(request, number)


def show(request: Request, number: str, error: str = "") -> HttpResponseBase:
    """Show a task; ``error`` says why a step was refused."""
    row = network.task(number)
    tabs = words.tabs(request, "tasks")
    offers = network.offers(row)
    asked = {offer.provider_id for offer in offers}
    booking = bookings.of_tasks([row.pk]).get(row.pk)
    context = {
        **tabs,
        "task": row,
        "title": words.title(row),
        "state": words.TASKS[row.state],
        "late": words.late(row),
        "when": words.when(row),
        "reason": words.reason(row),
        "offers": [words.offered(offer) for offer in offers],
        "others": _others(row, asked) if row.state == "open" and tabs["may_dispatch"] else [],
        "own": row.reseller_id is None,
        "booking": booking,
        "cases": network.cases_of(booking) if booking else [],
        "error": error,
    }
    return render(request, "supplier/network/task.html", context, status=422 if error else 200)


def _others(row: ServiceTask, asked: set[int]) -> list[ServiceProvider]:
    rows = ServiceProvider.objects.filter(state="active", rates__kind=row.kind, country=row.country)
    return list(rows.exclude(pk__in=asked).order_by("name")[:100])


@supplier_role(*words.DISPATCHERS)
@require_POST
def step(request: Request, number: str, step: str) -> HttpResponseBase:
    """Do something with a task: give it to somebody, postpone, approve, send back, complain, cancel."""
    found = _STEPS.get(step)
    if found is None:
        raise NotFound()
    act, said = found
    return steps.take(
        request,
        lambda: act(request, number),
        said=str(said),
        onward=lambda: reverse("supply:service", args=[number]),
        refused=lambda why: show(request, number, why),
    )


def _own(number: str) -> ServiceTask:
    """What a shop booked is the shop's to approve. :raises Refused: it is not S's own."""
    row = network.task(number)
    if row.reseller_id is not None:
        raise Refused("not_own", gettext("The shop that booked it decides on this."), status=409)
    return row


def _give(request: Request, number: str) -> None:
    chosen = request.POST.get("provider", "")
    dispatching.give_to(number=number, provider_id=int(chosen) if chosen.isdigit() else 0, actor_id=request.user.pk)


def _postpone(request: Request, number: str) -> None:
    try:
        latest = date.fromisoformat(request.POST.get("latest", ""))
    except ValueError:
        raise Refused("latest", gettext("This is no day."), field="latest") from None
    service_tasks.postpone(number=number, latest=latest, actor_id=request.user.pk)


def _approve(request: Request, number: str) -> None:
    service_tasks.approve(number=_own(number).number, actor_id=request.user.pk)


def _send_back(request: Request, number: str) -> None:
    answer = request.POST.get("answer", "")
    service_tasks.send_back(number=_own(number).number, answer=answer, actor_id=request.user.pk)


def _complain(request: Request, number: str) -> None:
    service_tasks.complain(number=number, complaint=request.POST.get("complaint", ""), actor_id=request.user.pk)


def _cancel(request: Request, number: str) -> None:
    service_tasks.cancel(number=number, actor_id=request.user.pk)


def _give_up(request: Request, number: str) -> None:
    booked.give_up(number=number, reason="supplier", actor_id=request.user.pk)


_STEPS: dict[str, tuple[Callable[[Request, str], None], Any]] = {
    "give-up": (_give_up, _("Given up; the customer is told and gets the money back.")),
    "give": (_give, _("Offered")),
    "postpone": (_postpone, _("Saved")),
    "approve": (_approve, _("Approved; the provider gets its money.")),
    "send-back": (_send_back, _("Sent back to the provider")),
    "complain": (_complain, _("Noted; it counts in the score.")),
    "cancel": (_cancel, _("Cancelled")),
}
