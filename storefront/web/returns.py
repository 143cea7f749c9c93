"""Returning things, on the order's page and without a login: ask, print the slip, say it is sent, think better of it."""

from __future__ import annotations

import contextlib
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from orders.models import Order, ReturnRequest
from orders.selectors import returns as selectors
from orders.services import returns
from s2b2c.kernel import clock, ids, texts
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import context as tenancy
from s2b2c.ui import countries
from storefront import promise
from storefront.selectors import order as orders
from storefront.web import doors, frame
from storefront.words import gettext as _
from supplier.selectors import returns as supply

State = ReturnRequest.State


def words(back: ReturnRequest) -> str:
    """Say to c where a return is."""
    return {
        State.REQUESTED: _("Asked for"), State.APPROVED: _("Approved: please send it"), State.SHIPPED: _("On its way back to us"),
        State.RECEIVED: _("Arrived, being looked at"), State.INSPECTED: _("Looked at"), State.CLOSED: _("All settled"),
        State.REFUSED: _("Not accepted"), State.WITHDRAWN: _("Taken back by you or the shop"),
    }[State(back.state)]  # fmt: skip


def shown(order: Order) -> dict[str, Any]:
    """Give what the order's page says about returns; nothing is asked of the database before something was sent."""
    if order.status not in selectors.RETURNABLE:
        return {"returns": [], "may_return": False, "return_until": "", "may_tell": False}
    until = selectors.until(order)
    open_ = until is not None and clock.now() <= until and bool(selectors.returnable(order))
    return {
        "returns": [_shown(order, back) for back in selectors.of_order(order)],
        "may_return": open_,
        "may_tell": True,
        "return_until": promise.day(until.date()) if until and open_ else "",
    }


def _shown(order: Order, back: ReturnRequest) -> dict[str, Any]:
    sends = _sends(back)
    token = back.outcome.get("exchange_token", "")
    return {
        "number": back.number,
        "words": words(back),
        "answer": back.answer,
        "pieces": sum(row["quantity"] for row in back.lines),
        "tracking": back.tracking,
        "slip_url": f"/order/{order.token}/return/{back.number}/" if sends else "",
        "sends": sends,
        "withdrawable": back.state in (State.REQUESTED, State.APPROVED),
        "exchange_url": f"/order/{token}/" if token else "",
        "withheld": back.outcome.get("withheld", 0),
    }


def _sends(back: ReturnRequest) -> bool:
    return back.state in (State.APPROVED, State.SHIPPED) and not back.keep and back.reason != "lost"


