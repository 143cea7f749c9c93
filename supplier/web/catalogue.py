"""The catalogue: the list and what can be done with many products at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.jobs.bulk import UNCHANGED, Bulk, Doing
from s2b2c.jobs.web import offers
from s2b2c.kernel.errors import Refused
from s2b2c.kernel.texts import local
from s2b2c.ui import figures, table
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


def _categories() -> list[tuple[str, str]]:
    return [(node.category.slug, "\u2003" * node.indent + local(node.category, "name")) for node in selectors.tree()]


def _variants(product: Any) -> Any:
    mark = format_html('<span class="mut">{}</span>&ensp;', _("Bundle")) if product.has_bundle else ""
    return format_html("{}{}", mark, product.variant_count)


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
        table.Column("variant_count", _("Variants"), cell=_variants, align="end"),
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
        table.Choice("bundle", _("Bundles"), choices=[("made", _("Bundles")), ("parts", _("Parts of bundles"))], apply=selectors.in_bundles),
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


# --- What can be done to many -------------------------------------------------------------------------
def _matching(words: QueryDict) -> QuerySet[Product]:
    return Products.narrowed(selectors.listed(), words)


def _into(status: str) -> Callable[[int, Doing], Any]:
    def do(product_id: int, doing: Doing) -> Any:
        before = catalogue.get(product_id).status
        outcome = catalogue.set_status(product_ids=[product_id], status=status, actor_id=doing.actor.pk)
        if outcome.refused:
            raise Refused("status", outcome.refused[0][1])
        return {"was": before, "is": status} if outcome.done else UNCHANGED

    return do


def _as_before(product_id: int, kept: dict[str, str], doing: Doing) -> None:
    if catalogue.get(product_id).status != kept["is"]:
        raise Refused("changed", _("Somebody has changed it since."))
    outcome = catalogue.set_status(product_ids=[product_id], status=kept["was"], actor_id=doing.actor.pk)
    if outcome.refused:
        raise Refused("status", outcome.refused[0][1])


def _move(product_id: int, doing: Doing) -> Any:
    before, category_id = catalogue.get(product_id).category_id, doing.params["category"]
    moved = catalogue.set_category(product_ids=[product_id], category_id=category_id, actor_id=doing.actor.pk)
    return {"was": before, "is": category_id} if moved else UNCHANGED


def _move_back(product_id: int, kept: dict[str, int], doing: Doing) -> None:
    if catalogue.get(product_id).category_id != kept["is"]:
        raise Refused("changed", _("Somebody has changed it since."))
    catalogue.set_category(product_ids=[product_id], category_id=kept["was"], actor_id=doing.actor.pk)


def _category(typed: QueryDict) -> dict[str, int]:
    word = typed.get("category", "")
    return {"category": int(word) if word.isdigit() and len(word) < 19 else 0}


def _on_sale(n: int) -> str:
    return ngettext("%(n)s product is on sale", "%(n)s products are on sale", n) % {"n": f"{n:,}"}


def _withdrawn(n: int) -> str:
    return ngettext("%(n)s product withdrawn", "%(n)s products withdrawn", n) % {"n": f"{n:,}"}


def _moved(n: int) -> str:
    return ngettext("%(n)s product moved", "%(n)s products moved", n) % {"n": f"{n:,}"}


_COMMON: dict[str, Any] = {"roles": ("catalogue",), "rows": _matching, "name": "code", "back": "catalogue"}
ON_SALE = Bulk("supply.products.active", _("Put on sale"), do=_into(_S.ACTIVE), undo=_as_before, said=_on_sale, icon="play", **_COMMON)  # fmt: skip
WITHDRAW = Bulk("supply.products.withdrawn", _("Withdraw"), do=_into(_S.WITHDRAWN), undo=_as_before, said=_withdrawn, icon="pause", **_COMMON)  # fmt: skip
CATEGORY = Bulk("supply.products.category", _("Category"), do=_move, undo=_move_back, said=_moved, read=_category, icon="layers", **_COMMON)  # fmt: skip
BULK = (ON_SALE, WITHDRAW, CATEGORY)


@supplier_role("catalogue", "warehouse", "finance", "support", "quality")
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List all products."""
    actions = offers.actions(request, ON_SALE, WITHDRAW)
    if writes(request):
        actions.append(table.Action(CATEGORY.label, reverse("supply:products_category"), CATEGORY.icon))
    views = [table.View(_("All"))] + [table.View(STATES[each].word, f"status={each}") for each in _S.values]
    views.append(table.View(_("Running out"), "status=active&stock=out&stock=low"))
    listed = Products(request, selectors.listed(), actions=actions, views=views)
    return table.respond(request, listed, "supplier/catalogue/list.html", {"may_write": writes(request)})


def writes(request: Request) -> bool:
    """Tell whether the reader may change the catalogue."""
    return request.membership is not None and request.membership.role in ("admin", "catalogue")


@supplier_role("catalogue")
@require_POST
def set_category(request: Request) -> HttpResponse:
    """Ask into which category the chosen products go; the answer starts the job."""
    count, more = table.count(Products.chosen(request, selectors.listed()), Products.count_limit)
    context = {
        "count": count,
        "shown": f"{count:,}+" if more else f"{count:,}",
        "rows": request.POST.getlist("row")[:1000],
        "every": request.POST.get("all", ""),
        "asked": {name: request.POST.get(name, "") for name in ("query", "key", "back")},
        "code": CATEGORY.code,
        "choices": category_choices(),
    }
    return render(request, "supplier/catalogue/category_choice.html", context)
