"""Orders: the list, and the page of one with its money, its parcels and its history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy import hosts
from s2b2c.ui import figures, table, toast
from supplier.models import Account, Company, Journal, SalesOrder, Warehouse
from supplier.selectors import fulfilment, orders
from supplier.services import notes
from supplier.web import filters, shown

READERS = ("warehouse", "finance", "support", "quality")
WRITERS = ("warehouse", "finance", "support")
STEPS = [
    (code, shown.STEPS[code].word) for code in ("queued", "picking", "packed", "part_shipped", "shipped", "cancelled")
]


def address(order: SalesOrder) -> str:
    """Give the address of an order's page."""
    return reverse("supply:order", args=[order.reseller.slug, order.order_number])


def _from(order: SalesOrder) -> str:
    return ", ".join(each.warehouse.code for each in order.fulfilments.all())


def _money(key: str, label: str | Promise, home: str, **more: Any) -> table.Column:
    """An amount; its currency is in the head unless it is another one."""

    def cell(order: SalesOrder) -> str:
        return figures.amount(getattr(order, key), order.currency, bare=order.currency == home)

    return table.Column(key, f"{label}, {home}", cell=cell, align="end", export=_decimal(key), **more)


def _decimal(key: str) -> Any:
    return lambda order: figures.to_decimal(getattr(order, key), order.currency)


class Orders(table.Table):
    """All orders of all shops."""

    id, caption, order, csv_name = "orders", _("Orders"), "-placed_at", "orders"
    filters = [
        table.Text(apply=orders.matching),
        table.Choice("state", _("State"), choices=STEPS, apply=orders.in_step),
        filters.Shop("shop", _("Shop")),
        filters.From("from", _("Ships from"), choices=filters.warehouses, apply=orders.sent_from),
        table.Choice("method", _("Paid by"), choices=list(shown.METHODS.items())),
        table.DateRange("placed", _("Placed"), field="placed_at"),
        table.Choice(
            "short", _("Short"), choices=[("1", _("Not all sent"))], apply=lambda rows, asked: orders.short(rows)
        ),
    ]
    search_hint = _("Number, name, SKU")
    empty = table.Empty(
        _("No orders yet"), _("An order appears here within a second of being placed in a shop."), "shopping-bag"
    )

    def __init__(self, request: Request, home: str, **more: Any) -> None:
        super().__init__(request, orders.listed(), **more)
        self.columns = [
            table.Column("order_number", _("Order"), link=address, card=1, fixed=True),
            table.state_column("state", _("State"), shown.STEPS, value=orders.step),
            table.date_column("placed_at", _("Placed"), sort="placed_at"),
            table.Column("shop", _("Shop"), value="reseller.name", card=3, clip=True),
            table.Column("recipient_name", _("Consumer"), clip=True),
            table.Column("from", _("Ships from"), value=_from, muted=True),
            table.Column(
                "method", _("Paid by"), value=lambda order: shown.method(order.method), muted=True, hidden=True
            ),
            table.Column("units", _("Units"), align="end"),
            _money("captured_minor", gettext("Paid"), home, card=2),
            _money("wholesale_minor", gettext("Wholesale"), home),
            _money("service_minor", gettext("Services"), home, hidden=True),
            _money("margin_minor", gettext("Margin"), home),
            _money("fee_minor", gettext("Fee"), home, hidden=True),
            _money("tax_minor", gettext("Tax"), home, hidden=True),
            _money("shipping_minor", gettext("Shipping"), home, hidden=True),
            _money("funded_minor", gettext("Discount we fund"), home, hidden=True),
            _money("refunded_minor", gettext("Refunded"), home, hidden=True),
        ]


