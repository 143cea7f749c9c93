"""My products: the list, and one product with its price, variants and words."""

from __future__ import annotations

from typing import Any

from babel.numbers import get_currency_symbol
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseller.models import Listing, Shop
from reseller.selectors import listing as listings
from reseller.selectors import prices
from reseller.selectors import shop as shops
from reseller.selectors.listing import Detail, OfferRow
from reseller.selectors.prices import Cut, Rule
from reseller.services import listing as service
from reseller.services import pricing
from reseller.web import adding
from reseller.web.typed import plain
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel import money, texts
from s2b2c.kernel.errors import NotFound, PriceOutOfBand, Refused
from s2b2c.tenancy import context, hosts
from s2b2c.ui import figures, pictures, table, toast
from s2b2c.ui.states import State

KEPT = "removed_listings"
STATES = {
    "published": State("ok", gettext_lazy("In the shop")),
    "hidden": State("", gettext_lazy("Hidden"), "hold"),
    "gone": State("bad", gettext_lazy("No longer supplied"), "stop"),
}


def _slug(request: Request) -> str:
    assert request.reseller is not None
    return request.reseller.slug


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
        slug = _slug(request)
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
                "status", gettext_lazy("State"), STATES, value=lambda row: "gone" if row.gone else row.status
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
    slug, writes = _slug(request), _writes(request)
    actions = [
        table.Action(gettext_lazy("Show in the shop"), _url("publish_listed", slug), "eye"),
        table.Action(gettext_lazy("Hide"), _url("hide_listed", slug), "eye-off"),
        table.Action(gettext_lazy("Take out"), _url("remove_listed", slug), "trash-2"),
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


def _url(name: str, slug: str, **more: Any) -> str:
    return reverse(f"office:{name}", kwargs={"shop": slug, **more})


def _writes(request: Request) -> bool:
    return request.membership is not None and request.membership.role != "clerk"


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
    return redirect(_url("products", _slug(request)))


@reseller_role("manager")
@require_POST
def hide_listed(request: Request) -> HttpResponseBase:
    """Hide the chosen products."""
    count = service.hide(listing_ids=_chosen(request))
    text = ngettext("%(n)s product hidden.", "%(n)s products hidden.", count)
    toast.add(request, text % {"n": count})
    return redirect(_url("products", _slug(request)))


@reseller_role("manager")
@require_POST
def remove_listed(request: Request) -> HttpResponseBase:
    """Take the chosen products out of the shop; the toast puts them back."""
    kept = service.remove(listing_ids=_chosen(request))
    request.session[KEPT] = kept
    text = ngettext("%(n)s product taken out.", "%(n)s products taken out.", len(kept)) % {"n": len(kept)}
    toast.add(request, text, undo_url=_url("restore_listed", _slug(request)) if kept else "")
    return redirect(_url("products", _slug(request)))


@reseller_role("manager")
@require_POST
def restore_listed(request: Request) -> HttpResponseBase:
    """Put back what was taken out last."""
    count = service.restore(kept=request.session.pop(KEPT, []))
    text = ngettext("%(n)s product is back.", "%(n)s products are back.", count) % {"n": count}
    toast.add(request, text, tone="ok" if count else "info")
    return redirect(_url("products", _slug(request)))


# --- The rule ----------------------------------------------------------------------------------------
@reseller_role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def pricing_rule(request: Request) -> HttpResponseBase:
    """Try a pricing rule on the shop's products, then make it the shop's."""
    asked = request.POST if request.method == "POST" else request.GET
    with context.reading():
        shop = shops.get()
    try:
        rule = _rule(asked, prices.rule_of(shop))
        refused = None
    except Refused as problem:
        rule, refused = prices.rule_of(shop), problem
    if request.method == "POST" and refused is None:
        pricing.set_rule(rule=rule)
        count = pricing.apply_rule(rule=rule, by_hand_too=bool(asked.get("by_hand")))
        text = ngettext("Rule saved, %(n)s price changed.", "Rule saved, %(n)s prices changed.", count) % {"n": count}
        toast.add(request, text)
        return redirect(_url("products", _slug(request)))
    with context.reading():
        rows = listings.preview(rule, cut=shops.cut(shop))
        found = {
            "row": shop,
            "rule": rule,
            "percent": asked.get("percent") or f"{rule.markup_bps / 100:g}",
            "preview": rows,
            "changes": sum(1 for row in rows if row.then_minor != row.now_minor and not row.by_hand),
            "by_hand": sum(1 for row in rows if row.by_hand),
            "endings": [(90, ".90"), (95, ".95"), (99, ".99"), (50, ".50"), (0, ".00")],
            "refused": refused,
        }
        return render(request, "office/products/rule.html", found, status=refused.status if refused else 200)


def _rule(asked: Any, standard: Rule) -> Rule:
    """Read a rule from a form.

    :raises Refused: a number that is none, or out of range.
    """
    if "base" not in asked:
        return standard
    try:
        percent = float(asked.get("percent", "").replace(",", ".") or 0)
    except ValueError:
        raise Refused("rule", _("Enter a percentage such as 60."), field="markup") from None
    if not -1_000 <= percent <= 10_000:
        raise Refused("rule", _("Enter a percentage such as 60."), field="markup")
    ending = asked.get("ending", "")
    return Rule(asked["base"], round(percent * 100), int(ending) if ending.isdigit() and len(ending) < 3 else None)


# --- One product -------------------------------------------------------------------------------------
@reseller_role()
@require_safe
def product(request: Request, listing_id: int) -> HttpResponse:
    """Show one product: price, variants, words."""
    return _page(request, listing_id)


def _page(
    request: Request, listing_id: int, *, typed: dict[str, str] | None = None, refused: Refused | None = None
) -> HttpResponse:
    with context.reading():
        shop = shops.get()
        cut = shops.cut(shop)
        detail = listings.detail(listing_id, shop=shop, cut=cut)
        found = {
            "row": shop,
            "detail": detail,
            "listing": detail.listing,
            "prices": [_price(row, cut, shop, typed or {}, refused) for row in detail.rows if row.sold],
            "texts": _texts(detail, typed or {}),
            "refused": refused,
            "writes": _writes(request),
            "state": STATES[detail.listing.status],
            "in_shop": hosts.shop_url(shops.reseller(), f"/p/{detail.listing.product.slug}/"),
            "fee_words": f"{cut.fee_bps / 100:g} %",
        }
        return render(request, "office/products/product.html", found, status=refused.status if refused else 200)


def _price(row: OfferRow, cut: Cut, shop: Shop, typed: dict[str, str], refused: Refused | None) -> dict[str, Any]:
    """Give what the price panel of a variant shows; what was typed stays, the nearest price is offered."""
    name = f"price_{row.variant.id}"
    decimals = money.exponent(shop.currency)
    low, high = max(row.variant.floor_minor, 1), row.variant.ceiling_minor
    width = max(high - low, 1)
    wrong = refused if refused is not None and refused.field == name else None
    nearest = wrong.nearest_minor if isinstance(wrong, PriceOutOfBand) else None
    return {
        "row": row,
        "variant": row.variant,
        "name": name,
        "currency": shop.currency,
        "symbol": get_currency_symbol(shop.currency, "zh_Hans_CN" if texts.suffix() == "zh" else "en_US"),
        "typed": typed.get(name, str(money.to_decimal(row.price_minor, shop.currency))),
        "wrong": wrong,
        "nearest": nearest,
        "nearest_text": str(money.to_decimal(nearest, shop.currency)) if nearest else "",
        "low": low,
        "high": high,
        "fee": cut.fee(row.price_minor),
        "tax": cut.tax(row.price_minor),
        "at": f"{(row.price_minor - low) / width * 100:.2f}",
        "suggested_at": f"{(row.variant.suggested_minor - low) / width * 100:.2f}",
        "middle": 12 < (row.variant.suggested_minor - low) / width * 100 < 88,
        "config": {
            "wholesale": row.variant.wholesale_minor,
            "fee": cut.fee_bps,
            "tax": cut.tax_bps if cut.tax_included else 0,
            "decimals": decimals,
        },
    }


LABELS = {
    "title_en": gettext_lazy("Title in English"),
    "title_zh": gettext_lazy("Title in Chinese"),
    "text_en": gettext_lazy("Story in English"),
    "text_zh": gettext_lazy("Story in Chinese"),
}


def _texts(detail: Detail, typed: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "words": words,
            "label": LABELS[words.field],
            "value": typed.get(words.field, words.own),
            "long": words.field.startswith("text"),
            "lang": "zh-Hans" if words.field.endswith("_zh") else "en",
        }
        for words in detail.words
    ]


