"""The shop's money: what S owes b, order by order and month by month, from S's books."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from orders.selectors import office
from orders.web.office_payouts import returned
from reseller.selectors import shop as shops
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.ui.states import State
from supplier.models import Settlement, Terms
from supplier.selectors import standing
from supplier.services import bank_accounts

PAYOUTS = {
    "created": State("info", gettext_lazy("Under way")),
    "sent": State("info", gettext_lazy("Under way")),
    "unresolved": State("info", gettext_lazy("Under way")),
    "paid": State("ok", pgettext_lazy("payout", "Paid")),
    "failed": State("warn", gettext_lazy("Came back")),
}


@reseller_role("manager")
@require_safe
def money(request: Request) -> HttpResponse:
    """Show balance, orders on the way and the statement by month."""
    shop, reseller = shops.get(), shops.reseller()
    stand, agreed = standing.of(reseller.id, shop.currency), standing.agreed(reseller.id)
    found = {
        "row": shop,
        "standing": stand,
        "window": agreed.terms.return_days,
        "statements": [(each, _payout(each)) for each in standing.statements(reseller.id)[:24]],
        "account": _account(agreed),
        "waiting": office.waiting(50),
        "months": stand.months,
        "earned": sum(month.earned for month in stand.months),
        "back": sum(month.back for month in stand.months),
        "net": sum(month.net for month in stand.months),
        "fee_words": f"{agreed.terms.fee_bps / 100:g} %",
        "supplier_name": agreed.supplier,
    }
    return render(request, "office/money.html", found)


def _payout(row: Settlement) -> State | None:
    """Say what became of a statement's money; None where it paid nothing."""
    return PAYOUTS[row.payout.state] if row.payout_minor else None


def _account(agreed: standing.Agreed) -> dict[str, Any]:
    """Say where the next payout goes, and whether something is missing."""
    found = agreed.account
    if agreed.terms.payout_method == Terms.Method.BANK:
        bank = found.get("bank") or {}
        where = [bank.get("bank", ""), bank_accounts.masked(bank.get("account", ""))]
        return {"ready": bool(bank), "where": " ".join(filter(None, where))}
    ready = bool(found.get("ready"))
    return {
        "ready": ready,
        "begun": bool(found.get("stripe_id")),
        "where": found.get("stripe_bank", "") if ready else "",
        "returned": returned(found.get("returned") or {}),
    }
