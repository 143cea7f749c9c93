"""Design: one of six looks and the shop's own choices, tried in a frame of the real shop before they are saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from reseller.models import Shop
from reseller.selectors import looks
from reseller.selectors import shop as shops
from reseller.services import shop as service
from reseller.web import swatches
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import context, hosts
from s2b2c.ui import theme, toast

# What the storefront's preview opens (storefront/web/preview.py).
PARAM, SALT = "look", "shop-look"
COLOURS = {
    "accent": gettext_lazy("Buttons"),
    "ground": gettext_lazy("Background"),
    "ink": gettext_lazy("Text"),
    "sale": gettext_lazy("Offers"),
}
CORNERS = [
    ("", gettext_lazy("as the look has them")),
    ("square", gettext_lazy("square")),
    ("soft", gettext_lazy("soft")),
    ("round", gettext_lazy("round")),
]
TYPES = [
    ("", gettext_lazy("as the look has it")),
    ("serif", gettext_lazy("book")),
    ("clay", gettext_lazy("clay")),
    ("plain", gettext_lazy("plain")),
    ("loud", gettext_lazy("loud")),
    ("evening", gettext_lazy("evening")),
]
FIELDS = (*COLOURS, "corners", "type")


@reseller_role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def design(request: Request) -> HttpResponseBase:
    """Show the choices beside a live frame; ``try`` shows them in the frame, ``publish`` makes them the shop's."""
    with context.reading():
        shop = shops.get()
    if request.method != "POST":
        return _page(request, shop, shop.look, dict(shop.look_overrides))
    look = request.POST.get("look", "")
    typed = {name: request.POST.get(name, "").strip() for name in FIELDS if request.POST.get(name, "").strip()}
    try:
        looks.check(look)
        chosen = looks.clean(typed)
        if request.POST.get("do") != "publish":
            return _page(request, shop, look, chosen, tried=True)
        service.set_look(look=look, overrides=chosen)
    except Refused as refused:
        known = look if look in theme.codes() else shop.look
        return _page(request, shop, known, typed, tried=True, refused=refused)
    toast.add(request, _("Your shop wears its new look."))
    assert request.reseller is not None
    return redirect(reverse("office:design", kwargs={"shop": request.reseller.slug}))


def _page(
    request: Request,
    shop: Shop,
    look: str,
    chosen: Mapping[str, Any],
    *,
    tried: bool = False,
    refused: Refused | None = None,
) -> HttpResponse:
    assert request.reseller is not None
    kept = dict(chosen) if refused is None else {}
    preset = theme.properties(look)
    served = theme.properties(look, kept)
    found = {
        "row": shop,
        "look": look,
        "looks": swatches.all(),
        "colours": [
            (code, name, chosen.get(code, ""), theme.resolve(served, theme.COLOURS[code]) or "#000000")
            for code, name in COLOURS.items()
        ],
        "corners": CORNERS,
        "types": TYPES,
        "chosen": chosen,
        "corrections": [_shown(each, served) for each in theme.corrections(look, kept)],
        "frame_url": _frame(request, look, kept),
        "lettering": theme.resolve(preset, "--color-primary-content") or "#ffffff",
        "draft": tried and (look != shop.look or kept != shop.look_overrides),
        "refused": refused,
    }
    part = request.headers.get("HX-Target") == "editor"
    with context.reading():
        template = "office/_editor.html" if part else "office/design.html"
        return render(request, template, found, status=refused.status if refused else 200)


def _shown(each: theme.Correction, served: Mapping[str, str]) -> dict[str, Any]:
    word = next(code for code, name in theme.COLOURS.items() if name == each.name)
    return {
        "name": COLOURS[word],
        "picked": each.picked,
        "served": each.served,
        "picked_ratio": f"{each.picked_ratio:.1f}",
        "served_ratio": f"{each.served_ratio:.1f}",
        "is_fill": word == "accent",
        "ink": theme.resolve(served, "--color-primary-content") or "#ffffff",
        "ground": theme.resolve(served, "--color-base-100") or "#ffffff",
    }


def _frame(request: Request, look: str, overrides: Mapping[str, Any]) -> str:
    """Give the address of the shop in a look that only its office can ask for, for an hour."""
    assert request.reseller is not None
    asked = {"reseller": request.reseller.pk, "look": look, "overrides": dict(overrides)}
    return f"{hosts.shop_url(request.reseller)}?{urlencode({PARAM: signing.dumps(asked, salt=SALT)})}"
