"""Lots: what is where, held or free, and where it went; the paper in a parcel names them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel import sheets
from s2b2c.tenancy import hosts
from s2b2c.ui import pictures, steps, table
from s2b2c.ui.states import State
from supplier.models import Lot
from supplier.selectors import fulfilment, held_orders, parcel_codes
from supplier.selectors import lots as selectors
from supplier.services import lots
from supplier.web import causes, quality_tabs, shown
from supplier.web.quality_tabs import READERS, WORKERS

STATES: dict[Any, State] = {
    "checking": State("warn", _("To be inspected"), "open"),
    "free": State("ok", pgettext_lazy("lot", "Free")),
    "held": State("bad", pgettext_lazy("lot", "Held"), "hold"),
    "recalled": State("bad", _("Recalled"), "stop"),
}
SHOWN = 50


def address(lot: Lot) -> str:
    """Give the address of a lot's page."""
    return reverse("supply:lot", args=[lot.pk])


def may_work(request: Request) -> bool:
    """Tell whether the reader may hold and free lots, or only look."""
    return request.membership is not None and request.membership.role in ("admin", *WORKERS)


def _named(lot: Lot) -> SafeString:
    variant = lot.variant
    return format_html(
        '<span class="flex items-center gap-3">{}<span class="min-w-0 truncate">{}<span class="mut">&ensp;{}</span></span></span>',
        pictures.tag(variant, size="t1", alt=""), shown.local(variant.product), shown.local(variant, "label"),
    )  # fmt: skip


def _expires(lot: Lot) -> str:
    return date_format(lot.expires_on, "DATE_FORMAT") if lot.expires_on else ""


class Lots(table.Table):
    """Every lot, the latest first."""

    id, caption, order, csv_name = "lots", _("Lots"), "-id", "lots"
    columns = [
        table.Column("code", _("Lot"), link=address, sub="variant.sku", card=1, fixed=True),
        table.Column("product", _("Product"), cell=_named, value=lambda each: f"{shown.local(each.variant.product)} {shown.local(each.variant, 'label')}".strip(), card=3, clip=True),
        table.state_column("state", _("State"), STATES),
        table.date_column("received_at", pgettext_lazy("lot", "Received")),
        table.Column("expires_on", _("Expires"), value=_expires, export=lambda each: each.expires_on),
        table.Column("aside", _("In quarantine"), align="end", value=lambda each: each.aside or None),
        table.Column("pieces", _("On hand"), align="end", card=2),
    ]  # fmt: skip
    filters = [
        table.Text(apply=selectors.matching),
        table.Choice("state", _("State"), choices=[(code, state.word) for code, state in STATES.items()]),
        table.DateRange("expires", _("Expires"), field="expires_on"),
    ]  # fmt: skip
    search_hint = _("Lot, SKU, purchase order")
    empty = table.Empty(
        _("No lots yet"), _("Write down lot or serial numbers where a delivery is received."), "layers"
    )


