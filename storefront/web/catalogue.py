"""Categories, search and products."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import get_language

from s2b2c.kernel import money
from s2b2c.kernel.errors import Refused
from storefront import prices, promise
from storefront.memo import Memo
from storefront.selectors import browse, policies, search
from storefront.selectors import home as picks
from storefront.selectors import product as products
from storefront.selectors.browse import Filters, Result
from storefront.selectors.product import Product, Variant
from storefront.selectors.shell import Shell
from storefront.web import cards, doors, frame, structured
from storefront.words import gettext as _

_MOST_CHOSEN = 12
_OPEN = 4  # facets unfolded from the start


# --- Categories and search ---------------------------------------------------------------------------
@doors.kept
def category(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Show a category, or everything."""
    shell = frame.shell(request)
    node = shell.tree.by_slug.get(slug)
    if slug and node is None:
        raise Http404
    filters, asked = _filters(request.GET, shell)
    sort = _sort(request, browse.PICKED)
    scope = browse.category(node.path if node else "")
    result = browse.read(shell, scope, filters, sort=sort, after=request.GET.get("after", "")[:80])
    heading = node.name if node else _("Everything")
    trail = [
        (_("Home"), "/"),
        *((above.name, f"/c/{above.slug}/") for above in (shell.tree.above(node) if node else [])),
    ]
    context = {**_browse(request, shell, result, filters, asked, sort), "heading": heading, "crumbs": trail}
    if not shell.tree.count:
        context["empty"] = _("The shelves are being filled. Please come back soon.")
    here = request.path
    data = [structured.crumbs(request, [*trail, (heading, here)])]
    lead = _("%(category)s at %(shop)s: %(count)s things.") % {
        "category": heading,
        "shop": shell.shop.name,
        "count": result.counts.total,
    }
    plain = not (set(request.GET) - {"lang"})
    meta = frame.Meta(f"{heading} · {shell.shop.name}", lead, here if plain else None, data=data)
    return _answer(request, shell, context, meta)


@doors.kept
def find(request: HttpRequest) -> HttpResponse:
    """Show what a search finds."""
    shell = frame.shell(request)
    query = search.cleaned(request.GET.get("q", ""))
    context: dict[str, Any] = {"search": True, "query": query, "heading": _("Search"), "crumbs": []}
    if query:
        filters, asked = _filters(request.GET, shell)
        sort = _sort(request, browse.BEST)
        found = search.read(shell, query, filters, sort=sort, after=request.GET.get("after", "")[:80])
        context |= _browse(request, shell, found.result, filters, asked, sort)
        context["heading"] = _("“%(query)s”") % {"query": query}
        if found.close:
            context["lead"] = _("Nothing is called exactly that. These come close.")
        if not found.result.counts.total and not filters:
            context["empty"] = _("Nothing here is called that. Try a shorter or more general word.")
    else:
        context["empty"] = _("What are you looking for?")
    if context.get("empty"):
        context["instead"] = cards.grid(picks.picks(shell), shell.shop.currency)
    return _answer(request, shell, context, frame.Meta(f"{context['heading']} · {shell.shop.name}"))


@doors.kept
def suggest(request: HttpRequest) -> HttpResponse:
    """Give the few best finds while c is still typing."""
    shell = frame.shell(request)
    query = search.cleaned(request.GET.get("q", ""))
    found = search.suggest(shell, query) if query else []
    rows = [
        (card, cards.markup(card.photo, card.plate, card.tints[0] if card.tints else "", card.title), prices.text(card.price_minor, shell.shop.currency))
        for card in found
    ]  # fmt: skip
    context = {"rows": rows, "query": query, "all_url": f"/search/?{urlencode({'q': query})}"}
    return HttpResponse(frame.render("shop/_suggest.html", context))


def _answer(request: HttpRequest, shell: Shell, context: dict[str, Any], meta: frame.Meta) -> HttpResponse:
    """Answer with the page, or with the part htmx asked for."""
    part = {"browse": "shop/_browse.html", "more": "shop/_cards_more.html"}.get(request.headers.get("HX-Target", ""))
    if part and not context.get("empty") and request.headers.get("HX-Request"):
        return HttpResponse(frame.render(part, context))
    return frame.respond(request, shell, "shop/category.html", context, meta)


