"""What a key may be allowed to do, per side."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What anyone may do on a shop's host without a key: read the catalogue, fill a cart, check out, look up the own order.
STOREFRONT = "storefront"

SUPPLY: dict[str, str | Promise] = {
    "catalogue:read": _("Read products, variants and categories"),
    "catalogue:write": _("Create and change products"),
    "stock:read": _("Read stock by warehouse"),
    "stock:write": _("Book stock movements"),
    "fulfilment:read": _("Read fulfilment orders and shipments"),
    "fulfilment:write": _("Pick, pack and ship"),
    "returns:read": _("Read expected returns"),
    "returns:write": _("Receive and inspect returns"),
    "network:read": _("Read providers of services"),
    "network:write": _("Register providers of services"),
    "tasks:read": _("Read tasks of providers of services, with addresses"),
    "tasks:write": _("Answer for providers of services: accept, decline, done"),
    "cash:write": _("Say that cash on delivery was collected"),
    "settlement:read": _("Read balances, statements and payouts"),
}

SHOP: dict[str, str | Promise] = {
    "orders:read": _("Read orders and their status"),
    "orders:write": _("Cancel and refund orders"),
    "settlement:read": _("Read balances, statements and payouts"),
    "listings:read": _("Read listings and prices"),
    "listings:write": _("Change listings and prices"),
}

SIDES = {"supply": SUPPLY, "shop": SHOP}
