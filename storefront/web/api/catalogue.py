"""Categories, products and search as JSON."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter as Parameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from s2b2c.kernel.errors import NotFound, Refused
from storefront.selectors import browse, search
from storefront.selectors import product as products
from storefront.selectors.browse import Filters
from storefront.selectors.cards import Card
from storefront.selectors.product import Product
from storefront.selectors.shell import Shell
from storefront.web import cards, frame
from storefront.web.api import services as offers
from storefront.web.api import shapes
from storefront.web.api.ground import STOCK, ShopView, described

_MOST = 10**15
_SORTS = ["picked", "new", "price", "-price", "best"]
_FILTERS = [
    Parameter("category", str, description="Slug of a category; what is below it counts too."),
    Parameter("q", str, description="Words to look for; typing errors are forgiven."),
    Parameter("sort", str, enum=_SORTS),
    Parameter("price_min", int, description="Minor units."),
    Parameter("price_max", int, description="Minor units."),
    Parameter("in_stock", str, enum=["1"]),
    Parameter("after", str, description="As given in `next`."),
]


class Categories(ShopView):
    @described("Categories that have something on sale", shapes.Categories)
    def get(self, request: Request) -> Response:
        tree = frame.shell(request._request).tree
        items = []
        for node in tree.nodes:
            above = tree.above(node)
            items.append(
                {
                    "slug": node.slug,
                    "name": node.name,
                    "parent": above[-1].slug if above else None,
                    "products": node.count,
                }
            )
        return Response({"items": items})


class Products(ShopView):
    @described("Products on sale", shapes.Products, parameters=_FILTERS, name="products_list")
    def get(self, request: Request) -> Response:
        shell = frame.shell(request._request)
        query = search.cleaned(request.query_params.get("q", ""))
        filters = _filters(request)
        sort = _sort(request, browse.BEST if query else browse.PICKED)
        after = request.query_params.get("after", "")[:80]
        close = False
        if query:
            found = search.read(shell, query, filters, sort=sort, after=after)
            result, close = found.result, found.close
        else:
            result = browse.read(shell, browse.category(_path(request, shell)), filters, sort=sort, after=after)
        counts = result.counts
        following = replace_query_param(request.build_absolute_uri(), "after", result.after) if result.after else None
        return Response({
            "items": [_card(request, card, shell.shop.currency) for card in result.cards],
            "next": following,
            "total": counts.total,
            "in_stock": counts.in_stock,
            "price_min_minor": counts.low_minor,
            "price_max_minor": counts.high_minor,
            "facets": [_facet(facet) for facet in counts.facets],
            "close": close,
        })  # fmt: skip


class OneProduct(ShopView):
    @described("A product with its variants", shapes.Product)
    def get(self, request: Request, slug: str) -> Response:
        shell = frame.shell(request._request)
        found = products.read(shell, slug)
        if found is None:
            raise NotFound()
        return Response(_product(request, shell, found))


def _path(request: Request, shell: Shell) -> str:
    slug = request.query_params.get("category", "")
    if not slug:
        return ""
    node = shell.tree.by_slug.get(slug)
    if node is None:
        raise NotFound("category", _("There is no such category here."), field="category")
    return node.path


def _sort(request: Request, usual: str) -> str:
    asked = request.query_params.get("sort", usual)
    if asked not in browse.SORTS:
        raise Refused("sort", _("Sort by one of: %(ways)s."), field="sort", ways=", ".join(_SORTS))
    return asked if asked != browse.BEST or usual == browse.BEST else usual


def _filters(request: Request) -> Filters:
    chosen = {}
    for code in list(request.query_params)[:40]:
        if (code == "type" or code[:2] in ("o.", "a.")) and len(code) <= 60:
            chosen[code] = tuple(sorted({value[:160] for value in request.query_params.getlist(code) if value}))[:12]
    low, high = _amount(request, "price_min"), _amount(request, "price_max")
    return Filters(
        {code: values for code, values in chosen.items() if values},
        low,
        high,
        request.query_params.get("in_stock") == "1",
    )


def _amount(request: Request, name: str) -> int | None:
    text = request.query_params.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 16 and int(text) <= _MOST):
        raise Refused("amount", _("“%(name)s” is a whole number of minor units."), field=name, name=name)
    return int(text)


def _card(request: Request, card: Card, currency: str) -> dict[str, Any]:
    image = (
        cards.photo_url(card.photo[0])
        if card.photo
        else cards.plate_url(card.plate, card.tints[0] if card.tints else "", card.title)
    )
    return {
        "slug": card.slug, "title": card.title, "summary": card.summary, "picture": frame.absolute(request._request, image),
        "price_minor": card.price_minor, "was_minor": card.was_minor, "price_varies": card.ranges, "currency": currency,
        "stock": STOCK[card.stock],
    }  # fmt: skip


def _facet(facet: browse.Facet) -> dict[str, Any]:
    values = [{"value": v.code, "label": v.label, "products": v.count, "chosen": v.chosen} for v in facet.values]
    return {"code": facet.code, "label": facet.label, "values": values}


def _product(request: Request, shell: Shell, product: Product) -> dict[str, Any]:
    category = next((node.slug for node in shell.tree.nodes if node.id == product.category_id), None)
    return {
        "slug": product.slug, "title": product.title, "summary": product.summary, "text": product.text,
        "brand": product.brand, "category": category,
        "attributes": [{"label": label, "value": value} for label, value in product.attributes],
        "pictures": _pictures(request, product),
        "variants": [
            {"id": each.id, "sku": each.sku, "label": each.label, "options": each.options, "price_minor": each.price_minor,
             "was_minor": each.was_minor, "currency": shell.shop.currency, "stock": STOCK[each.stock],
             "expected_on": each.expected_on, "weight_g": each.weight_g,
             "parts": [{"sku": part.sku, "title": part.title, "label": part.label, "pieces": part.pieces,
                        "slug": part.slug or None} for part in each.parts]}
            for each in product.variants
        ],
        "services": offers.offered(product.services),
    }  # fmt: skip


def _pictures(request: Request, product: Product) -> list[dict[str, Any]]:
    if not product.photos:
        url = frame.absolute(request._request, cards.plate_url(product.plate, product.variants[0].tint, product.title))
        return [{"url": url, "width": 800, "height": 1000, "alt": product.title}]
    return [
        {
            "url": frame.absolute(request._request, cards.photo_url(p.file)),
            "width": p.width,
            "height": p.height,
            "alt": p.alt,
        }
        for p in product.photos
    ]
