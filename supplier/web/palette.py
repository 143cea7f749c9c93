"""The palette (Ctrl-K): go to an order, a SKU, a reseller or a page by a few letters."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from supplier.selectors import find
from supplier.web import fulfilment, orders, resellers, shown, stock


@supplier_role()
@require_safe
def palette(request: Request) -> HttpResponse:
    """Give what matches: the hits alone for the dialog, a page where there is no script."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    role = request.membership.role if request.membership else ""
    groups = _groups(text, role) if len(text) >= find.SHORTEST else []
    template = "supplier/_palette_hits.html" if request.headers.get("HX-Request") else "supplier/palette.html"
    response = render(request, template, {"q": text, "groups": [group for group in groups if group[1]]})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _groups(text: str, role: str) -> list[tuple[str, list[dict[str, Any]]]]:
    found: list[tuple[str, list[dict[str, Any]]]] = []
    if role in ("admin", *orders.READERS):
        found.append(
            (
                gettext("Orders"),
                [
                    _hit(each.order_number, orders.address(each), "receipt-text", each.reseller.name)
                    for each in find.orders(text)
                ],
            )
        )
    if role in ("admin", *fulfilment.READERS):
        found.append(
            (
                gettext("Fulfilment"),
                [
                    _hit(
                        each.number,
                        reverse("supply:fulfilment_order", args=[each.number]),
                        "package",
                        shown.local(each.warehouse),
                    )
                    for each in find.fulfilments(text)
                ],
            )
        )
    if role in ("admin", *stock.READERS):
        found.append(
            (
                gettext("SKUs"),
                [
                    _hit(each.sku, stock.address(each), "tag", shown.local(each.product))
                    for each in find.variants(text)
                ],
            )
        )
    if role in ("admin", *resellers.READERS):
        found.append(
            (
                gettext("Resellers"),
                [_hit(each.name, resellers.address(each), "store", each.slug) for each in find.resellers(text)],
            )
        )
    return found


def _hit(label: str, url: str, icon: str, note: str) -> dict[str, Any]:
    return {"label": label, "url": url, "icon": icon, "note": note}
