"""The catalogue: the list and what can be done with many products at once."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.texts import local
from s2b2c.ui import figures, table, toast
from s2b2c.ui.states import State
from supplier.models import Product
from supplier.selectors import catalogue as selectors
from supplier.services import catalogue
from supplier.web.catalogue_forms import category_choices

_S = Product.Status
STATES: dict[Any, State] = {
    _S.DRAFT: State("", _("Draft"), "open"),
    _S.ACTIVE: State("ok", _("Active"), "full"),
    _S.WITHDRAWN: State("", _("Withdrawn"), "stop"),
}
MOST_UNDONE = 500


def _categories() -> list[tuple[str, str]]:
    return [(node.category.slug, "\u2003" * node.indent + local(node.category, "name")) for node in selectors.tree()]


def _price(product: Any) -> Any:
    if product.from_minor is None:
        return ""
    first = figures.amount(product.from_minor, product.currency, bare=True)
    last = figures.amount(product.to_minor, product.currency, bare=True)
    return first if first == last else f"{first} – {last}"


def _free(product: Any) -> Any:
    shown = f"{product.free:,}"
    return (
        format_html('<span class="hot">{}</span>', shown)
        if product.status == _S.ACTIVE and product.free < selectors.LOW
        else shown
    )


class Products(table.Table):
    """All products."""

    id, caption, order, csv_name = "products", _("Catalogue"), "-id", "catalogue"
    columns = [
        table.picture_column(),
        table.Column("name", _("Product"), value=lambda p: local(p, "name"), sub="code", link=lambda p: reverse("supply:product", args=[p.pk]), sort="name_en", card=1, fixed=True, clip=True),
        table.state_column("status", _("Status"), STATES),
        table.Column("category", _("Category"), value=lambda p: local(p.category, "name"), card=3, clip=True),
        table.Column("brand", _("Brand"), muted=True, hidden=True),
        table.Column("variant_count", _("Variants"), align="end"),
        table.money_column("wholesale_from_minor", _("Wholesale from")),
        table.Column("price", _("Suggested"), value=_price, align="end", card=2),
        table.Column("currency", _("Currency"), muted=True, hidden=True),
        table.Column("free", _("Free stock"), cell=_free, align="end"),
        table.date_column("updated_at", _("Changed"), sort="updated_at"),
    ]  # fmt: skip
    filters = [
        table.Text(apply=selectors.matching),
        table.Choice("status", _("Status"), choices=_S.choices),
        table.Choice("category", _("Category"), choices=_categories, apply=selectors.in_categories),
        table.Choice("stock", _("Stock"), choices=[("out", _("None free")), ("low", _("Fewer than ten")), ("in", _("Some free"))], apply=selectors.in_stock),
    ]  # fmt: skip
    search_hint = _("Name, code, SKU, barcode")

    @property
    def empty(self) -> table.Empty:  # type: ignore[override]
        return table.Empty(
            _("No products yet"),
            _("Add one by hand, or import a whole price list from a CSV or Excel file."),
            "package",
            reverse("supply:product_new"),
            _("Add a product"),
        )


@supplier_role("catalogue", "warehouse", "finance", "support", "quality")
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List all products."""
    status = reverse("supply:products_status")
    actions = [
        table.Action(_("Put on sale"), status, "play", name="active"),
        table.Action(_("Withdraw"), status, "pause", name="withdrawn"),
        table.Action(_("Category"), reverse("supply:products_category"), "layers"),
    ]
    views = [table.View(_("All"))] + [table.View(STATES[each].word, f"status={each}") for each in _S.values]
    views.append(table.View(_("Running out"), "status=active&stock=out&stock=low"))
    may_write = writes(request)
    listed = Products(request, selectors.listed(), actions=actions if may_write else [], views=views)
    return table.respond(request, listed, "supplier/catalogue/list.html", {"may_write": may_write})


def writes(request: Request) -> bool:
    """Tell whether the reader may change the catalogue."""
    return request.membership is not None and request.membership.role in ("admin", "catalogue")


@supplier_role("catalogue")
@require_POST
def set_status(request: Request) -> HttpResponse:
    """Put the chosen products on sale, or withdraw them; with an undo for up to 500."""
    wanted = request.POST.get("action", "")
    chosen = Products.chosen(request, selectors.listed())
    before = dict(chosen.order_by().values_list("id", "status"))
    outcome = catalogue.set_status(product_ids=list(before), status=wanted, actor_id=request.user.pk)
    _report(request, outcome, wanted, before)
    return redirect(_back(request))


def _report(request: Request, outcome: catalogue.Outcome, wanted: str, before: dict[int, str]) -> None:
    done = len(outcome.done)
    words = {
        _S.ACTIVE: ngettext("%(n)s product is on sale", "%(n)s products are on sale", done),
        _S.WITHDRAWN: ngettext("%(n)s product withdrawn", "%(n)s products withdrawn", done),
        _S.DRAFT: ngettext("%(n)s product is a draft again", "%(n)s products are drafts again", done),
    }
    undo = ""
    if 0 < done <= MOST_UNDONE:
        undo = reverse("supply:products_undo") + "?" + "&".join(f"{before[pk]}={pk}" for pk in outcome.done)
    if done:
        toast.add(request, words[_S(wanted)] % {"n": done}, undo_url=undo)
    if outcome.refused:
        count = len(outcome.refused)
        text = ngettext(
            "%(n)s product was left as it is: %(why)s", "%(n)s products were left as they are: %(why)s", count
        )
        toast.add(request, text % {"n": count, "why": outcome.refused[0][1]}, tone="warn")
    if not done and not outcome.refused:
        toast.add(request, gettext("Nothing to change"), tone="info")


@supplier_role("catalogue")
@require_POST
def undo_status(request: Request) -> HttpResponse:
    """Give products the status they had."""
    count = 0
    for status in _S.values:
        ids = [int(word) for word in request.GET.getlist(status)[:MOST_UNDONE] if word.isdigit() and len(word) < 19]
        count += len(catalogue.set_status(product_ids=ids, status=status, actor_id=request.user.pk).done) if ids else 0
    toast.add(request, ngettext("%(n)s product as before", "%(n)s products as before", count) % {"n": count})
    return redirect(_back(request))


@supplier_role("catalogue")
@require_POST
def set_category(request: Request) -> HttpResponse:
    """Ask for a category, then put the chosen products into it."""
    chosen = Products.chosen(request, selectors.listed())
    if "category" not in request.POST:
        context = {
            "count": chosen.count(),
            "rows": request.POST.getlist("row")[:1000],
            "all": request.POST.get("all", ""),
            "query": request.POST.get("query", ""),
            "choices": category_choices(),
        }
        return render(request, "supplier/catalogue/category_choice.html", context)
    word = request.POST["category"]
    category_id = int(word) if word.isdigit() and len(word) < 19 else 0
    ids = list(chosen.order_by().values_list("id", flat=True))
    moved = catalogue.set_category(product_ids=ids, category_id=category_id, actor_id=request.user.pk)
    toast.add(request, ngettext("%(n)s product moved", "%(n)s products moved", moved) % {"n": moved})
    return redirect(reverse("supply:catalogue") + (f"?{request.POST['query']}" if request.POST.get("query") else ""))


def _back(request: Request) -> str:
    """Give the page the form was on, if it is ours."""
    address = request.headers.get("Referer", "").removeprefix(f"{request.scheme}://{request.get_host()}")
    return address if address.startswith("/") and not address.startswith("//") else reverse("supply:catalogue")