def _sort(request: HttpRequest, usual: str) -> str:
    asked = request.GET.get("sort", "")
    return asked if asked in browse.SORTS and (asked != browse.BEST or usual == browse.BEST) else usual


@dataclass(frozen=True, slots=True)
class _Asked:
    """The price bounds as typed, and what is wrong with them."""

    low: str = ""
    high: str = ""
    error: str = ""


def _filters(query: QueryDict, shell: Shell) -> tuple[Filters, _Asked]:
    """Read filters from an address; what makes no sense there is left out, a price that is none is told."""
    chosen: dict[str, tuple[str, ...]] = {}
    for code in list(query)[:40]:
        if code == "type" or code[:2] in ("o.", "a."):
            values = tuple(sorted({value[:160] for value in query.getlist(code) if value and chr(0) not in value}))
            if values and len(code) <= 60 and chr(0) not in code:
                chosen[code] = values[:_MOST_CHOSEN]
    low, high = query.get("from", "").strip()[:20], query.get("to", "").strip()[:20]
    try:
        bounds = [money.parse_amount(text, shell.shop.currency) if text else None for text in (low, high)]
        asked = _Asked(low, high)
    except Refused as refusal:
        bounds, asked = [None, None], _Asked(low, high, str(refusal))
    return Filters(chosen, bounds[0], bounds[1], query.get("stock") == "1"), asked


@dataclass(frozen=True, slots=True)
class _Value:
    code: str
    label: str
    count: int
    chosen: bool
    hex: str


@dataclass(frozen=True, slots=True)
class _Facet:
    code: str
    label: str
    values: list[_Value]
    open: bool


def _browse(
    request: HttpRequest, shell: Shell, result: Result, filters: Filters, asked: _Asked, sort: str
) -> dict[str, Any]:
    """Give what ``_browse.html`` shows."""
    counts, currency, path = result.counts, shell.shop.currency, request.path
    params = [
        (key, value)
        for key, values in request.GET.lists()
        for value in values
        if value and key not in ("after", "lang")
    ]
    sorts = [
        (browse.PICKED, _("Picked by us")), (browse.NEWEST, _("Newest")),
        (browse.CHEAP, _("Price, low first")), (browse.DEAR, _("Price, high first")),
    ]  # fmt: skip
    if "q" in request.GET:
        sorts.insert(0, (browse.BEST, _("Best match")))
    spread = counts.high_minor > counts.low_minor or asked.low or asked.high
    return {
        "here": path,
        "total": counts.total,
        "cards": cards.grid(result.cards, currency, eager=4),
        "facets": [
            _Facet(facet.code, facet.label, [_Value(v.code, v.label, v.count, v.chosen, cards.tint_hex(v.tint) if v.tint else "") for v in facet.values],
                   n < _OPEN or any(v.chosen for v in facet.values))
            for n, facet in enumerate(counts.facets)
        ],
        "filtered": bool(filters),
        "price": {"from": asked.low, "to": asked.high, "error": asked.error, "low": _bare(counts.low_minor, currency),
                  "high": _bare(counts.high_minor, currency)} if spread else None,
        "stock": {"count": counts.in_stock, "chosen": filters.in_stock},
        "chips": _chips(path, params, counts, asked),
        "clear_url": _url(path, [(k, v) for k, v in params if k in ("q", "sort")]),
        "sorts": sorts,
        "sort": sort,
        "sort_chosen": request.GET.get("sort", ""),
        "kept_params": [(k, v) for k, v in params if k != "sort"],
        "query": request.GET.get("q", "") and search.cleaned(request.GET["q"]),
        "more_url": _url(path, [*params, ("after", result.after)]) if result.after else "",
        "start_url": _url(path, params) if request.GET.get("after") else "",
    }  # fmt: skip


def _bare(minor: int, currency: str) -> str:
    return f"{money.to_decimal(minor, currency):f}"


