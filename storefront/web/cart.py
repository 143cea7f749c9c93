"""The bag: page and drawer."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import ngettext, pgettext

from orders.models import Cart
from orders.selectors import cart as carts
from orders.selectors.cart import CartLine, CartSummary
from orders.services import cart as service
from s2b2c.kernel.errors import NotFound, OutOfStock, Refused
from s2b2c.tenancy import context as tenancy
from storefront import prices
from storefront.selectors.shell import Shell
from storefront.web import appointments, bag, cards, doors, frame
from storefront.words import gettext as _


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the bag as shown. ``told``: what changed or is the matter, in words."""

    variant_id: int
    title: str
    label: str
    url: str
    picture: SafeString
    quantity: int
    unit: str
    total: str
    fewer: int
    more: int
    told: str
    gone: bool
    services: list[dict[str, Any]] = field(default_factory=list)


@doors.reads
def page(request: HttpRequest) -> HttpResponse:
    """Show the bag."""
    shell = frame.shell(request)
    summary = _summary(request, bag.find(request), shell)
    response = _page(request, shell, summary)
    bag.count(response, summary.pieces)
    return response


@doors.reads
def drawer(request: HttpRequest) -> HttpResponse:
    """Give the bag as the panel at the side."""
    shell = frame.shell(request)
    return _drawer(request, shell, _summary(request, bag.find(request), shell))


@doors.writes
def add(request: HttpRequest) -> HttpResponse:
    """Put a variant into the bag."""
    variant, quantity, wanted = _number(request, "variant"), _number(request, "quantity", 1), _options(request)
    return _change(
        request,
        lambda: service.add_line(
            token=bag.token(request) or None, variant_id=variant, quantity=quantity, option_ids=wanted
        ),
        added=variant,
    )


@doors.writes
def change(request: HttpRequest) -> HttpResponse:
    """Set how many of a variant are in the bag; 0 takes it out."""
    variant, quantity = _number(request, "variant"), _number(request, "quantity")
    return _change(
        request, lambda: service.set_quantity(token=bag.token(request), variant_id=variant, quantity=quantity)
    )


@doors.writes
def remove(request: HttpRequest) -> HttpResponse:
    """Take a variant out of the bag."""
    variant = _number(request, "variant")
    return _change(request, lambda: service.remove_line(token=bag.token(request), variant_id=variant))


@doors.writes
def services(request: HttpRequest) -> HttpResponse:
    """Say which services are to be booked with a variant in the bag."""
    variant, wanted = _number(request, "variant"), _options(request)
    return _change(
        request, lambda: service.set_services(token=bag.token(request), variant_id=variant, option_ids=wanted)
    )


def _options(request: HttpRequest) -> list[int]:
    return [
        int(id_) for id_ in request.POST.getlist("service")[:20] if id_.isascii() and id_.isdigit() and len(id_) < 10
    ]


@doors.writes
def accept(request: HttpRequest) -> HttpResponse:
    """Note that today's prices were seen."""
    return _change(request, lambda: service.accept_prices(token=bag.token(request)))


@doors.writes
def code(request: HttpRequest) -> HttpResponse:
    """Try a code for a discount, or take it away."""
    typed = request.POST.get("code", "")[:40]
    return _change(request, lambda: service.set_code(token=bag.token(request), code=typed))


def _number(request: HttpRequest, name: str, otherwise: int = 0) -> int:
    text = request.POST.get(name, "").strip() or str(otherwise)
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refused("quantity", _("Enter a number of pieces."), field=name)
    return int(text)


def _change(request: HttpRequest, act: Callable[[], Cart], *, added: int = 0) -> HttpResponse:
    """Do one thing to the bag and show it, with what was refused said above the lines."""
    told, cart = "", None
    try:
        cart = act()
    except OutOfStock as refusal:
        free = refusal.lines[0][2]
        told = (
            ngettext("Only %(n)s is left.", "Only %(n)s are left.", free) % {"n": free}
            if free > 0
            else _("This is sold out.")
        )
    except NotFound as refusal:
        told = str(refusal) if refusal.code == "not_sold" else _("Your bag has changed meanwhile.")
    except Refused as refusal:
        told = str(refusal)
    if not told and not request.headers.get("HX-Request"):
        response = doors.go(request, "/bag/")
    else:
        response = _shown(request, cart, told, added)
    if cart is not None:
        bag.remember(response, cart)
    return response


def _shown(request: HttpRequest, cart: Cart | None, told: str, added: int) -> HttpResponse:
    with tenancy.reading():
        shell = frame.shell(request)
        summary = _summary(request, cart or bag.find(request), shell)
        if request.headers.get("HX-Target") == "bag":
            return _drawer(request, shell, summary, told=told, added=added if not told else 0)
        if request.headers.get("HX-Target") == "cart":
            return HttpResponse(frame.render("shop/_cart.html", _context(shell, summary, told) | _mark(summary)))
        return _page(request, shell, summary, told, status=409 if told else 200)


def _summary(request: HttpRequest, cart: Cart | None, shell: Shell) -> CartSummary:
    return carts.summary(cart, shop=shell.shop, reseller_id=request.reseller.pk)  # type: ignore[attr-defined]


def _page(request: HttpRequest, shell: Shell, summary: CartSummary, told: str = "", status: int = 200) -> HttpResponse:
    context = _context(shell, summary, told)
    return frame.respond(
        request, shell, "shop/cart.html", context, frame.Meta(f"{_('Your bag')} · {shell.shop.name}"), status=status
    )


