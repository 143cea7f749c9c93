"""How buying is shown in the supplier's office: who may do what, states, steps, the tabs of its pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from enablement.models import PurchaseNote
from s2b2c.accounts.http import Request
from s2b2c.kernel.texts import local
from s2b2c.ui import figures, pictures, table
from s2b2c.ui.states import State
from supplier.models import Variant

# Who looks, who buys, who receives; an administrator always may.
READERS = ("catalogue", "warehouse", "finance", "quality")
BUYERS = ("catalogue",)
RECEIVERS = ("warehouse",)
COSTS = ("catalogue", "finance")

STATES: dict[Any, State] = {
    "draft": State("", _("Draft"), "open"),
    "sent": State("info", pgettext_lazy("purchase", "Sent")),
    "part": State("warn", _("Partly received"), "quarter"),
    "received": State("ok", _("Received")),
    "cancelled": State("", _("Cancelled"), "stop"),
}
_STEPS: dict[str, tuple[str | Promise, str, str]] = {
    "drafted": (_("Draft made"), "pencil", ""),
    "sent": (_("Sent to the vendor"), "send", "now"),
    "postponed": (_("Expected on another day"), "calendar-clock", "warn"),
    "received": (_("Delivery received"), "package-check", "done"),
    "billed": (_("Bill entered"), "receipt-text", ""),
    "closed": (_("Rest no longer expected"), "check", "warn"),
    "cancelled": (_("Cancelled"), "ban", "bad"),
}


def may(request: Request, roles: tuple[str, ...]) -> bool:
    """Tell whether the reader has one of the roles, or is an administrator."""
    return request.membership is not None and request.membership.role in ("admin", *roles)


def without_costs(request: Request, columns: Iterable[table.Column], *costs: str) -> list[table.Column]:
    """Give the columns the reader may see: costs are for those who buy and those who pay."""
    return [each for each in columns if each.key not in costs or may(request, COSTS)]


def tabs(request: Request, here: str) -> dict[str, Any]:
    """Give the pages of buying, and what every one of them asks about its reader."""
    listed = [
        (reverse("supply:purchases"), _("Purchase orders"), here == "orders"),
        (reverse("supply:replenishment"), _("To buy"), here == "needs"),
        *(
            [(reverse("supply:quotes"), pgettext("buying", "Prices asked"), here == "quotes")]
            if may(request, COSTS)
            else []
        ),
        *([(reverse("supply:plans"), _("Plans"), here == "plans")] if may(request, COSTS) else []),
        *([(reverse("supply:rounds"), _("Rounds"), here == "rounds")] if may(request, COSTS) else []),
        *([(reverse("supply:bills"), _("Bills"), here == "bills")] if may(request, COSTS) else []),
        (reverse("supply:vendors"), _("Vendors"), here == "vendors"),
        *([(reverse("supply:costs"), _("Costs"), here == "costs")] if may(request, COSTS) else []),
    ]
    return {
        "tabs": listed,
        "may_buy": may(request, BUYERS),
        "may_receive": may(request, RECEIVERS),
        "sees_costs": may(request, COSTS),
    }


def named(variant: Variant) -> SafeString:
    """Show a variant: its picture, the product's name, its own label."""
    return format_html(
        '<span class="flex items-center gap-3">{}<span class="min-w-0 truncate">{}<span class="mut">&ensp;{}</span></span></span>',
        pictures.tag(variant, size="t1", alt=""), local(variant.product, "name"), local(variant, "label"),
    )  # fmt: skip


def title(variant: Variant) -> str:
    """Name a variant in one line."""
    return f"{local(variant.product, 'name')} {local(variant, 'label')}".strip()


def cost(minor: Decimal, currency: str, *, bare: bool = True) -> str:
    """Write an average cost, to the minor unit."""
    return figures.amount(int(minor.quantize(Decimal(1))), currency, bare=bare)


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT")


def event(note: PurchaseNote) -> dict[str, Any]:
    """Give a step of an order's history as ``ui_timeline`` takes it."""
    words, icon, state = _STEPS.get(note.kind, (note.kind, "circle", ""))
    data = note.data
    parts = [str(note.actor or "")]
    if data.get("pieces"):
        parts.insert(0, ngettext("%(n)s piece", "%(n)s pieces", data["pieces"]) % {"n": data["pieces"]})
    told = [
        _day(data["day"]) if data.get("day") else "",
        gettext("%(n)s more than ordered") % {"n": data["over"]} if data.get("over") else "",
        gettext("%(n)s still to come") % {"n": data["left"]} if data.get("left") else "",
        gettext("%(n)s cancelled") % {"n": data["off"]} if data.get("off") else "",
        data.get("bill", ""),
        gettext("Delivery note %(slip)s") % {"slip": data["slip"]} if data.get("slip") else "",
        data.get("reason", ""),
    ]
    return {
        "title": words,
        "at": note.at,
        "by": ", ".join(part for part in parts if part),
        "note": " · ".join(part for part in told if part),
        "icon": icon,
        "state": state,
    }
