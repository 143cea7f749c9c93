"""My products: the list, and what is done to several at once."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from reseller.models import Listing
from reseller.selectors import listing as listings
from reseller.selectors import prices
from reseller.selectors import shop as shops
from reseller.services import listing as service
from reseller.web import adding, ground
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel import money
from s2b2c.tenancy import context
from s2b2c.ui import figures, pictures, table, toast


def _asked(row: Any) -> str:
    if row.low is None:
        return "–"
    low = figures.amount(row.low, row.currency)
    return low if row.low == row.high else f"{low} – {figures.amount(row.high, row.currency)}"


def _kept(row: Any) -> Any:
    if row.keep is None:
        return table.columns.DASH
    mark = (
        format_html('<span class="tag t-warn mr-2 max-[719px]:hidden">{}</span>', _("costs more now"))
        if row.dearer
        else ""
    )
    return format_html("{}{}", mark, figures.amount(row.keep, row.currency))


def _name(row: Any) -> Any:
    return format_html(
        '<span class="flex items-center gap-3"><span class="w-9 flex-none">{}</span><span>{}</span></span>',
        pictures.tag(row.product, size="card", alt=""),
        row.name,
    )


class Products(table.Table):
    """The shop's own products."""

    id, caption, order, csv_name = "products", gettext_lazy("My products"), "-listed_at", "products"
    filters = [
        table.Text(fields=["title_en__icontains", "title_zh__icontains", "product__search_text__icontains"]),
        table.Choice("status", gettext_lazy("State"), choices=Listing.Status.choices),
        table.Choice(
            "look",
            gettext_lazy("Needs a look"),
            choices=[("dearer", gettext_lazy("Costs more now")), ("gone", gettext_lazy("No longer supplied"))],
            several=False,
            apply=lambda rows, asked: rows.filter(**{asked[0]: True}),
        ),
    ]
    search_hint = gettext_lazy("Product")

    def __init__(self, request: Request, rows: QuerySet[Any], **more: Any) -> None:
        slug = ground.slug(request)
        self.columns = [
            table.Column(
                "name",
                gettext_lazy("Product"),
                cell=_name,
                value="name",
                sort="name",
                card=1,
                fixed=True,
                link=lambda row: reverse("office:product", kwargs={"shop": slug, "listing_id": row.pk}),
            ),
            table.state_column(
                "status", gettext_lazy("State"), ground.STATES, value=lambda row: "gone" if row.gone else row.status
            ),
            table.Column("asked", gettext_lazy("You ask"), value=_asked, align="end", card=3),
            table.Column(
                "keep",
                gettext_lazy("You keep"),
                cell=_kept,
                align="end",
                card=2,
                export=lambda row: None if row.keep is None else money.to_decimal(row.keep, row.currency),
            ),
            table.date_column("listed_at", gettext_lazy("Since"), time=False, sort="listed_at"),
        ]
        self.empty = table.Empty(
            gettext_lazy("Nothing in your shop yet"),
            gettext_lazy("Pick products of your supplier; they are in your shop at once."),
            "store",
            reverse("office:add_products", kwargs={"shop": slug}),
            gettext_lazy("Add products"),
        )
        super().__init__(request, rows, **more)


@reseller_role()
@require_safe
def products(request: Request) -> HttpResponseBase:
    """List the shop's products with what b asks and keeps."""
    shop = shops.get()
    cut = shops.cut(shop)
    slug, writes = ground.slug(request), ground.writes(request)
    actions = [
        table.Action(gettext_lazy("Show in the shop"), ground.url("publish_listed", slug), "eye"),
        table.Action(gettext_lazy("Hide"), ground.url("hide_listed", slug), "eye-off"),
        table.Action(gettext_lazy("Take out"), ground.url("remove_listed", slug), "trash-2"),
    ]
    counts = listings.spread()
    views = [
        table.View(gettext_lazy("All"), "", counts["published"] + counts["hidden"]),
        table.View(gettext_lazy("In the shop"), "status=published", counts["published"]),
        table.View(gettext_lazy("Hidden"), "status=hidden", counts["hidden"]),
    ]
    listed = Products(request, listings.mine(shop, cut), actions=actions if writes else [], views=views)
    found = {"rule_words": adding.rule_words(prices.rule_of(shop)), "writes": writes, "row": shop}
    return table.respond(request, listed, "office/products/list.html", found)


def _chosen(request: Request) -> list[int]:
    with context.reading():
        shop = shops.get()
        rows = Products.chosen(request, listings.mine(shop, shops.cut(shop)))
        return list(rows.values_list("pk", flat=True))


@reseller_role("manager")
@require_POST
def publish_listed(request: Request) -> HttpResponseBase:
    """Show the chosen products in the shop."""
    ids = _chosen(request)
    count = service.publish(listing_ids=ids)
    text = ngettext("%(n)s product is in the shop again.", "%(n)s products are in the shop again.", count)
    toast.add(request, text % {"n": count})
    return redirect(ground.url("products", ground.slug(request)))


@reseller_role("manager")
@require_POST
def hide_listed(request: Request) -> HttpResponseBase:
    """Hide the chosen products."""
    count = service.hide(listing_ids=_chosen(request))
    text = ngettext("%(n)s product hidden.", "%(n)s products hidden.", count)
    toast.add(request, text % {"n": count})
    return redirect(ground.url("products", ground.slug(request)))


@reseller_role("manager")
@require_POST
def remove_listed(request: Request) -> HttpResponseBase:
    """Take the chosen products out of the shop; the toast puts them back."""
    kept = service.remove(listing_ids=_chosen(request))
    request.session[ground.KEPT] = kept
    text = ngettext("%(n)s product taken out.", "%(n)s products taken out.", len(kept)) % {"n": len(kept)}
    toast.add(request, text, undo_url=ground.url("restore_listed", ground.slug(request)) if kept else "")
    return redirect(ground.url("products", ground.slug(request)))


@reseller_role("manager")
@require_POST
def restore_listed(request: Request) -> HttpResponseBase:
    """Put back what was taken out last."""
    count = service.restore(kept=request.session.pop(ground.KEPT, []))
    text = ngettext("%(n)s product is back.", "%(n)s products are back.", count) % {"n": count}
    toast.add(request, text, tone="ok" if count else "info")
    return redirect(ground.url("products", ground.slug(request)))
