"""The offices' navigation, in one list each: an entry shows where its page exists and the reader's role may open it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from s2b2c.accounts.http import Request
from s2b2c.tenancy import hosts
from s2b2c.tenancy.context import reading
from s2b2c.ui import nav
from s2b2c.ui.nav import NavItem
from supplier.models import Company

Entry = tuple[str, str | Promise, str, str | Promise]

_SELL, _SUPPLY, _MONEY, _NETWORK, _SETTINGS = _("Sell"), _("Supply"), _("Money"), _("Network"), _("Settings")

# url name, label, icon, group
SUPPLY: list[Entry] = [
    ("supply:today", _("Today"), "house", ""),
    ("supply:insights", _("Insights"), "chart-line", ""),
    ("supply:orders", _("Orders"), "receipt-text", _SELL),
    ("supply:catalogue", _("Catalogue"), "tag", _SELL),
    ("supply:imports", _("Imports"), "file-spreadsheet", _SELL),
    ("supply:fulfilment", _("Fulfilment"), "package", _SUPPLY),
    ("supply:returns", _("Returns"), "undo-2", _SUPPLY),
    ("supply:stock", _("Stock"), "warehouse", _SUPPLY),
    ("supply:purchases", _("Buying"), "clipboard-list", _SUPPLY),
    ("supply:lots", _("Quality"), "shield-check", _SUPPLY),
    ("supply:cash", _("Cash on delivery"), "banknote", _MONEY),
    ("supply:campaigns", _("Campaigns"), "badge-percent", _MONEY),
    ("supply:disputes", _("Disputes"), "shield-alert", _MONEY),
    ("supply:settlements", _("Settlement"), "hand-coins", _MONEY),
    ("supply:bank_refunds", _("Refunds"), "banknote", _MONEY),
    ("supply:ledger", _("Ledger"), "scale", _MONEY),
    ("supply:desk", _("Help"), "message-square", _NETWORK),
    ("supply:resellers", _("Resellers"), "store", _NETWORK),
    ("supply:kits", _("Kits"), "package-open", _NETWORK),
    ("supply:tools", _("Tools"), "wrench", _NETWORK),
    ("supply:academy", _("Academy"), "graduation-cap", _NETWORK),
    ("supply:announcements", _("Announcements"), "megaphone", _NETWORK),
    ("supply:company", _("Company"), "building-2", _SETTINGS),
    ("supply:services", _("Services"), "handshake", _NETWORK),
    ("supply:warehouses", _("Warehouses"), "map-pin", _SETTINGS),
    ("supply:staff", _("Staff"), "users", _SETTINGS),
    ("supply:api_keys", _("API keys"), "key-round", _SETTINGS),
    ("supply:audit", _("Audit log"), "history", _SETTINGS),
    ("supply:jobs", _("Jobs"), "list-checks", _SETTINGS),
    ("supply:outbox", _("Events"), "workflow", _SETTINGS),
    ("supply:health", _("System health"), "activity", _SETTINGS),
]

# url name, label, icon, place: in the phone's bottom bar (first, plus) or under "More"
OFFICE: list[Entry] = [
    ("office:home", _("Home"), "house", "first"),
    ("office:orders", _("Orders"), "receipt-text", "first"),
    ("office:add_products", _("Add products"), "plus", "plus"),
    ("office:products", _("Shop"), "store", "first"),
    ("office:money", _("Money"), "wallet", "first"),
    ("office:cases", _("Help"), "message-square", "more"),
    ("office:insights", _("Insights"), "chart-line", "more"),
    ("office:kits", _("Kits"), "package-open", "more"),
    ("office:services", _("Services"), "handshake", "more"),
    ("office:rounds", _("Buy together"), "boxes", "more"),
    ("office:advice", _("Product advice"), "lightbulb", "more"),
    ("office:promotions", _("Promotions"), "badge-percent", "more"),
    ("office:customers", _("Customers"), "users", "more"),
    ("office:design", _("Design"), "palette", "more"),
    ("office:share", _("Share"), "qr-code", "more"),
    ("office:learn", _("Learn"), "graduation-cap", "more"),
    ("office:announcements", _("Announcements"), "megaphone", "more"),
    ("office:domains", _("Address"), "globe", "more"),
    ("office:settings", _("Settings"), "settings", "more"),
    ("office:staff", _("Staff"), "user-plus", "more"),
    ("office:jobs", _("Jobs"), "list-checks", "more"),
    ("office:api_keys", _("API keys"), "key-round", "more"),
]


def frame(request: Request) -> dict[str, Any]:
    """Context processor: what the frames of both offices show around a page."""
    if getattr(request, "audience", "") == "supply":
        return {
            "nav": _lazy(request, SUPPLY),
            "error_frame": lambda: "base/supply.html" if request.membership else "",
            "company": SimpleLazyObject(_company),
            "second_factor_missing": SimpleLazyObject(lambda: _second_factor_missing(request)),
        }
    reseller = getattr(request, "reseller", None)
    if getattr(request, "audience", "") != "office" or reseller is None:
        return {}
    return {
        "nav": _lazy(request, OFFICE),
        "error_frame": lambda: "base/office.html" if request.membership else "",
        "shop": {"name": reseller.name},
        "shop_open": reseller.is_open,
        "shop_status": reseller.get_status_display(),
        "shop_suspended": reseller.status == reseller.Status.SUSPENDED,
        "shop_url": hosts.shop_url(reseller),
        "home_url": f"/{reseller.slug}/",
        "supplier_name": SimpleLazyObject(_company),
    }


def items(request: Request, entries: list[Entry]) -> list[NavItem]:
    """Give the entries this reader may open, the present one marked."""
    shop = request.reseller.slug if request.reseller else ""
    role = request.membership.role if request.membership else ""
    shown = []
    for name, label, icon, where in entries:
        url, roles = _page(request.urlconf, name, shop)
        if url and (not roles or role in roles):
            place = {"place": str(where)} if shop else {"group": where}
            shown.append(NavItem(label=label, url=url, icon=icon, **place))  # type: ignore[arg-type]
    return nav.mark(shown, request.path)


def _lazy(request: Request, entries: list[Entry]) -> Any:
    return SimpleLazyObject(lambda: items(request, entries))


def _second_factor_missing(request: Request) -> bool:
    return settings.SUPPLIER_MFA_REQUIRED and bool(request.membership and request.membership.needs_second_factor)


def _company() -> str:
    with reading():
        found = Company.objects.only("name").first()
    return found.name if found else ""


@lru_cache(maxsize=4096)
def _page(urlconf: str, name: str, shop: str) -> tuple[str, frozenset[str]]:
    """Give a page's address and who may open it; no address where there is no such page yet."""
    try:
        url = reverse(name, urlconf=urlconf, kwargs={"shop": shop} if shop else None)
    except NoReverseMatch:
        return "", frozenset()
    return url, getattr(resolve(url, urlconf).func, "required_roles", frozenset())
