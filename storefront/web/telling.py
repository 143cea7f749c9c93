"""What c says of an order's things, on its page and without a login: how good they are."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language

from enablement.selectors import care
from enablement.services import reviews
from orders.models import Order
from orders.selectors import returns as selectors
from s2b2c.kernel import texts
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import context as tenancy
from storefront import quality
from storefront.selectors import order as orders
from storefront.web import doors, frame
from storefront.words import gettext as _
from supplier.models import Product


@doors.also_closed
@doors.form
def review(request: HttpRequest, token: str) -> HttpResponse:
    """Show what was sent, and take what the buyer says of it."""
    if request.method != "POST":
        return _review_form(request, token)
    with tenancy.reading():
        order = _found(token)
    try:
        reviews.write(
            reseller_id=_reseller(),
            order_number=order.number,
            product_id=_number(request, "product"),
            stars=_number(request, "stars"),
            text=request.POST.get("text", "").replace("\0", ""),
            name=request.POST.get("name", "").replace("\0", ""),
            language=get_language() or "en",
        )
    except Refused as refusal:
        return _review_form(request, token, refusal)
    return doors.go(request, f"/order/{token}/review/?thanks=1")


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


def _review_form(request: HttpRequest, token: str, refusal: Refused | None = None) -> HttpResponse:
    with tenancy.reading():
        shell, order = frame.shell(request), _found(token)
        there = Product.objects.filter(pk__in=reviews.bought(reseller_id=_reseller(), order_number=order.number))
        written = {
            each.product_id: each for each in care.reviews().filter(reseller=_reseller(), order_number=order.number)
        }
        things: list[dict[str, Any]] = [
            {"id": each.pk, "name": texts.local(each, "name"), "written": written.get(each.pk)} for each in there.order_by("id")
        ]  # fmt: skip
        context = {
            "order": order,
            "things": things,
            "stars": [(n, quality.star_word(n)) for n in (5, 4, 3, 2, 1)],
            "name": (order.name or "").split(" ")[0][:40],
            "told": str(refusal) if refusal else "",
            "thanks": "thanks" in request.GET and not refusal,
        }
        meta = frame.Meta(f"{_('How is it?')} · {shell.shop.name}")
        return _private(frame.respond(request, shell, "shop/review.html", context, meta, status=_status(refusal)))


def _found(token: str) -> Order:
    order = orders.find(token)
    if order is None or order.status not in selectors.RETURNABLE:
        raise Http404
    return order


def _reseller() -> int:
    reseller = tenancy.current()
    assert reseller is not None
    return reseller.pk


def _status(refusal: Refused | None) -> int:
    return refusal.status if refusal else 200


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is the key
    return response