@reseller_role("manager")
@require_POST
def set_price(request: Request, listing_id: int) -> HttpResponseBase:
    """Ask these prices; outside the band what was typed stays, with the reason and the nearest price."""
    typed = {key: request.POST.get(key, "")[:20] for key in request.POST if key.startswith("price_")}
    try:
        wanted = {}
        with context.reading():
            currency = shops.get().currency
        for name, text in typed.items():
            number = name.removeprefix("price_")
            if not number.isdigit() or len(number) > 17:
                raise NotFound()
            wanted[int(number)] = money.parse_amount(text, currency, field=name)
        pricing.set_prices(listing_id=listing_id, wanted=wanted)
    except NotFound:
        raise
    except Refused as refused:
        return _page(request, listing_id, typed=typed, refused=refused)
    toast.add(request, _("Your price is in the shop now."))
    return redirect(_url("product", _slug(request), listing_id=listing_id))


@reseller_role("manager")
@require_POST
def follow_rule(request: Request, listing_id: int) -> HttpResponseBase:
    """Let the prices of a product follow the shop's rule again."""
    pricing.apply_rule(listing_ids=[listing_id], by_hand_too=True)
    toast.add(request, _("The price follows your rule."))
    return redirect(_url("product", _slug(request), listing_id=listing_id))


