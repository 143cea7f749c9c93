"""The shop's money: what S owes b, order by order and month by month, from S's books."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from orders.models import Order
from orders.selectors import office
from reseller.selectors import shop as shops
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel.errors import NotFound
from s2b2c.ui.states import State
from supplier.models import Payout, Terms
from supplier.selectors import settlement, statement, terms
from supplier.services.settlement import accounts
from supplier.web import papers

PAYOUTS = {
    "created": State("info", gettext_lazy("Under way")),
    "sent": State("info", gettext_lazy("Under way")),
    "unresolved": State("info", gettext_lazy("Under way")),
    "paid": State("ok", pgettext_lazy("payout", "Paid")),
    "failed": State("warn", gettext_lazy("Came back")),
}
WAITING = (Order.Status.PLACED, Order.Status.PROCESSING, Order.Status.PART_SHIPPED)


@reseller_role("manager")
@require_safe
def money(request: Request) -> HttpResponse:
    """Show balance, orders on the way and the statement by month."""
    shop, reseller = shops.get(), shops.reseller()
    months = statement.months(reseller.id, shop.currency)
    rows = office.orders().filter(status__in=WAITING).prefetch_related("lines").order_by("-placed_at", "-id")[:50]
    cut = shops.cut(shop)
    found = {
        "row": shop,
        "standing": settlement.standing(reseller.id, shop.currency),
        "window": (terms.row_of(reseller.id) or Terms()).return_days,
        "payouts": [(each, PAYOUTS[each.state]) for each in _payouts(reseller.id)],
        "statements": settlement.statements(reseller=reseller, released=True).order_by("-pk")[:24],
        "account": _account(reseller.id),
        "waiting": [(order, office.split(order)) for order in rows],
        "months": months,
        "earned": sum(month.earned for month in months),
        "back": sum(month.back for month in months),
        "net": sum(month.net for month in months),
        "fee_words": f"{cut.fee_bps / 100:g} %",
    }
    return render(request, "office/money.html", found)


def _payouts(reseller_id: int) -> list[Payout]:
    return list(settlement.payouts().filter(reseller_id=reseller_id).order_by("-pk")[:12])


def _account(reseller_id: int) -> dict[str, Any]:
    """Say where the next payout goes, and whether something is missing."""
    found, in_force = accounts.of(reseller_id), terms.row_of(reseller_id)
    if in_force is not None and in_force.payout_method == Terms.Method.BANK:
        bank = accounts.shown(found)
        return {"ready": bool(bank), "where": " ".join(bank[name] for name in ("bank", "account") if bank.get(name))}
    ready = bool(found and found.ready)
    return {
        "ready": ready,
        "begun": bool(found and found.stripe_id),
        "where": found.stripe_bank if found and ready else "",
    }


@reseller_role("manager")
@require_safe
def entries(request: Request) -> HttpResponse:
    """Show the lines behind a figure of the money page, each with its order."""
    shop, reseller = shops.get(), shops.reseller()
    query = request.GET
    chosen: dict[str, Any] = {
        "month": _month(query.get("month", "")),
        "kind": query.get("kind", "") if query.get("kind") in ("sale", "back") else "",
        "waiting": {"1": True, "0": False}.get(query.get("waiting", "")),
    }
    rows = statement.entries(reseller.id, shop.currency, **chosen)
    names = dict(Order.objects.filter(number__in={row.order_number for row in rows}).values_list("number", "name"))
    found = {
        "row": shop,
        "entries": [(row, names.get(row.order_number, ""), _kind(row.kind)) for row in rows],
        "total": sum(row.amount_minor for row in rows),
        "month": chosen["month"],
        "kind": chosen["kind"],
        "waiting": chosen["waiting"],
    }
    return render(request, "office/entries.html", found)


def _month(text: str) -> date | None:
    """Read ``2026-11``.

    :raises NotFound: something else, though not nothing.
    """
    if not text:
        return None
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise NotFound() from None
    return found


def _kind(kind: str) -> str:
    return {"sale": _("Sold"), "refund": _("Given back")}.get(kind) or papers.kind(kind)