def _drawer(
    request: HttpRequest, shell: Shell, summary: CartSummary, *, told: str = "", added: int = 0
) -> HttpResponse:
    row = next((line for line in summary.lines if line.variant_id == added and line.sellable), None)
    name = ", ".join(filter(None, (row.sellable.title, row.sellable.label))) if row and row.sellable else ""
    context = _context(shell, summary, told) | _mark(summary) | {"added": name}
    response = HttpResponse(frame.render("shop/_drawer.html", context))
    response.headers["HX-Trigger-After-Settle"] = json.dumps({"panel": "bag"})
    return response


def _mark(summary: CartSummary) -> dict[str, Any]:
    """Give what the number in the page's head becomes."""
    return {"mark": True, "bag_count": summary.pieces}


def _context(shell: Shell, summary: CartSummary, told: str = "") -> dict[str, Any]:
    """Give what bag and drawer show."""
    currency, quote = shell.shop.currency, summary.quote
    free = shell.shop.shipping.get("free_over_minor")
    all_count = summary.counted == summary.pieces
    missing = free - quote.goods_minor if free and quote.goods_minor and quote.shipping_minor else 0
    offers = [(each.name, prices.text(each.discount_minor, currency)) for each in quote.used if each.discount_minor]
    return {
        "told": told,
        "rows": [row(line, currency, counts=all_count or not line.sold_out) for line in summary.lines],
        "pieces": summary.pieces,
        "counted": summary.counted,
        "left_out": any(line.sold_out for line in summary.lines) and summary.counted < summary.pieces,
        "ready": summary.ready,
        "changed": any(
            line.seen_minor is not None or any(each.seen_minor is not None or each.problem for each in line.services)
            for line in summary.lines
        ),
        "items": prices.text(quote.goods_minor, currency),
        "booked": [(each.option.title, prices.text(each.retail_minor, currency)) for each in quote.services],
        "subtotal": prices.text(quote.items_minor, currency),
        "delivery": prices.text(quote.shipping_minor, currency) if quote.shipping_minor else pgettext("price", "Free"),
        "tax": prices.text(quote.tax_minor, currency) if quote.tax_minor else "",
        "tax_included": quote.tax_included,
        "total": prices.text(quote.total_minor, currency),
        "missing": prices.text(missing, currency) if missing > 0 else "",
        "meter": (quote.goods_minor, free) if missing > 0 else None,
        "offers": offers,
        "code": summary.code,
        "code_told": _code_told(summary),
        "codes": bool(shell.shop.promoting),
        "shop": shell.shop,
    }


def _code_told(summary: CartSummary) -> str:
    """Say what became of the code that was typed."""
    if not summary.code:
        return ""
    if summary.code in {each.code for each in summary.quote.used}:
        return _("Your code is taken off.")
    if summary.code != summary.quote.passed_over:
        return _("This code is not valid, or no longer.")
    if any(each.discount_minor for each in summary.quote.used):
        return _("Offers don't add up: you get the one that saves you most.")
    return _("This code takes nothing off what is in your bag.")


def row(line: CartLine, currency: str, *, counts: bool = True) -> Row:
    """Give a line as shown, with what is the matter with it; no amount where it doesn't count."""
    sold = line.sellable
    if sold is None:
        return Row(line.variant_id, _("No longer sold"), "", "", cards.markup(None, "", "", "?"), line.quantity, "", "", 0, 0,
                   _("The shop has taken this out. Remove it to go on."), gone=True)  # fmt: skip
    return Row(
        variant_id=line.variant_id,
        title=sold.title,
        label=sold.label,
        url=f"/p/{sold.slug}/?v={sold.sku}",
        picture=cards.markup(None, sold.plate, sold.tint, sold.title),
        quantity=line.quantity,
        unit=prices.text(sold.price_minor, currency),
        total=prices.text(line.line_minor, currency) if counts else "",
        fewer=max(line.quantity - 1, 0),
        more=line.quantity + 1 if line.quantity < line.available else 0,
        told=_told(line, currency) or appointments.told_of(line, currency),
        gone=False,
        services=appointments.with_line(line, currency),
    )


def _told(line: CartLine, currency: str) -> str:
    sold = line.sellable
    assert sold is not None
    if line.problem == "short" and line.beside is not None and sold.available > line.beside:
        return _beside(sold.title, line.beside)
    if line.problem == "short":
        if sold.available <= 0:
            return _("%(title)s is sold out. Remove it to go on.") % {"title": sold.title}
        return ngettext("Only %(n)s is left.", "Only %(n)s are left.", sold.available) % {"n": sold.available}
    if line.seen_minor is None:
        return ""
    return _("%(title)s is now %(now)s. It was %(before)s when you added it.") % {
        "title": sold.title, "now": prices.text(sold.price_minor, currency), "before": prices.text(line.seen_minor, currency),
    }  # fmt: skip


def _beside(title: str, free: int) -> str:
    """Say that a set in the bag and this want the same things."""
    if free <= 0:
        return _("%(title)s and a set in your bag need the same thing, and there is not enough for both.") % {
            "title": title
        }
    told = ngettext(
        "A set in your bag needs the same thing as %(title)s: only %(n)s is left beside it.",
        "A set in your bag needs the same thing as %(title)s: only %(n)s are left beside it.",
        free,
    )
    return told % {"title": title, "n": free}


def safe_path(request: HttpRequest, path: str, otherwise: str = "/") -> str:
    """Give a path of this shop, never another site's."""
    fine = path.startswith("/") and url_has_allowed_host_and_scheme(path, {request.get_host()}, request.is_secure())
    return path if fine else otherwise