def _url(path: str, params: Iterable[tuple[str, str]]) -> str:
    query = urlencode(list(params))
    return f"{path}?{query}" if query else path


def _chips(path: str, params: list[tuple[str, str]], counts: browse.Counts, asked: _Asked) -> list[tuple[str, str]]:
    """Give the label of each active filter and the address without it."""

    def without(name: str, value: str) -> str:
        return _url(path, [pair for pair in params if pair != (name, value)])

    chips = [
        (value.label, without(facet.code, value.code))
        for facet in counts.facets
        for value in facet.values
        if value.chosen
    ]
    if asked.low and not asked.error:
        chips.append((_("From %(price)s") % {"price": asked.low}, without("from", asked.low)))
    if asked.high and not asked.error:
        chips.append((_("Up to %(price)s") % {"price": asked.high}, without("to", asked.high)))
    if ("stock", "1") in params:
        chips.append((_("Ready to send"), without("stock", "1")))
    return chips


# --- Products ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Option:
    id: str
    label: str
    url: str
    chosen: bool
    out: bool
    picture: Any
    price: str


@dataclass(frozen=True, slots=True)
class _Choice:
    label: str
    chosen: str
    values: list[_Option]
    pictures: bool


@doors.kept
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a product with the variant the address names."""
    shell = frame.shell(request)
    part = request.headers.get("HX-Target") == "product" and bool(request.headers.get("HX-Request"))
    page = (products.read(shell, slug), []) if part else products.page(shell, slug)
    if page is None or page[0] is None:
        raise Http404
    found, near = page[0], page[1]
    variant = found.chosen(request.GET.get("v", ""))
    context = _product(shell, found, variant)
    if part:
        return HttpResponse(frame.render("shop/_product.html", {**context, "shop": shell.shop}))
    node = next((node for node in shell.tree.nodes if node.id == found.category_id), None)
    trail = [(_("Home"), "/"), *((n.name, f"/c/{n.slug}/") for n in ([*shell.tree.above(node), node] if node else []))]
    context |= {"crumbs": trail, "beside": cards.grid(near, shell.shop.currency)}
    states = tuple(each.stock for each in found.variants)
    key = (*shell.key, get_language(), frame.absolute(request, "/"), slug, states)
    meta = _metas.get(key, lambda: _meta(request, shell, found, trail))
    return frame.respond(request, shell, "shop/product.html", context, meta)


_metas: Memo[frame.Meta] = Memo(size=2_000)


def _meta(request: HttpRequest, shell: Shell, found: Product, trail: list[tuple[str, str]]) -> frame.Meta:
    """Give what machines read of a product; it says the state of stock too."""
    here = f"/p/{found.slug}/"
    data = [structured.product(request, shell, found), structured.crumbs(request, [*trail, (found.title, here)])]
    image = str(data[0]["image"])
    meta = frame.Meta(
        f"{found.title} · {shell.shop.name}", found.summary or found.text[:160], here, image, "product", data
    )
    return replace(meta, head=frame.head(request, meta, shell))


def _product(shell: Shell, product: Product, variant: Variant) -> dict[str, Any]:
    shop, currency = shell.shop, shell.shop.currency
    words = {"now": _("Now"), "was": _("Was"), "from": _("from %(price)s")}
    pictures = _pictures(product, variant)
    there = variant.stock != "out"
    return {
        "product": product,
        "variant": variant,
        "here": f"/p/{product.slug}/?v={variant.sku}",
        "price": cards.safe(cards.price(variant.price_minor, variant.was_minor, currency, words)),
        "price_plain": prices.text(variant.price_minor, currency),
        "tax_words": _tax_words(shell),
        "choices": _choices(product, variant, currency),
        "main_picture": pictures[0],
        "pictures": pictures[1:],
        "stock_words": {"": _("Ready to send"), "low": _("Only a few left"), "out": _("Sold out")}[variant.stock],
        "leaves": _("Leaves the warehouse by %(day)s.") % {"day": promise.day(promise.leaves_on())} if there else "",
        "delivery": frame.delivery(shell),
        "delivers_to": frame.countries_line(shop),
        "supplier": shell.tree.supplier,
        "facts": [*product.attributes, *([(_("Weight"), _weight(variant.weight_g))] if variant.weight_g else []), (_("Item no."), variant.sku)],
        "policies": [(title, policies.text(shop, code)) for code, title in policies.titles(shop) if code in ("delivery", "returns")],
    }  # fmt: skip


def _tax_words(shell: Shell) -> str:
    shop = shell.shop
    if not shop.tax_bps:
        return ""
    return _("tax included") if shop.tax_included else _("plus tax")


def _weight(grams: int) -> str:
    return (
        _("%(n)s g") % {"n": grams}
        if grams < 1000
        else _("%(n)s kg") % {"n": f"{grams / 1000:.2f}".rstrip("0").rstrip(".")}
    )


def _pictures(product: Product, variant: Variant) -> list[Any]:
    """Give the gallery, the chosen variant's own pictures first; a drawn plate where there is none."""
    main, small = (
        "w-full aspect-4/5 object-cover lg:col-span-2 lg:rounded-(--lk-pic-r)",
        "shrink-0 w-24 lg:w-full aspect-4/5 object-cover rounded-(--lk-pic-r)",
    )
    photos = sorted(product.photos, key=lambda photo: (photo.variant_id != variant.id, photo.variant_id is not None))
    if not photos:
        label = f"{product.title}, {variant.label}" if variant.label else product.title
        return [cards.markup(None, product.plate, variant.tint, product.title, alt=label, lazy=False, css=main)]
    return [
        cards.markup(
            (p.file, p.width, p.height, p.alt),
            "",
            "",
            product.title,
            alt=p.alt or product.title,
            lazy=bool(n),
            css=small if n else main,
        )
        for n, p in enumerate(photos[:8])
    ]


