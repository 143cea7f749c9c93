"""The desk of S: cases shops pulled it into, one thread with what is known beside it, and the desk's rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from enablement.models import DeskCase
from enablement.models.desk import Topic
from enablement.selectors import care, knowledge
from enablement.selectors import desk as selectors
from enablement.services import desk
from enablement.web import threads
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel import clock, ids
from s2b2c.kernel.errors import Refused
from s2b2c.kernel.money import format_minor, parse_amount
from s2b2c.ui import table, toast
from s2b2c.ui.states import State
from supplier.models import Company, SalesOrder
from supplier.web import filters
from supplier.web.quality_tabs import READERS

OURS = State("warn", gettext_lazy("Needs our answer"), "open")
THEIRS = State("", gettext_lazy("With the shop"), "half")
STATES: dict[Any, State] = {
    "open": OURS,
    "answered": State("ok", pgettext_lazy("help", "Answered")),
    "closed": State("", pgettext_lazy("help", "Solved"), "stop"),
}
WHY = {
    "topic": gettext_lazy("It is about the goods."),
    "shop": gettext_lazy("The shop asked us."),
    "time": gettext_lazy("The shop's time was up."),
}
STEPS: dict[tuple[str, str], Any] = {
    ("customer", "closed"): gettext_lazy("The customer says it is solved."),
    ("shop", "closed"): gettext_lazy("The shop closed it."),
    ("supplier", "closed"): gettext_lazy("We closed it."),
    ("customer", "consent"): gettext_lazy("The customer lets us get in touch directly."),
    ("customer", "no_consent"): gettext_lazy("The customer wants to hear from the shop only."),
    ("shop", "passed"): gettext_lazy("The shop asked us to answer."),
    ("system", "passed"): gettext_lazy("Nobody answered in time: it came to us."),
}
DAYS = 28


def state_of(case: DeskCase) -> State:
    """Say how a case stands, to S."""
    return THEIRS if case.state == "open" and case.turn == "shop" else STATES[case.state]


class Cases(table.Table):
    """All cases; the desk opens with those that wait for S, the most pressing first."""

    id, caption, order, csv_name = "desk", gettext_lazy("Help"), "-moved_at", "help"
    columns = [
        table.Column(
            "number", gettext_lazy("Case"), sub=lambda row: f"#{row.order_number}", card=1, fixed=True,
            link=lambda row: reverse("supply:desk_case", args=[row.pk]),
        ),
        table.Column("state", gettext_lazy("State"), value=state_of, card=2),
        table.Column("topic", gettext_lazy("About"), value="get_topic_display", card=3),
        table.Column("shop", gettext_lazy("Shop"), value="reseller.name", clip=True, card=5),
        table.date_column("due_at", gettext_lazy("Answer by"), value=lambda row: row.due_at),
        table.Column("assignee", gettext_lazy("With"), value=lambda row: str(row.assignee or ""), clip=True),
        table.date_column("moved_at", gettext_lazy("Last word"), sort="moved_at"),
        table.Column(
            "cost", gettext_lazy("Cost"), align="end",
            value=lambda row: format_minor(row.cost_minor, row.currency) if row.cost_minor else "",
        ),
    ]  # fmt: skip
    filters = [
        table.Text(fields=["number__istartswith", "order_number__istartswith"]),
        table.Choice("state", gettext_lazy("State"), choices=DeskCase.State.choices),
        table.Choice("turn", gettext_lazy("Whose turn"), choices=DeskCase.Turn.choices),
        table.Choice("topic", gettext_lazy("About"), choices=Topic.choices),
        table.Choice("cause", gettext_lazy("Cause"), choices=DeskCase.Cause.choices),
        filters.Shop("shop", gettext_lazy("Shop")),
        table.Choice("assignee", gettext_lazy("With"), choices=lambda: [(str(each.pk), str(each)) for each in selectors.helpers()]),
    ]  # fmt: skip
    search_hint = gettext_lazy("Case, order")
    empty = table.Empty(
        gettext_lazy("Nobody needs help"),
        gettext_lazy("What customers ask about goods, and what shops hand over, stands here."),
        "message-square",
    )


@supplier_role("support", "quality", "finance")
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List cases."""
    counts = selectors.counts(request.user.pk)
    views = [
        table.View(OURS.word, "state=open&turn=supplier&sort=moved_at", counts["ours"]),
        table.View(gettext_lazy("With me"), f"state=open&turn=supplier&assignee={request.user.pk}", counts["mine"]),
        table.View(THEIRS.word, "state=open&turn=shop"),
        table.View(STATES["answered"].word, "state=answered"),
        table.View(gettext_lazy("All")),
    ]
    since = clock.now() - timedelta(days=DAYS)
    more = {"work": _work(since), "mean": selectors.first_answer_hours(since), "days": DAYS, "late": counts["late"]}
    return table.respond(request, Cases(request, selectors.listed(), views=views), "supplier/desk/list.html", more)


