"""One product of the shop: its price, variants and words."""

from __future__ import annotations

from typing import Any

from babel.numbers import get_currency_symbol
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from reseller.models import Shop
from reseller.selectors import listing as listings
from reseller.selectors import prices
from reseller.selectors import shop as shops
from reseller.selectors.listing import Detail, OfferRow
from reseller.selectors.prices import Cut
from reseller.services import listing as service
from reseller.services import pricing
from reseller.web import advice, ground
from reseller.web.typed import plain
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel import money, texts
from s2b2c.kernel.errors import NotFound, PriceOutOfBand, Refused
from s2b2c.tenancy import context, hosts
from s2b2c.ui import toast


@reseller_role()
@require_safe
def product(request: Request, listing_id: int) -> HttpResponse:
    """Show one product: price, variants, words."""
    return _page(request, listing_id)


ALL = "price_all"  # one price for all variants; else price_<variant id>


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
            "shop_follows": prices.follows(shop),
            **_prices(request, detail, cut, shop, typed or {}, refused),
            "texts": _texts(detail, typed or {}),
            "refused": refused,
            "writes": ground.writes(request),
            "state": ground.STATES[detail.listing.status],
            "in_shop": hosts.shop_url(shops.reseller(), f"/p/{detail.listing.product.slug}/"),
            "fee_words": f"{cut.fee_bps / 100:g} %",
            **advice.of_product(request, detail.listing.product_id, [each.variant.pk for each in detail.rows]),
        }
        return render(request, "office/products/product.html", found, status=refused.status if refused else 200)


def _prices(
    request: Request, detail: Detail, cut: Cut, shop: Shop, typed: dict[str, str], refused: Refused | None
) -> dict[str, Any]:
    """Give a panel per variant, or one for all where nothing tells them apart and b doesn't ask to."""
    sold = [row for row in detail.rows if row.sold]
    alike = len(sold) > 1 and len({_terms(row) for row in sold}) == 1
    apart = "apart" in request.GET or any(name != ALL for name in typed if name.startswith("price_"))
    if alike and not apart:
        one = _price(sold[0], cut, shop, typed, refused, name=ALL)
        return {"prices": [one], "alike": True, "together": [row.label or row.variant.sku for row in sold]}
    panels = [_price(row, cut, shop, typed, refused, name=f"price_{row.variant.id}") for row in sold]
    return {"prices": panels, "alike": alike}


def _terms(row: OfferRow) -> tuple[Any, ...]:
    """Give all that a price panel depends on."""
    variant = row.variant
    band = variant.wholesale_minor, variant.floor_minor, variant.ceiling_minor, variant.suggested_minor
    return *band, row.price_minor, row.known_minor


def _price(
    row: OfferRow, cut: Cut, shop: Shop, typed: dict[str, str], refused: Refused | None, *, name: str
) -> dict[str, Any]:
    """Give what the price panel of a variant shows; what was typed stays, the nearest price is offered."""
    decimals = money.exponent(shop.currency)
    low, high = max(row.variant.floor_minor, 1), row.variant.ceiling_minor
    width = max(high - low, 1)
    wrong = refused if refused is not None and (refused.field == name or (name == ALL and ALL in typed)) else None
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
        pricing.set_prices(listing_id=listing_id, wanted=_wanted(listing_id, typed))
    except NotFound:
        raise
    except Refused as refused:
        return _page(request, listing_id, typed=typed, refused=refused)
    toast.add(request, _("Your price is in the shop now."))
    return redirect(ground.url("product", ground.slug(request), listing_id=listing_id))


def _wanted(listing_id: int, typed: dict[str, str]) -> dict[int, int]:
    """Read the prices asked for, by variant."""
    with context.reading():
        shop = shops.get()
        rows = listings.detail(listing_id, shop=shop, cut=shops.cut(shop)).rows if ALL in typed else []
    if ALL in typed:
        price = money.parse_amount(typed[ALL], shop.currency, field=ALL)
        return {row.variant.id: price for row in rows if row.sold}
    return {_number(name): money.parse_amount(text, shop.currency, field=name) for name, text in typed.items()}


def _number(name: str) -> int:
    number = name.removeprefix("price_")
    if not (number.isascii() and number.isdigit()) or len(number) > 17:
        raise NotFound()
    return int(number)


@reseller_role("manager")
@require_POST
def follow_rule(request: Request, listing_id: int) -> HttpResponseBase:
    """Let the prices of a product follow the shop's rule again."""
    pricing.apply_rule(listing_ids=[listing_id], by_hand_too=True)
    toast.add(request, _("The price follows your rule."))
    return redirect(ground.url("product", ground.slug(request), listing_id=listing_id))


_FOLLOW = {"shop": None, "yes": True, "no": False}


@reseller_role("manager")
@require_POST
def follow_changes(request: Request, listing_id: int) -> HttpResponseBase:
    """Say whether the product's prices by rule change with S's by themselves, or as the shop has it."""
    wanted = request.POST.get("follow", "")
    if wanted not in _FOLLOW:
        raise NotFound()
    pricing.follow(listing_id=listing_id, follow=_FOLLOW[wanted])
    toast.add(request, _("Saved."))
    return redirect(ground.url("product", ground.slug(request), listing_id=listing_id))


@reseller_role("manager")
@require_POST
def keep_price(request: Request, listing_id: int) -> HttpResponseBase:
    """Stay at one's price although S asks more."""
    pricing.keep_prices(listing_ids=[listing_id])
    toast.add(request, _("You stay at your price."))
    return redirect(ground.url("product", ground.slug(request), listing_id=listing_id))


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
        return redirect(ground.url("product", ground.slug(request), listing_id=listing_id))
    toast.add(request, _("Saved."))
    return redirect(ground.url("product", ground.slug(request), listing_id=listing_id))


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
    return redirect(f"{ground.url('product', ground.slug(request), listing_id=listing_id)}#words")


@reseller_role("manager")
@require_POST
def change(request: Request, listing_id: int) -> HttpResponseBase:
    """Show, hide, put first, put among the favourites, or take out one product."""
    todo = request.POST.get("do", "")
    slug = ground.slug(request)
    if todo == "remove":
        kept = service.remove(listing_ids=[listing_id])
        request.session[ground.KEPT] = kept
        toast.add(request, _("Taken out of your shop."), undo_url=ground.url("restore_listed", slug) if kept else "")
        return redirect(ground.url("products", slug))
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
    return redirect(ground.url("product", slug, listing_id=listing_id))
