"""What a photographer or a writer handed in: shown with the task, and put into the shop with one click."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from enablement.models import ServiceKind
from enablement.selectors import network
from reseller.models import Listing
from reseller.selectors import shop as shops
from reseller.services import delivered
from reseller.web import ground
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.tenancy import context, hosts
from s2b2c.ui import toast


@reseller_role("manager", "clerk")
@require_safe
def panel(request: Request, number: str) -> HttpResponseBase:
    """Show, beside a task, whether the shop uses what came of it; where it can't be used, nothing."""
    shop = shops.reseller()
    with context.reading():
        task = network.task_of_shop(number, shop.pk)
        listing = Listing.objects.filter(product_id=task.product_id).select_related("product").first()
    able = task.state in delivered.APPROVED and (task.pictures if task.kind == ServiceKind.PHOTOS else task.proof)
    view = {
        "task": task,
        "listing": listing,
        "able": bool(able) and listing is not None and task.kind in (ServiceKind.PHOTOS, ServiceKind.COPY),
        "used": listing is not None and delivered.used(listing, number),
        "in_shop": hosts.shop_url(shop, f"/p/{listing.product.slug}/") if listing else "",
        "writes": request.membership is not None and request.membership.role != "clerk",
    }
    alone = not request.headers.get("HX-Request")
    return render(request, "office/services/use.html" if alone else "office/services/_use.html", view)


@reseller_role("manager")
@require_POST
def use(request: Request, number: str, what: str) -> HttpResponseBase:
    """Put it into the shop, or take it out again."""
    act = _STEPS.get(what)
    if act is None:
        raise NotFound()
    slug, shop = ground.slug(request), shops.reseller()
    try:
        act(number, shop.pk)
        undone = what == "undo"
        text = _("Your shop shows what it showed before.") if undone else _("It is in your shop.")
        toast.add(request, text)
    except Refused as refused:
        if isinstance(refused, NotFound) and refused.code == "not_found":
            raise
        toast.add(request, str(refused))
    return redirect(ground.url("service", slug, number=number))


def _words(language: str) -> Callable[[str, int], Any]:
    return lambda number, shop: delivered.use_words(number=number, reseller_id=shop, language=language)


_STEPS: dict[str, Callable[[str, int], Any]] = {
    "photos": lambda number, shop: delivered.use_photos(number=number, reseller_id=shop),
    "words-en": _words("en"),
    "words-zh": _words("zh"),
    "undo": lambda number, shop: delivered.undo(number=number, reseller_id=shop),
}
