"""Help for customers in the shop's office: what waits for an answer, and one thread, with S a click away."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from enablement.models import Complaint
from enablement.selectors import knowledge
from enablement.web import threads
from orders.models import Case
from orders.selectors import cases as selectors
from orders.services import cases
from reseller.web.typed import plain
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel import ids
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import context
from s2b2c.ui import table, toast
from s2b2c.ui.states import State

YOURS = State("warn", gettext_lazy("Needs your answer"), "open")
THEIRS = State("info", gettext_lazy("With the supplier"), "half")
STATES: dict[Any, State] = {
    "open": YOURS,
    "answered": State("ok", pgettext_lazy("help", "Answered")),
    "closed": State("", pgettext_lazy("help", "Solved"), "stop"),
}
TOPICS: dict[Any, Any] = {
    Case.Topic.GOODS: gettext_lazy("The goods"),
    Case.Topic.DELIVERY: pgettext_lazy("help", "Delivery"),
    Case.Topic.PAYMENT: gettext_lazy("Payment"),
    Case.Topic.SERVICE: gettext_lazy("Your service"),
    Case.Topic.VISIT: pgettext_lazy("help", "A booked service"),
    Case.Topic.OTHER: pgettext_lazy("help", "Other"),
}
STEPS: dict[tuple[str, str], Any] = {
    ("customer", "closed"): gettext_lazy("The customer says it is solved."),
    ("shop", "closed"): gettext_lazy("You closed it."),
    ("supplier", "closed"): gettext_lazy("The supplier closed it."),
    ("customer", "consent"): gettext_lazy("The customer lets the supplier get in touch directly."),
    ("customer", "no_consent"): gettext_lazy("The customer wants to hear from you only."),
    ("shop", "passed"): gettext_lazy("You asked the supplier to answer."),
    ("system", "passed"): gettext_lazy("Nobody answered in time: the supplier helps now."),
}


def state_of(case: Case) -> State:
    """Say how a case stands, to the shop."""
    return THEIRS if case.state == Case.State.OPEN and case.turn == Case.Turn.SUPPLIER else STATES[case.state]


class Cases(table.Table):
    """The shop's cases, the last change first."""

    id, caption, order, csv_name = "cases", gettext_lazy("Help"), "-changed_at", "help"
    filters = [
        table.Text(fields=["order__number__istartswith", "order__name__icontains"]),
        table.Choice("state", gettext_lazy("State"), choices=[(key, state.word) for key, state in STATES.items()]),
        table.Choice("turn", gettext_lazy("Whose turn"), choices=Case.Turn.choices),
        table.Choice("topic", gettext_lazy("About"), choices=list(TOPICS.items())),
    ]
    search_hint = gettext_lazy("Order, name")
    empty = table.Empty(
        gettext_lazy("Nobody has asked anything"),
        gettext_lazy("Customers ask from their order's page. You answer here; the supplier helps when you want."),
        "message-square",
    )

    def __init__(self, request: Request, rows: QuerySet[Any], **more: Any) -> None:
        slug = _slug(request)
        self.columns = [
            table.Column(
                "name", gettext_lazy("Customer"), value="order.name", sub=lambda row: f"#{row.order.number}", card=1, fixed=True,
                link=lambda row: reverse("office:case", kwargs={"shop": slug, "number": row.number}),
            ),
            table.Column("topic", gettext_lazy("About"), value=lambda row: str(TOPICS[row.topic]), card=3),
            table.Column(
                "state", gettext_lazy("State"), value=state_of, card=2
            ),
            table.date_column("changed_at", gettext_lazy("Last word"), sort="changed_at", card=5),
            table.date_column("opened_at", gettext_lazy("Asked"), sort="opened_at"),
        ]  # fmt: skip
        super().__init__(request, rows, **more)


def _slug(request: Request) -> str:
    assert request.reseller is not None
    return request.reseller.slug


@reseller_role()
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List cases; those that wait for the shop first."""
    with context.reading():
        waits = selectors.counts()
        views = [
            table.View(YOURS.word, "state=open&turn=shop", waits["shop"]),
            table.View(THEIRS.word, "state=open&turn=supplier", waits["supplier"]),
            table.View(STATES["answered"].word, "state=answered"),
            table.View(gettext_lazy("All")),
        ]
        return table.respond(request, Cases(request, selectors.listed(), views=views), "office/cases/list.html")


@reseller_role()
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request, number: str) -> HttpResponseBase:
    """Show a thread; a POST answers, asks S, or closes it."""
    refused: Refused | None = None
    with context.reading():
        case = selectors.find(number)
    if request.method == "POST":
        try:
            toast.add(request, _act(request, case))
            return redirect(request.path)
        except Refused as problem:
            refused = problem
    with context.reading():
        return _page(request, selectors.find(number), refused)


def _act(request: Request, case: Case) -> str:
    actor, text = str(request.user)[:80], plain(request.POST.get("text", ""))
    key = plain(request.POST.get("key", ""))[:40] or ids.token()
    match request.POST.get("action"):
        case "answer":
            known = knowledge.sentences(_known(request, case), request.POST.getlist("known"))
            cases.answer(
                number=case.number, text="\n\n".join(filter(None, [text.strip(), known])), actor=actor, key=key
            )
            return _("Answered; the customer gets it by e-mail.")
        case "pass":
            cases.pass_on(number=case.number, text=text, actor=actor, key=key)
            return _("The supplier sees the thread now and answers in your name.")
        case "ask":
            cases.ask(number=case.number, text=text, actor=actor, key=key)
            return _("Sent to the supplier; the customer doesn't see it.")
        case "close":
            cases.close(number=case.number, by="shop", actor=actor)
            return _("Closed. If the customer writes again, it is open again.")
    raise Refused("action", _("Choose what to do."))


def _known(request: Request, case: Case) -> list[knowledge.Fact]:
    assert request.reseller is not None
    with context.reading():
        return knowledge.of_order(
            reseller_id=request.reseller.pk, order_number=case.order.number, language=case.order.language
        )


def _page(request: Request, case: Case, refused: Refused | None) -> HttpResponse:
    view = {
        "case": case,
        "order": case.order,
        "state": state_of(case),
        "topic": TOPICS[case.topic],
        "problem": dict(Complaint.Problem.choices).get(case.goods.get("problem", ""), ""),
        "line": case.order.lines.filter(id=case.goods.get("line")).first(),
        "said": threads.shown(case.entries, STEPS),
        "known": _known(request, case),
        "chosen": request.POST.getlist("known"),
        "with_supplier": bool(case.why),
        "text": request.POST.get("text", "") if refused else "",
        "key": request.POST.get("key") or ids.token(),
        "refused": refused,
    }
    return render(request, "office/cases/page.html", view, status=refused.status if refused else 200)
