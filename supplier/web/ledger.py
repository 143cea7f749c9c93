"""The books: accounts, journals, and whether they hold together. Nothing here changes them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.ui import figures, table, toast
from supplier.models import Account, Journal
from supplier.selectors import ledger, seals
from supplier.web import filters, shown


class Payables(table.Table):
    """What is owed to resellers."""

    id, caption, order, csv_name = "payables", _("Owed to resellers"), "pk", "payables"
    filters = [
        table.Text(fields=["reseller__name__icontains", "reseller__slug__startswith"]),
    ]
    columns = [
        table.Column("reseller", _("Reseller"), value="reseller.name", card=1, fixed=True,
                     link=lambda each: f"{reverse('supply:journals')}?shop={each.reseller.slug}"),
        table.Column("currency", _("Currency"), muted=True, card=3),
        table.Column("balance", _("Balance"), align="end", card=2, value=lambda each: ledger.balances([each])[each.pk],
                     cell=lambda each: _amount(each.balance_minor, each.currency),
                     export=lambda each: figures.to_decimal(ledger.balances([each])[each.pk], each.currency)),
    ]  # fmt: skip
    on: date | None = None
    search_hint = _("Reseller")
    empty = table.Empty(_("Nothing is owed yet"), _("The first order of a shop opens its account."), "wallet")

    def sum_up(self) -> None:
        """Write the balances onto this page's rows, in two queries."""
        found = ledger.balances(self.page.rows, self.on)
        for row in self.page.rows:
            row.balance_minor = found[row.pk]


def _amount(minor: int, currency: str) -> str:
    return figures.amount(minor, currency)


@supplier_role("finance")
@require_safe
def index(request: Request) -> HttpResponseBase:
    """Show accounts, now or as of the end of a day, and the last check."""
    listed, on = Payables(request, ledger.payables()), _day(request.GET.get("on", ""))
    listed.on = on
    if "csv" not in request.GET:
        listed.sum_up()
    accounts = [_account(each, on) for each in ledger.of_platform(on)] if "csv" not in request.GET else []
    context = {"accounts": accounts, "checked": ledger.last_check(), "on": on, "seal": seals.latest()}
    return table.respond(request, listed, "supplier/ledger/accounts.html", context)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _account(each: ledger.Balance, on: date | None) -> dict[str, Any]:
    words = f"account={each.account.kind}" + (f"&at_to={on}" if on else "")
    return {
        "balance": each,
        "share": shown.SHARES.get(each.account.kind, ""),
        "url": f"{reverse('supply:journals')}?{words}",
    }


@supplier_role("finance")
@require_POST
def check(request: Request) -> HttpResponse:
    """Check the books and the stock now."""
    found = ledger.check()
    if found.findings:
        count = len(found.findings)
        text = ngettext("%(n)s thing doesn't add up", "%(n)s things don't add up", count) % {"n": count}
        toast.add(request, text, tone="bad")
    else:
        toast.add(request, gettext("Everything adds up"))
    return redirect("supply:ledger")


# --- Journals --------------------------------------------------------------------------------------
def _total(journal: Journal) -> int:
    return sum(each.amount_minor for each in journal.transfers.all())


def _currency(journal: Journal) -> str:
    return next((each.currency for each in journal.transfers.all()), "")


def _accounts(journal: Journal) -> str:
    sides = (side for each in journal.transfers.all() for side in (each.debit, each.credit))
    return ", ".join(str(Account.Kind(kind).label) for kind in dict.fromkeys(side.kind for side in sides))


class Journals(table.Table):
    """Every fact of money, the newest first."""

    id, caption, order, csv_name = "journals", _("Journals"), "-at", "journals"
    columns = [
        table.date_column("at", _("When"), sort="at"),
        table.Column("kind", _("What"), value=lambda each: shown.JOURNALS.get(each.kind, each.kind), card=1, fixed=True,
                     link=lambda each: reverse("supply:journal", args=[each.pk])),
        table.Column("reseller", _("Reseller"), value="reseller.name", card=3, clip=True),
        table.Column("order_number", _("Order"), card=4,
                     link=lambda each: reverse("supply:order", args=[each.reseller.slug, each.order_number]) if each.reseller and each.order_number else None),
        table.Column("accounts", _("Accounts"), value=_accounts, muted=True, clip=True),
        table.Column("key", _("Key"), muted=True, hidden=True),
        table.Column("currency", _("Currency"), value=_currency, muted=True, hidden=True),
        table.Column("sum", _("Sum"), align="end", card=2, value=_total, cell=lambda each: figures.amount(_total(each), _currency(each) or "USD"),
                     export=lambda each: figures.to_decimal(_total(each), _currency(each) or "USD")),
    ]  # fmt: skip
    filters = [
        table.Text(apply=ledger.matching),
        table.Choice("kind", _("What"), choices=list(shown.JOURNALS.items())),
        filters.Shop("shop", _("Reseller")),
        table.Choice("account", _("Account"), choices=Account.Kind.choices, apply=ledger.touching),
        table.DateRange("at", _("Day"), field="at"),
        table.Typed("amount", _("Amount"), apply=ledger.of_amount),
    ]
    search_hint = _("Order number or key")
    empty = table.Empty(_("The books are empty"), _("The first order writes the first journal."), "scale")


@supplier_role("finance")
@require_safe
def journals(request: Request) -> HttpResponseBase:
    """List journals."""
    return table.respond(request, Journals(request, ledger.journals()), "supplier/ledger/journals.html")


@supplier_role("finance")
@require_safe
def journal(request: Request, journal_id: int) -> HttpResponse:
    """Show one journal."""
    found = ledger.find(journal_id)
    order_url = (
        reverse("supply:order", args=[found.reseller.slug, found.order_number])
        if found.reseller and found.order_number
        else ""
    )
    context = {"journal": found, "title": shown.JOURNALS.get(found.kind, found.kind), "transfers": list(found.transfers.all()),
               "reversal": ledger.reversal_of(found), "sum_minor": _total(found), "currency": _currency(found), "order_url": order_url}  # fmt: skip
    return render(request, "supplier/ledger/journal.html", context)