def _choices(product: Product, variant: Variant, currency: str) -> list[_Choice]:
    """Give what variants differ by; without options, the variants themselves."""
    if len(product.variants) < 2:
        return []
    if not product.options:
        return [_plain_choice(product, variant, currency)]
    return [_choice(product, variant, code, option, currency) for code, option in product.options.items()]


def _choice(product: Product, variant: Variant, code: str, option: dict[str, Any], currency: str) -> _Choice:
    pictures = any(text.get("tint") for text in option["values"].values())
    values = []
    for value, text in option["values"].items():
        target = _nearest(product, variant, code, value)
        chosen = variant.options.get(code) == value
        label = frame.pick(text, value)
        values.append(_Option(
            id=f"o-{code}-{len(values)}",
            label=label,
            url=f"/p/{product.slug}/?v={target.sku}",
            chosen=chosen,
            out=target.stock == "out",
            picture=cards.markup(None, product.plate, text.get("tint") or target.tint, product.title) if pictures else "",
            price=prices.text(target.price_minor, currency) if not pictures and _prices_differ(product) else "",
        ))  # fmt: skip
    chosen_label = next((value.label for value in values if value.chosen), "")
    return _Choice(frame.pick(option, code.capitalize()), chosen_label, values, pictures)


def _plain_choice(product: Product, variant: Variant, currency: str) -> _Choice:
    values = [
        _Option(f"o-v-{n}", each.label or each.sku, f"/p/{product.slug}/?v={each.sku}", each is variant, each.stock == "out", "",
                prices.text(each.price_minor, currency) if _prices_differ(product) else "")
        for n, each in enumerate(product.variants)
    ]  # fmt: skip
    return _Choice(_("Kind"), variant.label or variant.sku, values, pictures=False)


def _prices_differ(product: Product) -> bool:
    return len({each.price_minor for each in product.variants}) > 1


def _nearest(product: Product, variant: Variant, code: str, value: str) -> Variant:
    """Give the variant with this value that keeps most of the other choices; one in stock before one that is not."""
    having = [each for each in product.variants if each.options.get(code) == value]
    others = [(k, v) for k, v in variant.options.items() if k != code]
    return max(having, key=lambda each: (sum(each.options.get(k) == v for k, v in others), each.free > 0))