@supplier_role(*READERS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List lots."""
    views = [table.View(STATES[code].word, f"state={code}") for code in ("checking", "held", "recalled", "free")]
    listed = Lots(request, selectors.listed(), views=[*views, table.View(_("All"))])
    return table.respond(request, listed, "supplier/quality/lots.html", {"tabs": quality_tabs.tabs("lots")})


@supplier_role(*READERS)
@require_safe
def page(request: Request, lot_id: int) -> HttpResponseBase:
    """Show a lot: where it lies, where it went, what was done with it."""
    return _show(request, lot_id)


def _show(request: Request, lot_id: int, error: str = "") -> HttpResponseBase:
    lot = selectors.find(lot_id)
    shops = selectors.shops([lot.pk])
    context = {
        "lot": lot,
        "state": STATES[lot.state],
        "error": error,
        "typed": request.POST,
        "places": selectors.places(lot),
        "waiting": [each for each in held_orders.stuck() if lot in each.lots] if lot.state != Lot.State.FREE else [],
        "totes": selectors.in_totes(lot) if lot.state != Lot.State.FREE else [],
        "shops": shops,
        "sums": {
            "parcels": sum(each.parcels for each in shops),
            "orders": sum(each.orders for each in shops),
            "pieces": sum(each.pieces for each in shops),
        },
        "parcels": selectors.parcels([lot.pk], SHOWN),
        "most": SHOWN,
        "moved": [(each, causes.link(each.cause)) for each in selectors.moved(lot)],
        "source": causes.link(lot.source) if lot.source else "",
        "may_work": may_work(request),
        "tabs": quality_tabs.tabs("lots"),
    }
    return render(request, "supplier/quality/lot.html", context, status=422 if error else 200)


def _step(request: Request, lot_id: int, step: Callable[[], Any], said: str) -> HttpResponseBase:
    return steps.take(
        request,
        step,
        said=said,
        onward=lambda: reverse("supply:lot", args=[lot_id]),
        refused=lambda why: _show(request, lot_id, why),
    )


@supplier_role(*WORKERS)
@require_POST
def hold(request: Request, lot_id: int) -> HttpResponseBase:
    """Hold a lot in all shops at once."""
    reason = request.POST.get("reason", "")
    return _step(
        request,
        lot_id,
        lambda: lots.hold(lot_id=lot_id, reason=reason, actor_id=request.user.pk),
        gettext("Held: nothing of it is sold, picked or sent in any shop"),
    )


@supplier_role(*WORKERS)
@require_POST
def free(request: Request, lot_id: int) -> HttpResponseBase:
    """Let a lot be sold again."""
    reason = request.POST.get("reason", "")
    return _step(
        request,
        lot_id,
        lambda: lots.free(lot_id=lot_id, reason=reason, actor_id=request.user.pk),
        gettext("Free again in all shops"),
    )


@supplier_role(*WORKERS)
@require_POST
def scrap(request: Request, lot_id: int, warehouse_id: int) -> HttpResponseBase:
    """Throw away what lies in quarantine in a warehouse."""
    reason = request.POST.get("reason", "")
    return _step(
        request,
        lot_id,
        lambda: lots.scrap(lot_id=lot_id, warehouse_id=warehouse_id, reason=reason, actor_id=request.user.pk),
        gettext("Thrown away, and taken out of stock"),
    )


@supplier_role(*READERS)
@require_safe
def trace(request: Request, lot_id: int) -> HttpResponse:
    """Give all parcels of a lot as a CSV file: shops and orders, not consumers."""
    lot = selectors.find(lot_id)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="lot-{lot.pk}.csv"'
    answer.write("\ufeff")
    sheet = csv.writer(answer)
    sheet.writerow(["lot", "shop", "order", "parcel", "shipped_at", "pieces"])
    for each in selectors.parcels([lot.pk]):
        shop, at = sheets.harmless(each.shop), each.shipped_at.isoformat()
        sheet.writerow([sheets.harmless(lot.code), shop, each.order_number, each.number, at, each.pieces])
    return answer


@supplier_role("warehouse", "support", "quality")
@require_safe
def slip(request: Request, parcel: str) -> HttpResponse:
    """Show the paper that lies in a parcel: what is inside, and of which lots."""
    found, shipment = fulfilment.find_parcel(parcel)
    codes: dict[int, list[str]] = {}
    for pick in selectors.in_parcel(shipment.pk):
        codes.setdefault(pick.line_id, []).append(_coded(pick.lot, pick.quantity))
    lines = [(line, codes.get(line.fulfilment_line_id, [])) for line in shipment.lines.all()]
    context = {"each": found, "shipment": shipment, "lines": lines, "lotted": bool(codes)}
    if codes:
        address_ = f"/trace/{parcel_codes.code(shipment.number)}/"
        context["trace_url"] = hosts.shop_url(found.order.reseller, address_)
    return render(request, "supplier/fulfilment/slip.html", context)


def _coded(lot: Lot, quantity: int) -> str:
    if lot.serial:
        return gettext("Serial number %(lot)s") % {"lot": lot.code}
    return ngettext("Lot %(lot)s, %(n)s piece", "Lot %(lot)s, %(n)s pieces", quantity) % {
        "lot": lot.code,
        "n": quantity,
    }