def _work(since: datetime) -> list[tuple[str, int, str]]:
    return [
        (str(DeskCase.Cause(each.cause).label), each.cases, format_minor(each.cost_minor, each.currency) if each.currency else "")
        for each in selectors.work(since)
    ]  # fmt: skip


@supplier_role("support", "quality", "finance")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request, pk: int) -> HttpResponse:
    """Show a case; a POST answers, asks the shop, notes, assigns or closes it."""
    refused: Refused | None = None
    case = selectors.find(pk)
    if request.method == "POST":
        try:
            toast.add(request, _act(request, case))
            return redirect("supply:desk_case", pk)
        except Refused as problem:
            refused = problem
    return _page(request, selectors.find(pk), refused)


def _act(request: Request, case: DeskCase) -> str:
    text, user = request.POST.get("text", ""), request.user
    key = request.POST.get("key", "")[:40] or ids.token()
    match request.POST.get("action"):
        case "answer":
            known = knowledge.sentences(_known(case, selectors.sales_order(case)), request.POST.getlist("known"))
            words = "\n\n".join(filter(None, [text.strip(), known]))
            desk.answer(pk=case.pk, text=words, key=key, actor_id=user.pk)
            return _("Answered, in the shop's name.")
        case "ask":
            desk.ask(pk=case.pk, text=text, key=key, actor_id=user.pk)
            return _("Handed back to the shop.")
        case "note":
            desk.note(pk=case.pk, text=text, who=str(user))
            return _("Noted, for us alone.")
        case "assign":
            chosen = request.POST.get("assignee", "")
            desk.assign(pk=case.pk, user_id=int(chosen) if chosen.isascii() and chosen.isdigit() else None)
            return _("Noted")
        case "close":
            currency = _currency(selectors.sales_order(case))
            desk.close(
                pk=case.pk, cause=request.POST.get("cause", ""), cost_minor=_cost(request, currency), currency=currency,
                actor_id=user.pk,
            )  # fmt: skip
            return _("Closed. If the customer writes again, it is open again.")
    raise Refused("action", _("Choose what to do."))


def _cost(request: Request, currency: str) -> int:
    return parse_amount(request.POST.get("cost", "").strip() or "0", currency, field="cost")


def _currency(order: SalesOrder | None) -> str:
    home = Company.objects.values_list("currency", flat=True).first() or "USD"
    return order.currency if order else home


def _known(case: DeskCase, order: SalesOrder | None) -> list[knowledge.Fact]:
    if order is None:
        return []
    return knowledge.of_order(reseller_id=case.reseller_id, order_number=case.order_number, language=order.language)


def _page(request: Request, case: DeskCase, refused: Refused | None) -> HttpResponse:
    order = selectors.sales_order(case)
    view = {
        "case": case,
        "state": state_of(case),
        "why": WHY.get(case.why, ""),
        "asked": bool(case.why),
        "record": care.of_case(case.pk),
        "quality": request.membership is not None and request.membership.role in ("admin", *READERS),
        "said": threads.shown(case.entries, STEPS),
        "notes": [{**row, "at": timezone.localtime(datetime.fromisoformat(row["at"]))} for row in case.notes],
        "order": order,
        "contact": order.recipient if order is not None and case.consent_at else {},
        "known": _known(case, order) if case.why else [],
        "chosen": request.POST.getlist("known"),
        "helpers": selectors.helpers(),
        "causes": DeskCase.Cause.choices,
        "cost": format_minor(case.cost_minor, case.currency) if case.cost_minor else "",
        "currency": _currency(order),
        "late": case.due_at is not None and case.due_at <= clock.now(),
        "text": request.POST.get("text", "") if refused else "",
        "key": request.POST.get("key") or ids.token(),
        "refused": refused,
    }
    return render(request, "supplier/desk/page.html", view, status=refused.status if refused else 200)


@supplier_role("support")
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: Request) -> HttpResponse:
    """Show who is good at what, and how long answers may take; a POST sets one topic."""
    refused: Refused | None = None
    if request.method == "POST":
        try:
            desk.set_desk(
                topic=request.POST.get("topic", ""), shop_hours=_hours(request, "shop"), desk_hours=_hours(request, "desk"),
                user_ids=[int(each) for each in request.POST.getlist("people") if each.isascii() and each.isdigit()],
                actor_id=request.user.pk,
            )  # fmt: skip
        except Refused as problem:
            refused = problem
        else:
            toast.add(request, _("Saved"))
            return redirect("supply:desk_rules")
    view = {"rules": selectors.rules(), "helpers": selectors.helpers(), "refused": refused}
    return render(request, "supplier/desk/rules.html", view, status=refused.status if refused else 200)


def _hours(request: Request, name: str) -> int:
    text = request.POST.get(f"{name}_hours", "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
