"""My products: the list, and what is done to several at once."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
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
from reseller.services import pricing
from reseller.web import adding, ground
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.jobs.bulk import UNCHANGED, Bulk, Doing
from s2b2c.jobs.web import offers
from s2b2c.kernel import money
from s2b2c.kernel.errors import Refused
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


# --- What can be done to many -------------------------------------------------------------------------
def _matching(words: QueryDict) -> QuerySet[Listing]:
    shop = shops.get()
    return Products.narrowed(listings.mine(shop, shops.cut(shop)), words)


def _publish(listing_id: int, _doing: Doing) -> Any:
    return {} if service.publish(listing_ids=[listing_id]) else UNCHANGED


def _hide(listing_id: int, _doing: Doing) -> Any:
    return {} if service.hide(listing_ids=[listing_id]) else UNCHANGED


def _unpublish(listing_id: int, _kept: Any, doing: Doing) -> None:
    _hide(listing_id, doing)


def _unhide(listing_id: int, _kept: Any, doing: Doing) -> None:
    _publish(listing_id, doing)


def _remove(listing_id: int, _doing: Doing) -> Any:
    kept = service.remove(listing_ids=[listing_id])
    return kept[0] if kept else UNCHANGED


def _restore(_listing_id: int, kept: dict[str, Any], _doing: Doing) -> None:
    if not service.restore(kept=[kept]):
        raise Refused("there", gettext_lazy("It is in your shop again already."))


def _follow(listing_id: int, _doing: Doing) -> Any:
    before = pricing.asked(listing_id=listing_id)
    if not pricing.apply_rule(listing_ids=[listing_id], by_hand_too=True):
        return UNCHANGED
    return {"was": before, "is": pricing.asked(listing_id=listing_id)}


def _unfollow(listing_id: int, kept: dict[str, Any], _doing: Doing) -> None:
    pricing.put_back(listing_id=listing_id, was=kept["was"], since=kept["is"])


def _said_published(n: int) -> str:
    return ngettext("%(n)s product is in the shop again.", "%(n)s products are in the shop again.", n) % {"n": n}


def _said_hidden(n: int) -> str:
    return ngettext("%(n)s product hidden.", "%(n)s products hidden.", n) % {"n": n}


def _said_removed(n: int) -> str:
    return ngettext("%(n)s product taken out.", "%(n)s products taken out.", n) % {"n": n}


def _said_priced(n: int) -> str:
    return ngettext("%(n)s product follows your rule.", "%(n)s products follow your rule.", n) % {"n": n}


_COMMON: dict[str, Any] = {"roles": ("manager",), "rows": _matching, "name": "name", "back": "products"}
SHOW = Bulk("office.products.show", gettext_lazy("Show in the shop"), do=_publish, undo=_unpublish, said=_said_published, icon="eye", **_COMMON)  # fmt: skip
HIDE = Bulk("office.products.hide", gettext_lazy("Hide"), do=_hide, undo=_unhide, said=_said_hidden, icon="eye-off", **_COMMON)  # fmt: skip
PRICE = Bulk("office.products.rule", gettext_lazy("Price by my rule"), do=_follow, undo=_unfollow, said=_said_priced, icon="percent", **_COMMON)  # fmt: skip
REMOVE = Bulk("office.products.remove", gettext_lazy("Take out"), do=_remove, undo=_restore, said=_said_removed, icon="trash-2", **_COMMON)  # fmt: skip
BULK = (SHOW, HIDE, PRICE, REMOVE)


@reseller_role()
@require_safe
def products(request: Request) -> HttpResponseBase:
    """List the shop's products with what b asks and keeps."""
    shop = shops.get()
    cut = shops.cut(shop)
    counts = listings.spread()
    views = [
        table.View(gettext_lazy("All"), "", counts["published"] + counts["hidden"]),
        table.View(gettext_lazy("In the shop"), "status=published", counts["published"]),
        table.View(gettext_lazy("Hidden"), "status=hidden", counts["hidden"]),
    ]
    listed = Products(request, listings.mine(shop, cut), actions=offers.actions(request, *BULK), views=views)
    found = {"rule_words": adding.rule_words(prices.rule_of(shop)), "writes": ground.writes(request), "row": shop}
    return table.respond(request, listed, "office/products/list.html", found)


@reseller_role("manager")
@require_POST
def restore_listed(request: Request) -> HttpResponseBase:
    """Put back what was taken out last."""
    count = service.restore(kept=request.session.pop(ground.KEPT, []))
    text = ngettext("%(n)s product is back.", "%(n)s products are back.", count) % {"n": count}
    toast.add(request, text, tone="ok" if count else "info")
    return redirect(ground.url("products", ground.slug(request)))