@supplier_role(*READERS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List orders of all shops."""
    waiting = fulfilment.queues()
    counts = {state: waiting[state].count if state in waiting else 0 for state in ("queued", "picking", "packed")}
    views = [
        table.View(_("All")),
        *(table.View(shown.STEPS[state].word, f"state={state}", counts[state]) for state in counts),
        table.View(_("Short"), "short=1"),
        table.View(_("Shipped"), "state=shipped"),
    ]
    return table.respond(request, Orders(request, home_currency(), views=views), "supplier/orders/list.html")


def home_currency() -> str:
    """Give the currency S counts in."""
    return Company.objects.values_list("currency", flat=True).first() or "USD"


class NoteForm(forms.Form):
    """A comment for colleagues."""

    text = forms.CharField(label=_("Comment"), max_length=notes.LONGEST, widget=forms.Textarea(attrs={"rows": 2}))


@supplier_role(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request, slug: str, number: str) -> HttpResponse:
    """Show one order; a POST adds a comment."""
    form = NoteForm(request.POST or None)
    may_write = request.membership is not None and request.membership.role in ("admin", *WRITERS)
    if request.method == "POST" and may_write and form.is_valid():
        try:
            notes.comment(slug=slug, number=number, text=form.cleaned_data["text"], actor_id=request.user.pk)
        except Refused as refusal:
            form.add_error("text" if refusal.field else None, str(refusal))
        else:
            toast.add(request, gettext("Comment added"))
            return redirect("supply:order", slug, number)
    order = orders.find(slug=slug, number=number)
    may_read_books = request.membership is not None and request.membership.role in ("admin", "finance")
    context = {
        **_context(order),
        "form": form,
        "may_write": may_write,
        "may_stop": _may_stop(request),
        "may_read_books": may_read_books,
        "may_return": _may_return(request, order),
        "payout_holds": list(order.payout_holds.filter(released_at=None).order_by("pk")) if order.payout_held else [],
    }
    return render(request, "supplier/orders/page.html", context, status=422 if form.errors else 200)


def _may_stop(request: Request) -> bool:
    return request.membership is not None and request.membership.role in ("admin", "warehouse", "support")


def _may_return(request: Request, order: SalesOrder) -> bool:
    sent = order.status in (SalesOrder.Status.SHIPPED, SalesOrder.Status.PART_SHIPPED)
    return sent and request.membership is not None and request.membership.role in ("admin", "support")


def _context(order: SalesOrder) -> dict[str, Any]:
    newer, older = orders.neighbours(order)
    warehouses = {each.pk: shown.local(each) for each in Warehouse.objects.all()}
    parts = {name: getattr(order, f"{name}_minor") for name in ("wholesale", "margin", "fee", "tax", "shipping")}
    parts["funded"] = -order.funded_minor
    if order.service_minor:
        parts["service"] = order.service_minor
    served = orders.fulfilments(order)
    books = [_entries(journal) for journal in orders.journals(order)]
    _anchor(books)
    return {
        "order": order,
        "state": shown.STEPS[orders.step(order)],
        "newer": address(newer) if newer else "",
        "older": address(older) if older else "",
        "parts": parts,
        "part_urls": {name: f"#e-{name}" for name in parts},
        "paid_by": shown.method(order.method),
        "fulfilments": [_served(each, pieces) for each, pieces in served],
        "may_hold": order.status not in ("shipped", "cancelled") and not order.held_by,
        "next": next((each for each, _pieces in served if each.state not in ("shipped", "cancelled")), None),
        "goods_minor": order.captured_minor - order.tax_minor - order.shipping_minor,
        "taxes": orders.taxes(order),
        "journals": books,
        "books_minor": sum(journal["sum_minor"] for journal in books),
        "events": [shown.event(note, warehouses) for note in orders.history(order)],
        "shop_url": hosts.shop_url(order.reseller),
        "returns": _returns(order),
        "return_url": reverse("supply:return_start", args=[order.reseller.slug, order.order_number]),
    }


def _returns(order: SalesOrder) -> list[tuple[str, str, str]]:
    """Give an order's returns: number, state in words, address."""
    return [
        (each.number, each.get_state_display(), reverse("supply:return", args=[each.number]))
        for each in order.returns.order_by("id")
    ]


def _served(each: Any, pieces: list[orders.Piece]) -> dict[str, Any]:
    return {
        "order": each,
        "place": shown.local(each.warehouse),
        "state": shown.STEPS[each.state],
        "pieces": pieces,
        "units": sum(piece.row.units for piece in pieces if piece.row.lead),
        "wholesale_minor": sum(piece.wholesale_minor for piece in pieces),
        "retail_minor": sum(piece.retail_minor for piece in pieces),
        "shipments": list(each.shipments.all()),
    }


def _entries(journal: Journal) -> dict[str, Any]:
    """Give a journal as lines of debit and credit per account."""
    debits: Counter[Account] = Counter()
    credits: Counter[Account] = Counter()
    for transfer in journal.transfers.all():
        debits[transfer.debit] += transfer.amount_minor
        credits[transfer.credit] += transfer.amount_minor
    lines = [_line(account, debit=minor) for account, minor in debits.items()]
    lines += [_line(account, credit=minor) for account, minor in credits.items()]
    return {
        "journal": journal,
        "title": shown.JOURNALS.get(journal.kind, journal.kind),
        "lines": lines,
        "sum_minor": sum(debits.values()),
    }


def _line(account: Account, **minor: int) -> dict[str, Any]:
    return {"account": account, "share": shown.SHARES.get(account.kind, ""), **minor}


def _anchor(books: Iterable[dict[str, Any]]) -> None:
    """Let each part of the money bar lead to the first entry of its account."""
    seen: set[str] = set()
    for line in (line for journal in books for line in journal["lines"]):
        if line["share"] and line["share"] not in seen:
            seen.add(line["share"])
            line["anchor"] = f"e-{line['share']}"