@reseller_role("manager")
@require_POST
def keep_price(request: Request, listing_id: int) -> HttpResponseBase:
    """Stay at one's price although S asks more."""
    pricing.keep_prices(listing_ids=[listing_id])
    toast.add(request, _("You stay at your price."))
    return redirect(_url("product", _slug(request), listing_id=listing_id))


@reseller_role("manager")
@require_POST
def sell_variants(request: Request, listing_id: int) -> HttpResponseBase:
    """Choose which variants the shop sells."""
    ids = [int(word) for word in request.POST.getlist("variant") if word.isdigit() and len(word) < 18]
    try:
        service.sell_variants(listing_id=listing_id, variant_ids=ids)
    except NotFound:
        raise
    except Refused as refused:
        toast.add(request, str(refused), tone="bad")
        return redirect(_url("product", _slug(request), listing_id=listing_id))
    toast.add(request, _("Saved."))
    return redirect(_url("product", _slug(request), listing_id=listing_id))


@reseller_role("manager")
@require_POST
def write_words(request: Request, listing_id: int) -> HttpResponseBase:
    """Write own words, go back to theirs (``back``), or say their change was seen (``seen``)."""
    back, seen = request.POST.get("back", ""), request.POST.get("seen", "")
    words = {name: plain(request.POST.get(name, "")) for name in LABELS if name in request.POST}
    for name in words:
        if name.startswith("title") and len(words[name].strip()) > 160:
            problem = Refused("long", _("A title has at most 160 characters."), field=name)
            return _page(request, listing_id, typed=words, refused=problem)
    if seen:
        service.accept_theirs(listing_id=listing_id, field=seen)
        toast.add(request, _("Your words stay."))
    elif back:
        service.write_words(listing_id=listing_id, words={back: ""})
        toast.add(request, _("This text follows your supplier again."))
    else:
        service.write_words(listing_id=listing_id, words=words)
        toast.add(request, _("Your words are in the shop now."))
    return redirect(f"{_url('product', _slug(request), listing_id=listing_id)}#words")


@reseller_role("manager")
@require_POST
def change(request: Request, listing_id: int) -> HttpResponseBase:
    """Show, hide, put first, put among the favourites, or take out one product."""
    todo = request.POST.get("do", "")
    slug = _slug(request)
    if todo == "remove":
        kept = service.remove(listing_ids=[listing_id])
        request.session[KEPT] = kept
        toast.add(request, _("Taken out of your shop."), undo_url=_url("restore_listed", slug) if kept else "")
        return redirect(_url("products", slug))
    if todo in ("publish", "hide"):
        (service.publish if todo == "publish" else service.hide)(listing_ids=[listing_id])
        text = _("It is in the shop again.") if todo == "publish" else _("It is hidden now.")
    elif todo in ("feature", "unfeature"):
        service.feature(listing_id=listing_id, featured=todo == "feature")
        text = _("It stands among your favourites.") if todo == "feature" else _("It is no favourite any more.")
    elif todo == "first":
        service.move(listing_id=listing_id, to="first")
        text = _("It comes first in your shop.")
    else:
        raise Refused("unknown", _("This can't be done."))
    toast.add(request, text)
    return redirect(_url("product", slug, listing_id=listing_id))
