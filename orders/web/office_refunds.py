"""The refund desk of the shop's office: chosen, weighed, confirmed – whole pieces, or single parts of a set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orders.models import Order, OrderLine, Refund
from orders.selectors import office
from orders.selectors import returns as selectors
from orders.services import refund
from orders.services.refund import Weighed
from orders.web import office as pages
from orders.web import words
from reseller.selectors import shop as shops
from reseller.web.typed import plain
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel import ids, texts
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import context
from s2b2c.ui import figures, toast

KINDS = ("unsent", "received")


@dataclass(frozen=True, slots=True)
class Field:
    """How many pieces of something go back: ``left`` at most."""

    name: str
    word: str
    label: str
    left: int
    typed: str

    @property
    def chosen(self) -> bool:
        return self.typed.strip("0 ") != ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the order with its fields: whole pieces by where they are, and parts of a set."""

    line: OrderLine
    kinds: list[Field]
    parts: list[Field]


@reseller_role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: Request, number: str) -> HttpResponseBase:
    """Choose what to give back and why, see what that means for the money, confirm; sent twice, it goes back once."""
    refused: Refused | None = None
    weighed: Weighed | None = None
    with context.reading():
        found = office.by_number(number)
        left = selectors.left(found)
    if request.method == "POST" and not request.POST.get("again"):
        try:
            asked = _asked(request, left)
            if request.POST.get("confirm"):
                _say(request, found, _grant(request, found.number, asked))
                return pages._back(request, number)
            weighed = refund.weigh(order_number=found.number, **asked)
            if weighed.amount_minor <= 0:
                raise Refused("nothing", _("Choose what to give back."), field="pieces")
        except Refused as problem:
            refused, weighed = problem, None
    with context.reading():
        view = _view(request, found, left) | {"refused": refused, "weighed": weighed}
        view["money"] = _money(weighed) if weighed else []
        return render(request, "office/orders/refund.html", view, status=refused.status if refused else 200)


def _view(request: Request, found: Order, left: list[selectors.Left]) -> dict[str, Any]:
    code = request.POST.get("reason", "")
    return {
        "order": found,
        "rows": [_row(request, each) for each in left],
        "reasons": pages._reasons(),
        "chosen": code,
        "why": words.reason(code) if code in words.CHOOSABLE else "",
        "note": request.POST.get("note", ""),
        "shipping": bool(request.POST.get("shipping")),
        "shipping_left": bool(found.shipping_minor) and not any(each.shipping_minor for each in found.refunds.all()),
        "due": found.paid == Order.Paid.DUE,
        "key": request.POST.get("key") or ids.token(),
    }


def _row(request: Request, each: selectors.Left) -> Row:
    """Give the fields of a line: pieces not sent yet, pieces received, and parts of a set the customer has."""
    line, is_set = each.line, each.content is not None
    if line.service is not None:
        kinds = [("unsent", _("Service"), line.quantity - line.refunded)]
    elif is_set:
        kinds = [("unsent", _("Whole, not sent yet"), line.unsent), ("received", _("Whole, already sent"), line.received)]  # fmt: skip
    else:
        kinds = [("unsent", _("Not sent yet"), line.unsent), ("received", _("Already sent"), line.received)]
    whole = [(f"{kind}_{line.pk}", word, "", n) for kind, word, n in kinds if n > 0]
    single = [
        (_part(line, part), texts.local(part.variant.product, "name"), texts.local(part.variant, "label"), part.pieces)
        for part in each.parts
    ]
    return Row(line, *([Field(*one, request.POST.get(one[0], "")) for one in some] for some in (whole, single)))


def _part(line: OrderLine, part: selectors.PartLeft) -> str:
    return f"part_{line.pk}_{part.variant.pk}"


def _asked(request: Request, left: list[selectors.Left]) -> dict[str, Any]:
    """Give what was typed, as the service takes it. :raises Refused: not numbers, or no reason."""
    lines = [each.line.pk for each in left]
    unsent, received = (pages._pieces(request, kind, lines) for kind in KINDS)
    names = {(each.line.pk, part.variant.pk): _part(each.line, part) for each in left for part in each.parts}
    if request.POST.get("reason", "") not in words.CHOOSABLE:
        raise Refused("reason", _("Say why."), field="reason")
    return {
        "pieces": unsent,
        "received": received,
        "parts": {key: n for key, name in names.items() if (n := pages._count(request, name))},
        "shipping": bool(request.POST.get("shipping")),
    }


def _grant(request: Request, number: str, asked: dict[str, Any]) -> Refund:
    said = request.POST.get("expected", "")
    return refund.grant(
        order_number=number,
        **asked,
        reason=request.POST.get("reason", ""),
        key=f"office:{number}:{plain(request.POST.get('key', ''))[:40]}",
        actor=pages._actor(request),
        note=plain(request.POST.get("note", ""))[:200],
        expected_minor=int(said) if said.isdecimal() and len(said) < 16 else -1,
    )


def _say(request: Request, found: Order, granted: Refund) -> None:
    shown = figures.amount(granted.amount_minor, found.currency)
    toast.add(request, _("%(amount)s goes back to the customer.") % {"amount": shown})


def _money(weighed: Weighed) -> list[tuple[str, str, int]]:
    """Give who gives up which part of it: key of the colour, words, amount. They sum to what goes back."""
    supplier = shops.company_name()
    rows = [
        ("margin", _("You give up"), weighed.parts["margin"]),
        ("wholesale", supplier, weighed.parts["wholesale"]),
        ("fee", _("Platform fee"), weighed.parts["fee"]),
        ("shipping", _("Delivery with its tax"), weighed.delivery_minor),
        ("tax", _("Tax"), weighed.parts["tax"]),
        ("funded", _("Discount, borne by %(supplier)s") % {"supplier": supplier}, -weighed.parts["funded"]),
    ]
    return [row for row in rows if row[2]]
