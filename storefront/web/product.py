"""One product: the variant the address names, what variants differ by, and what machines read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language

from storefront import prices, promise, quality
from storefront.memo import Memo
from storefront.selectors import policies
from storefront.selectors import product as products
from storefront.selectors.product import Part, Product, Variant
from storefront.selectors.shell import Shell
from storefront.web import appointments, cards, doors, frame, structured
from storefront.words import gettext as _


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
    context["services"] = appointments.with_product(shell, found)
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
        "leaves": _("Leaves the warehouse by %(day)s.") % {"day": promise.day(promise.leaves_on())} if there else _expected(variant),
        "delivery": frame.delivery(shell),
        "delivers_to": frame.countries_line(shop),
        "supplier": shell.tree.supplier,
        "quality": quality.facts(product.quality),
        "said": quality.said(product.quality),
        "mean": quality.mean(product.quality) if product.quality.get("reviews") else "",
        "inside": [_inside(part) for part in variant.parts],
        "facts": [*product.attributes, *([(_("Weight"), _weight(variant.weight_g))] if variant.weight_g else []), (_("Item no."), variant.sku)],
        "policies": [(title, policies.text(shop, code)) for code, title in policies.titles(shop) if code in ("delivery", "returns")],
    }  # fmt: skip


def _inside(part: Part) -> dict[str, Any]:
    css = "w-16 aspect-4/5 object-cover rounded-(--lk-pic-r)"
    return {
        "pieces": part.pieces,
        "title": part.title,
        "label": part.label,
        "url": f"/p/{part.slug}/?v={part.sku}" if part.slug else "",
        "picture": cards.markup(part.photo, part.plate, part.tint, part.title, css=css),
    }


def _expected(variant: Variant) -> str:
    return _("Expected on %(day)s.") % {"day": promise.day(variant.expected_on)} if variant.expected_on else ""


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
