"""Statements and invoices as people read them: made from the frozen document alone, so the same one is the same paper."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from s2b2c.kernel import money, sheets
from s2b2c.ui import countries
from supplier.models import Invoice, Settlement
from supplier.selectors import settlement
from supplier.services.settlement.papers import SUMS

KINDS: dict[str, str | Promise] = {
    "sale": pgettext_lazy("statement", "Sold"),
    "refund": pgettext_lazy("statement", "Given back"),
    "claim": pgettext_lazy("statement", "Claim"),
    "reserve": pgettext_lazy("statement", "Reserve"),
    "payout": pgettext_lazy("statement", "Payout"),
    "payout_returned": pgettext_lazy("statement", "Payout that came back"),
    "clawback": pgettext_lazy("statement", "Taken back from a payout"),
    "dispute": pgettext_lazy("statement", "Dispute"),
    "service_booked": pgettext_lazy("statement", "Kept for a service"),
    "service_done": pgettext_lazy("statement", "Left of a service"),
    "service_cancelled": pgettext_lazy("statement", "Service cancelled"),
    "buying_saving": _("Saving of buying together"),
    "round_deposit": _("Deposit in a buying round"),
    "round_released": _("Deposit given back"),
    "round_kept": _("Deposit given back"),
    "help": pgettext_lazy("statement", "Help for customers"),
}
WORDS: dict[str, str | Promise] = {
    "opening": _("Carried over"),
    "sales": pgettext_lazy("statement", "Sales"),
    "refunds": pgettext_lazy("statement", "Refunds"),
    "claims": pgettext_lazy("statement", "Claims"),
    "adjustments": pgettext_lazy("statement", "Other"),
    "reserve_released": _("Reserve released"),
    "reserve_held": _("Reserve kept back"),
    "payout": _("Paid out"),
    "closing": _("Carried to the next statement"),
}
WHY: dict[str, str | Promise] = {
    "negative": _("More was given back than earned; it is set off against the next sales."),
    "nothing": _("Nothing is left to pay."),
    "below_minimum": _("Below the smallest payout; it goes out with the next one."),
    "suspended": _("The shop is suspended; nothing is paid meanwhile."),
    "account_not_ready": _("The account at Stripe can't receive money yet."),
    "held_back": _("Held back because of a dispute, a return or a question of finance."),
    "no_bank": _("No bank account is known."),
    "refunded_meanwhile": _("Money was given back between review and release; the next run pays what is left."),
}
SIDES: dict[str, str | Promise] = {
    "sale": pgettext_lazy("statement", "Sold"),
    "refund": pgettext_lazy("statement", "Given back"),
}
_TAKEN = ("reserve_held", "payout")


def rate(bps: int | None) -> str:
    """Say a rate of tax; from before rates were noted there is none."""
    return "–" if bps is None else f"{bps / 100:g} %"


def party(document: Mapping[str, Any], side: str) -> dict[str, Any]:
    """Give who one side of a paper is: name, address line by line, tax number; older papers have the name alone."""
    who = document.get("parties", {}).get(side, {})
    place = " ".join(filter(None, (who.get("postcode"), who.get("city"))))
    lines = [
        who.get("street", ""),
        ", ".join(filter(None, (place, who.get("region")))),
        countries.name(who["country"]) if who.get("country") else "",
    ]
    name = who.get("name") or (document["supplier"] if side == "supplier" else document["reseller"]["name"])
    return {"name": name, "lines": [line for line in lines if line], "tax_number": who.get("tax_number", "")}


def kind(code: str) -> str:
    """Name what a line is."""
    return str(KINDS.get(code, code.replace("_", " ")))


def statement(row: Settlement, address: Callable[[int], str]) -> dict[str, Any]:
    """Give a statement's page; a draft is shown from the tables. ``address``: where an invoice is shown."""
    document = row.document or {}
    sums = document.get("sums") or {name: getattr(row, f"{name}_minor") for name in SUMS}
    lines = document.get("lines") or settlement.draft_lines(row)
    return {
        "row": row,
        "document": document,
        "currency": row.currency,
        "sums": [
            (WORDS[name], -sums[name] if name in _TAKEN else sums[name], name in ("payout", "closing"))
            for name in SUMS
            if sums[name] or name in ("opening", "sales", "payout", "closing")
        ],
        "lines": [
            {"at": datetime.fromisoformat(at), "kind": kind(code), "order": number, "amount": amount}
            for at, code, number, amount, _memo in lines
        ],
        "why": WHY.get(row.blocked, ""),
        "sides": [party(document, "supplier"), party(document, "reseller")] if document else [],
        "taxes": [(SIDES[kind_], rate(bps), net, tax) for kind_, bps, net, tax in document.get("taxes", [])],
        "invoices": [(each, address(each.pk)) for each in row.invoices.order_by("pk")],
    }


def statement_csv(row: Settlement) -> HttpResponse:
    """Give a statement's lines as a CSV file."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{row.number or "draft"}.csv"'
    answer.write("\ufeff")
    csv.writer(answer).writerows(_rows(row))
    return answer


def _rows(row: Settlement) -> Iterator[list[Any]]:
    """Codes, not words: the file reads the same whoever asks for it."""
    yield ["at", "kind", "order", "amount", "currency"]
    lines = row.document["lines"] if row.document else settlement.draft_lines(row)
    for at, code, number, amount, _memo in lines:
        yield [at, code, sheets.harmless(number), money.to_decimal(amount, row.currency), row.currency]


def invoice(row: Invoice) -> dict[str, Any]:
    """Give an invoice's page."""
    document = row.document
    return {
        "invoice": row,
        "document": document,
        "issued": datetime.fromisoformat(document["issued"]),
        "currency": document["currency"],
        "supplier": party(document, "supplier"),
        "reseller": party(document, "reseller"),
        "rates": [
            (rate(bps), net, tax)
            for bps, net, tax in document.get("rates", [[None, document["net"], document["tax"]]])
        ],
        "is_credit": row.kind == Invoice.Kind.CREDIT_NOTE,
    }