@doors.also_closed
@doors.form
def ask(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form, and ask for the return."""
    with tenancy.reading():
        order = _found(token)
        left = selectors.returnable(order)
    if request.method != "POST":
        return _form(request, token)
    try:
        photos = returns.store_photos(request.FILES.getlist("photos"))
        returns.request(
            order_number=order.number,
            pieces={each.line.pk: _count(request, f"p{each.line.pk}") for each in left if each.pieces},
            parts={
                (each.line.pk, part.variant.pk): _count(request, f"p{each.line.pk}_{part.variant.pk}")
                for each in left
                for part in each.parts
            },
            swaps={
                each.line.pk: _count(request, f"s{each.line.pk}")
                for each in left
                if request.POST.get(f"s{each.line.pk}")
            },
            wish=request.POST.get("wish", ""),
            reason=request.POST.get("reason", ""),
            note=" ".join(request.POST.get("note", "").replace("\0", "").split())[:500],
            photos=photos,
            key=f"form:{request.POST.get('key', '')[:40]}",
            actor="customer",
        )
    except Refused as refusal:
        return _form(request, token, refusal)
    return doors.go(request, f"/order/{token}/#returns")


def _count(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "").strip() or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise Refused("pieces", _("Enter how many pieces, as a number."), field=name)
    return int(text)


def _form(request: HttpRequest, token: str, refusal: Refused | None = None) -> HttpResponse:
    with tenancy.reading():
        shell, order = frame.shell(request), _found(token)
        rows = [_row(request, each) for each in selectors.returnable(order)]
        _only_one(request, rows)
        context = {
            "order": order,
            "rows": rows,
            "may_refund": bool(order.total_minor),
            "reasons": [(code, word) for code, word in _reasons()],
            "wish": request.POST.get("wish", "refund" if order.total_minor else "exchange"),
            "reason": request.POST.get("reason", ""),
            "note": request.POST.get("note", ""),
            "key": request.POST.get("key") or ids.token(),
            "told": str(refusal) if refusal else "",
            "most": returns.MOST_PHOTOS,
            "postage": _postage(order),
            "sets": any(row["parts"] for row in rows),
            "whole_only": not selectors.policy(order).parts,
        }
        meta = frame.Meta(f"{_('Return something')} · {shell.shop.name}")
        return _private(
            frame.respond(request, shell, "shop/return.html", context, meta, status=refusal.status if refusal else 200)
        )


def _row(request: HttpRequest, each: selectors.Left) -> dict[str, Any]:
    line = each.line
    return {
        "id": line.pk,
        "title": line.title,
        "label": line.label,
        "left": each.pieces,
        "typed": request.POST.get(f"p{line.pk}", ""),
        "swaps": [(v.pk, v.label_en) for v in selectors.swaps(line).values() if v.pk != line.variant_id]
        if each.pieces
        else [],
        "parts": [_part(request, line.pk, part) for part in each.parts],
        "open": any(request.POST.get(f"p{line.pk}_{part.variant.pk}", "0") not in ("", "0") for part in each.parts),
    }


def _only_one(request: HttpRequest, rows: list[dict[str, Any]]) -> None:
    """Where one piece is all that can come back, it is that one."""
    if request.method != "POST" and len(rows) == 1 and rows[0]["left"] == 1 and not rows[0]["parts"]:
        rows[0]["typed"] = "1"


def _part(request: HttpRequest, line_id: int, part: selectors.PartLeft) -> dict[str, Any]:
    name = f"p{line_id}_{part.variant.pk}"
    return {
        "name": name,
        "title": texts.local(part.variant.product, "name"),
        "label": texts.local(part.variant, "label"),
        "left": part.pieces,
        "typed": request.POST.get(name, ""),
    }


def _postage(order: Order) -> int:
    """Give what is taken off the refund of who changed their mind; 0: nothing is."""
    policy = selectors.policy(order)
    return policy.postage_minor if policy.postage_by == "customer" else 0


def _reasons() -> list[tuple[str, str]]:
    return [("mind", _("Changed my mind")), ("defect", _("Damaged or not working")), ("wrong", _("Wrong piece came")),
            ("lost", _("Never arrived"))]  # fmt: skip


@doors.also_closed
@doors.reads
def slip(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """Show the slip to print: its number as a code, what is inside, where it goes."""
    order, shell = _found(token), frame.shell(request)
    back = _of(order, number)
    place = supply.address_of(back.number)
    context = {
        "order": order,
        "back": back,
        "things": selectors.things(back),
        "place": place,
        "country": countries.name(place.get("country", "")),
        "supplier": shell.tree.supplier,
        "sends": _sends(back),
        "words": words(back),
    }
    meta = frame.Meta(f"{_('Return slip')} {back.number} · {shell.shop.name}")
    return _private(frame.respond(request, shell, "shop/return_slip.html", context, meta))


@doors.also_closed
@doors.writes
def sent(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """Note that c sent it, with the tracking number where there is one."""
    with tenancy.reading():
        found = _of(_found(token), number).number
    tracking = " ".join(request.POST.get("tracking", "").replace("\0", "").split())
    return _after(request, token, lambda: returns.note_sent(number=found, tracking=tracking, actor="customer"))


@doors.also_closed
@doors.writes
def withdraw(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """Take a return back before it is sent."""
    with tenancy.reading():
        found = _of(_found(token), number).number
    return _after(request, token, lambda: returns.withdraw(number=found, actor="customer"))


def _after(request: HttpRequest, token: str, act: Any) -> HttpResponse:
    with contextlib.suppress(Refused):  # it is past that step: the order's page says where it is
        act()
    return doors.go(request, f"/order/{token}/#returns")


def _found(token: str) -> Order:
    order = orders.find(token)
    if order is None:
        raise Http404
    return order


def _of(order: Order, number: str) -> ReturnRequest:
    try:
        return selectors.find(number, order=order)
    except Refused:
        raise Http404 from None


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is the key
    return response
