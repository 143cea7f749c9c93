"""Customers of the shop, and the poster that brings them in."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from reseller.models import Customer
from reseller.selectors import shop as shops
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel import texts
from s2b2c.tenancy import hosts
from s2b2c.ui import table

SEGMENTS = {
    "best": gettext_lazy("Best"),
    "regular": gettext_lazy("Regular"),
    "new": pgettext_lazy("customer", "New"),
    "once": gettext_lazy("Once"),
    "slipping": gettext_lazy("Slipping away"),
    "gone": gettext_lazy("Gone"),
}


class Customers(table.Table):
    """Who bought here, newest first."""

    id, caption, order, csv_name = "customers", gettext_lazy("Customers"), "-created_at", "customers"
    columns = [
        table.Column(
            "name",
            pgettext_lazy("of a person", "Name"),
            value=lambda row: row.name or row.email,
            sub="email",
            card=1,
            fixed=True,
        ),
        table.Column("segment", gettext_lazy("Segment"), value=lambda row: SEGMENTS.get(row.segment, ""), card=5),
        table.Column("phone", gettext_lazy("Phone"), card=3),
        table.Column("town", gettext_lazy("Town"), value=lambda row: row.address.get("city", ""), card=4),
        table.date_column("created_at", gettext_lazy("Since"), time=False, sort="created_at", card=2),
    ]
    filters = [
        table.Text(fields=["name__icontains", "email__icontains"]),
        table.Choice("segment", gettext_lazy("Segment"), choices=Customer.Segment.choices),
    ]
    search_hint = gettext_lazy("Name or e-mail")
    empty = table.Empty(
        gettext_lazy("No customers yet"),
        gettext_lazy("Everybody who orders here is listed, and belongs to your shop alone."),
        "users",
    )


@reseller_role("manager")
@require_safe
def customers(request: Request) -> HttpResponseBase:
    """List the shop's customers."""
    listed: Any = Customers(request, Customer.objects.filter(erased_at=None))
    return table.respond(request, listed, "office/customers.html")


@reseller_role()
@require_safe
def share(request: Request) -> HttpResponse:
    """Show the shop's address and QR code, as a page that prints as a poster."""
    shop = shops.get()
    assert request.reseller is not None
    shown = hosts.shop_url(request.reseller, "").split("://")[1]
    return render(request, "office/share.html", {"row": shop, "address": shown, "line": texts.local(shop, "tagline")})
