"""Help with an order, without a login: ask, read and write in the thread, say that it is solved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import pgettext

from enablement.models import Complaint
from enablement.selectors import warranty
from orders.models import Case, Order
from orders.services import cases
from s2b2c.kernel import ids
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import context as tenancy
from storefront.selectors import order as orders
from storefront.web import doors, frame
from storefront.words import gettext as _

Problem = Complaint.Problem


def named(found: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Give numbers of cases, each with how it stands in words."""
    return [(number, _stands(state)) for number, state in found]


def _stands(state: str) -> str:
    return {"open": _("We are on it"), "answered": _("Answered"), "closed": pgettext("help", "Solved")}[state]


@doors.also_closed
@doors.form
def ask(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form, and open a case."""
    with tenancy.reading():
        order = _found(token)
        serial = _serial(request, order)
    if request.method != "POST":
        return _form(request, order)
    topic, _colon, problem = request.POST.get("topic", "").partition(":")
    line = request.POST.get("line", "")
    try:
        case = cases.open_case(
            order_number=order.number,
            topic=topic,
            problem=problem,
            line_id=int(line) if line.isascii() and line.isdigit() and len(line) < 12 else None,
            text=_led(request.POST.get("text", "").strip(), serial),
            serial=serial,
            photos=cases.store_photos(request.FILES.getlist("photos")),
            consent=bool(request.POST.get("consent")),
            key=f"form:{request.POST.get('key', '')[:40]}",
        )
    except Refused as refusal:
        return _form(request, order, refusal)
    return doors.go(request, f"/order/{token}/help/{case.number}/")


@doors.also_closed
@doors.form
def formerly(request: HttpRequest, token: str) -> HttpResponse:
    """Lead on from the address of a form there was once; what was typed into it is not lost."""
    with tenancy.reading():
        order = _found(token)
    return _form(request, order) if request.method == "POST" else doors.go(request, f"/order/{token}/help/")


def _form(request: HttpRequest, order: Order, refusal: Refused | None = None) -> HttpResponse:
    with tenancy.reading():
        shell = frame.shell(request)
        context = {
            "order": order,
            "topics": _topics(order),
            "topic": request.POST.get("topic")
            or (f"{Case.Topic.GOODS}:{Problem.BROKEN}" if "serial" in request.GET else ""),
            "lines": list(order.lines.order_by("id")),
            "line": request.POST.get("line") or request.GET.get("line", ""),
            "text": request.POST.get("text", ""),
            "serial": _serial(request, order),
            "consent": bool(request.POST.get("consent")),
            "key": request.POST.get("key") or ids.token(),
            "told": _told(refusal),
            "wrong": refusal.field if refusal else "",
            "most": cases.MOST_PHOTOS,
            "supplier": shell.tree.supplier,
        }
        return _answer(request, shell, "shop/help.html", context, _("Ask for help"), refusal)


def _told(refusal: Refused | None) -> str:
    if refusal and refusal.code == "required":
        return _("Please tell us in a few words.")
    return str(refusal) if refusal else ""


def _serial(request: HttpRequest, order: Order) -> str:
    """Give the serial number the form is about, if this order was sent it."""
    told = (request.POST.get("serial") or request.GET.get("serial", "")).strip().upper()[:40]
    reseller = tenancy.current()
    if not told or reseller is None:
        return ""
    known = warranty.of_order(reseller_id=reseller.pk, order_number=order.number)
    return told if any(each.code == told for each in known) else ""


def _led(text: str, serial: str) -> str:
    """Give what was typed, led by the serial number it is about, so that whoever reads the thread sees it."""
    return f"{_('Serial number')} {serial}\n{text}" if text and serial else text


def _topics(order: Order) -> list[tuple[str, list[tuple[str, str]]]]:
    """Give what a matter can be about, in groups: what is wrong with the goods, and all else."""
    goods = [(f"{Case.Topic.GOODS}:{each.value}", _problem(each)) for each in Problem]
    others = [(each.value, _topic(each)) for each in cases.topics(order) if each != Case.Topic.GOODS]
    return [(pgettext("help", "What came"), goods), (_("Anything else"), others)]


def _problem(problem: Problem) -> str:
    return {
        Problem.BROKEN: _("It came broken or damaged"), Problem.WRONG: _("Something else came"),
        Problem.MISSING: _("Something is missing"), Problem.QUALITY: _("It is not as good as it should be"),
    }[problem]  # fmt: skip


def _topic(topic: Case.Topic) -> str:
    return {
        Case.Topic.GOODS: _("Something is wrong with what came"), Case.Topic.DELIVERY: _("Where is it, when does it come?"),
        Case.Topic.PAYMENT: _("A payment or a refund"), Case.Topic.SERVICE: _("How we served you"),
        Case.Topic.VISIT: _("Somebody who was to come, or came"), Case.Topic.OTHER: _("Something else"),
    }[topic]  # fmt: skip


def _title(case: Case) -> str:
    problem = case.goods.get("problem")
    return _problem(Problem(problem)) if problem in Problem.values else _topic(Case.Topic(case.topic))


def _thing(order: Order, case: Case) -> str:
    """Name what a case about goods is about, where c said so."""
    line = order.lines.filter(id=case.goods.get("line")).first()
    return f"{line.title} {line.label}".strip() if line else ""


@doors.also_closed
@doors.form
def thread(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """Show what was said; a POST says more."""
    with tenancy.reading():
        order = _found(token)
        _case(order, number)
    if request.method != "POST":
        return _page(request, order, number)
    try:
        photos = cases.store_photos(request.FILES.getlist("photos"))
        text, key = request.POST.get("text", ""), request.POST.get("key", "")[:40] or ids.token()
        cases.say(order=order, number=number, text=text, key=key, photos=photos)
    except Refused as refusal:
        return _page(request, order, number, refusal)
    return doors.go(request, f"/order/{token}/help/{number}/#last")


def _page(request: HttpRequest, order: Order, number: str, refusal: Refused | None = None) -> HttpResponse:
    with tenancy.reading():
        shell, case = frame.shell(request), _case(order, number)
        context = {
            "order": order,
            "case": case,
            "topic": _title(case),
            "thing": _thing(order, case),
            "stands": _stands(case.state),
            "said": [_line(row) for row in case.entries if row["to"] == "all" and row["what"] in ("said", "closed")],
            "consent": case.consent_at is not None,
            "supplier": shell.tree.supplier,
            "text": request.POST.get("text", "") if refusal else "",
            "key": request.POST.get("key") or ids.token(),
            "told": _told(refusal),
            "wrong": refusal.field if refusal else "",
            "most": cases.MOST_PHOTOS,
        }
        return _answer(request, shell, "shop/help_thread.html", context, f"{_('Your question')} {number}", refusal)


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "mine": row["by"] == "customer",
        "helped": row["by"] == "supplier",
        "closed": row["what"] == "closed",
        "at": timezone.localtime(datetime.fromisoformat(row["at"])),
        "text": row["text"],
        "photos": [f"{settings.MEDIA_URL}{name}" for name in row["photos"]],
    }


@doors.also_closed
@doors.writes
def solved(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """Close a case."""
    with tenancy.reading():
        order = _found(token)
        found = _case(order, number).number
    cases.close(order=order, number=found, by="customer", actor=order.name)
    return doors.go(request, f"/order/{token}/help/{found}/")


@doors.also_closed
@doors.writes
def allow(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """Let S speak to c directly about this, or no longer."""
    with tenancy.reading():
        order = _found(token)
        found = _case(order, number).number
    cases.allow(order=order, number=found, allowed=request.POST.get("allowed") == "1")
    return doors.go(request, f"/order/{token}/help/{found}/")


def _found(token: str) -> Order:
    order = orders.find(token)
    if order is None:
        raise Http404
    return order


def _case(order: Order, number: str) -> Case:
    case = Case.objects.filter(id=ids.case_id_of(number), order=order).first()
    if case is None:
        raise Http404
    return case


def _answer(
    request: HttpRequest, shell: Any, template: str, context: dict[str, Any], title: str, refusal: Refused | None
) -> HttpResponse:
    meta = frame.Meta(f"{title} · {shell.shop.name}")
    response = frame.respond(request, shell, template, context, meta, status=refusal.status if refusal else 200)
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is the key
    return response
