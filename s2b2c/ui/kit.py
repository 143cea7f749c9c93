"""``/_kit/``: every part in every state, and the six looks; what a change of style is judged by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from s2b2c.ui import icons, plates, theme
from s2b2c.ui.nav import NavItem
from s2b2c.ui.states import GLYPHS, State
from s2b2c.ui.views import open_to_all

FRAMES = {"supply": "base/supply.html", "office": "base/office.html", "platform": "base/platform.html"}
PARTS = {"wholesale": 20490, "margin": 12855, "fee": 855, "tax": 3146, "shipping": 1250}
STATES = [
    State("", _("To release")), State("info", _("Allocated"), "quarter"), State("info", _("Picking")),
    State("info", _("Packed"), "full"), State("ok", _("Shipped")), State("ok", _("Delivered"), "full"),
    State("warn", _("Address check")), State("warn", _("On hold"), "hold"), State("bad", _("Short pick")),
    State("", _("Cancelled"), "stop"), State("", _("Returned"), "back"),
]  # fmt: skip


class KitForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name in English"), initial="Tidewater Mug")
    sku = forms.CharField(label="SKU", initial="HL-MUG-350", help_text=_("Letters, digits and dashes"))
    price = forms.DecimalField(label=_("Floor price"), initial="26.00")
    barcode = forms.CharField(
        label=_("Barcode"), initial="8401267003100", disabled=True, help_text=_("Fixed after the first sale")
    )
    warehouse = forms.ChoiceField(label=_("Ships from"), choices=[("OAK", "Oakland"), ("EWR", "Newark")])
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    picture = forms.FileField(label=_("Picture"), required=False)
    scope = forms.ChoiceField(
        label=_("Applies to"),
        widget=forms.RadioSelect,
        choices=[("order", _("Whole order")), ("lines", _("Lines"))],
        initial="order",
    )
    live = forms.BooleanField(label=_("Live in all shops"), required=False, initial=True)


def _invalid() -> KitForm:
    form = KitForm(
        data={"name": "", "sku": "HL-MUG-350", "price": "26.00", "warehouse": "OAK", "scope": "order"}, prefix="bad"
    )
    form.data = {f"bad-{key}": value for key, value in form.data.items()}
    form.add_error("price", _("Above the ceiling 24.00. Enter 24.00 or less."))
    form.add_error(None, _("Two fields need you."))
    return form


@dataclass(frozen=True)
class _Thing:
    plate: str
    tint: str
    name: str


def context() -> dict[str, Any]:
    """Give what the kit shows."""
    at = datetime(2026, 11, 23, 10, 38, tzinfo=UTC)
    nav = [
        NavItem(_("Today"), "#today", "house", active=True, short=_("Home")),
        NavItem(_("Orders"), "#orders", "shopping-bag", 486, group=_("Sell")),
        NavItem(_("Add products"), "#add", "plus", place="plus", group=_("Sell")),
        NavItem(_("Catalogue"), "#catalogue", "package", group=_("Supply"), short=_("Shop")),
        NavItem(_("Money"), "#money", "wallet", group=_("Money")),
        NavItem(_("Settings"), "#settings", "settings", group=_("Settings"), place="more"),
    ]
    events = [
        {
            "title": _("Picking started at Newark"),
            "at": at,
            "by": "Luis Ferrand",
            "icon": "scan-barcode",
            "state": "now",
        },
        {"title": _("Shipped from Oakland"), "at": at, "by": "PP 7741 0928 3316", "icon": "truck", "state": "done"},
        {
            "title": "Ines Okafor",
            "at": at,
            "note": _("Gift flag set. The packing station shows it."),
            "icon": "message-square",
            "private": True,
        },
        {
            "title": _("Address corrected by carrier check"),
            "at": at,
            "by": "Apt 4 B → Apt 4B",
            "icon": "triangle-alert",
            "state": "warn",
        },
    ]
    glyphs = sorted(plates.glyphs())
    return {
        "nav": nav,
        "company": "Harbour & Loom",
        "shop": {"name": "Juniper Row"},
        "shop_open": True,
        "states": STATES,
        "glyph_names": list(GLYPHS),
        "form": KitForm(),
        "bad_form": _invalid(),
        "parts": PARTS,
        "events": events,
        "tabs": [NavItem(_("All"), "#a", count="12,431", active=True), NavItem(_("To pick"), "#b", count=412), NavItem(_("Exceptions"), "#c", count=9)],
        "steps": [_("Map"), _("Check"), _("Apply"), _("Done")],
        "now": [24, 27, 29, 30, 31, 29, 25, 19, 12, 10, 8][::-1],
        "was": [25, 28, 29, 31, 31, 30, 26, 20, 16, 11, 11, 11, 12, 13, 15, 15, 14, 12, 10, 7, 4, 10, 14, 21][::-1],
        "week": [120, 340, 380, 90, 210, 200, 300, 180, 260, 310, 190, 200, 290, 560],
        "icons": sorted(icons.drawings()),
        "glyphs": glyphs,
        "tints": list(plates.TINTS),
        "grounds": list(plates.GROUNDS),
        "things": [_Thing("mug", tint, tint) for tint in ("pine", "oat", "clay", "ink")] + [_Thing("", "", "Selvedge Tea Towels"), _Thing("", "4a6fa5", "苔绿背包")],
        "looks": theme.looks(),
        "rows": [
            (208431, "Blue Kettle", STATES[0], 11675, 5660), (208430, "山野小物 Shanye", STATES[1], 13936, 6700),
            (208427, "Marrow & Pine", STATES[6], 10044, 4720), (208419, "Fennel House", STATES[4], 12121, 5590),
        ],
    }  # fmt: skip


@open_to_all
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the kit while developing and in the demo, in the frame ``?frame=`` (supply, office, platform), or a shop's page in ``?look=``."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    look = request.GET.get("look", "")
    if look in theme.codes():
        return render(request, "kit/shop.html", {**context(), **shop(look)})
    if "css" in request.GET and request.GET["css"] in theme.codes():
        return HttpResponse(theme.css(request.GET["css"]), content_type="text/css")
    audience = request.GET.get("frame") or getattr(request, "audience", "platform")
    frame = FRAMES.get(str(audience), FRAMES["platform"])
    return render(request, "kit/page.html", {**context(), "frame": frame, "audience": audience})


def shop(look: str) -> dict[str, Any]:
    """Give a shop to show a look with."""
    cards = [
        ("mug", "pine", _("Alder Mug"), _("Stoneware, 12 oz"), 2400, None, ""), ("blanket", "", _("Moor Blanket"), _("Lambswool, 51 × 71 in"), 12800, None, _("New")),
        ("lamp", "", _("Pebble Lamp"), _("Turned clay, pleated shade"), 11800, None, ""), ("board", "", _("Ridge Boards"), _("Oak and walnut, pair"), 6200, None, ""),
        ("basket", "", _("Market Basket"), _("Hand-woven, 14 in"), 5200, None, ""), ("tray", "", _("Hollis Tray"), _("Walnut, 16 in round"), 4600, 5800, _("Sale")),
        ("candle", "", _("Hearth Candle"), _("Cedar and smoke, 50 h"), 2800, None, ""), ("stool", "", _("Milking Stool"), _("Walnut, 17 in high"), 9600, None, _("3 left")),
    ]  # fmt: skip
    names = (_("Kitchen & table"), _("Textiles"), _("Furniture"), _("Light"), _("Outdoors"))
    scene = theme.look(look).get("scene", "scene-table")
    return {
        "look": look,
        "theme_url": f"?css={look}",
        "shop": {"name": "Juniper Row", "notice": _("Free delivery over $120. Order by 3 pm, leaves today.")},
        "nav_categories": [NavItem(name, "#") for name in names],
        "kit_cards": cards,
        "kit_cats": list(zip(("teapot", "cushion", "chair", "lamp", "lantern"), names, strict=True)),
        "bag_count": 2,
        "bag_url": "#bag",
        "search_url": "#search",
        "account_url": "#account",
        "footer_groups": [
            (_("Shop"), [NavItem(name, "#") for name in names]),
            (_("Help"), [NavItem(_("Find your order"), "#"), NavItem(_("Delivery and pick-up"), "#")]),
        ],
        "footer_links": [NavItem(_("Terms"), "#"), NavItem(_("Privacy"), "#")],
        "supplier_name": "Harbour & Loom",
        "scene": f"scenes/{scene}.svg",
    }
