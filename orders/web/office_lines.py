"""The lines behind a figure of the money page, each with its order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from orders.models import Order
from reseller.selectors import shop as shops
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel import money
from s2b2c.kernel.errors import NotFound
from s2b2c.ui import figures, table
from supplier.models import Account
from supplier.selectors import statement
from supplier.web import papers

KINDS = {"sale": _("Sold"), "back": _("Given back")}
PLACES = {"1": _("On the way"), "0": _("Sent or settled")}


@dataclass(frozen=True)
class Month(table.Filter):
    """A month of the statement, as ``2026-11``. :raises NotFound: something else, though not nothing."""

    def read(self, query: QueryDict) -> date | None:
        text = query.get(self.key, "")
        if not text:
            return None
        try:
            return date.fromisoformat(f"{text}-01")
        except ValueError:
            raise NotFound() from None

    def narrow(self, rows: QuerySet[Any], asked: date) -> QuerySet[Any]:
        return statement.in_month(rows, asked)

    def word(self, asked: date) -> str:
        return date_format(asked, "YEAR_MONTH_FORMAT")


class Lines(table.Table):
    """What was earned and given back, newest first; the sum is the database's."""

    id, caption, order, csv_name = "lines", _("Lines behind the figure"), "-journal__at", "money"
    filters = [
        Month("month", _("Month")),
        table.DateRange("at", _("When"), field="journal__at"),
        table.Choice(
            "kind", _("What"), choices=list(KINDS.items()), apply=lambda rows, kinds: statement.of_kinds(rows, kinds)
        ),
        table.Choice(
            "waiting",
            _("Where it is"),
            choices=list(PLACES.items()),
            apply=lambda rows, asked: _of_places(rows, asked),
        ),
    ]
    empty = table.Empty(_("No lines here"), _("No order is behind this figure."), "file-text")
    allow_columns = allow_views = False

    def __init__(self, request: Request, rows: QuerySet[Any], currency: str, **more: Any) -> None:
        self.currency = currency
        self.columns = [
            table.Column(
                "order", _("Order"), value=self._name, cell=self._name_cell, sub=lambda row: f"#{_number(row)}" if _number(row) else "",
                export=_number, card=1, fixed=True, link=lambda row: _order_url(request, _number(row)),
            ),
            table.Column("what", _("What"), value=what, cell=_what_cell, card=3),
            table.date_column("journal__at", _("When"), sort="journal__at", card=4),
            table.Column(
                "amount", _("Yours"), align="end", card=2, sort="amount", total=self._sum,
                cell=lambda row: figures.amount(row.amount, currency, sign=True),
                export=lambda row: money.to_decimal(row.amount, currency),
            ),
        ]  # fmt: skip
        super().__init__(request, rows, **more)

    @cached_property
    def _names(self) -> dict[str, str]:
        """Who ordered what is on this page, asked for once."""
        numbers = {_number(row) for row in self.page.rows}
        return dict(Order.objects.filter(number__in=numbers).values_list("number", "name"))

    def _name(self, row: Any) -> str:
        return self._names.get(_number(row)) or _number(row)

    def _name_cell(self, row: Any) -> str:
        """Name who ordered; on a phone a line of no order is headed by what it is."""
        name = self._name(row)
        return name or format_html('<span class="no-card">–</span><b class="only-card">{}</b>', what(row))

    def _sum(self, rows: QuerySet[Any]) -> str:
        return figures.amount(statement.total(rows), self.currency)


def _number(row: Any) -> str:
    return str(row.journal.order_number)


def what(row: Any) -> str:
    """Name what a line is."""
    kind = row.journal.kind
    if kind == "sale" and row.amount < 0 and row.credit.kind == Account.Kind.SHIPPING:
        return gettext("Delivery you paid")
    return str({"sale": KINDS["sale"], "refund": KINDS["back"]}.get(kind) or papers.kind(kind))


def _what_cell(row: Any) -> str:
    return what(row) if _number(row) else format_html('<span class="no-card">{}</span>', what(row))


def _order_url(request: Request, number: str) -> str | None:
    assert request.reseller is not None
    return reverse("office:order", kwargs={"shop": request.reseller.slug, "number": number}) if number else None


def _of_places(rows: QuerySet[Any], asked: list[str]) -> QuerySet[Any]:
    return rows if len(asked) > 1 else statement.waiting(rows, asked == ["1"])


@reseller_role("manager")
@require_safe
def entries(request: Request) -> HttpResponseBase:
    """Show the lines behind a figure of the money page."""
    shop = shops.get()
    listed = Lines(request, statement.lines(shops.reseller().id, shop.currency), shop.currency)
    asked = {each.key: listed_for for each, listed_for in listed.asked}
    return table.respond(request, listed, "office/entries.html", {"title": _title(asked)})


def _title(asked: dict[str, Any]) -> str:
    if "month" in asked:
        return date_format(asked["month"], "YEAR_MONTH_FORMAT")
    places = asked.get("waiting", [])
    return str(PLACES[places[0]] if len(places) == 1 else _("All lines"))
