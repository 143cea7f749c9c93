"""What a page says to machines (schema.org), in JSON-LD."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from s2b2c.kernel import money
from storefront.selectors.product import Product, Variant
from storefront.selectors.shell import Shell
from storefront.web import cards, frame

_CONTEXT = "https://schema.org"
_STOCK = {"": "InStock", "low": "LimitedAvailability", "out": "OutOfStock"}


def home(request: HttpRequest, shell: Shell) -> list[dict[str, Any]]:
    """Describe the shop and its search."""
    root = frame.absolute(request, "/")
    search = {"@type": "SearchAction", "target": f"{root}search/?q={{q}}", "query-input": "required name=q"}
    return [
        {"@context": _CONTEXT, "@type": "OnlineStore", "name": shell.shop.name, "url": root},
        {"@context": _CONTEXT, "@type": "WebSite", "name": shell.shop.name, "url": root, "potentialAction": search},
    ]


def crumbs(request: HttpRequest, trail: list[tuple[str, str]]) -> dict[str, Any]:
    """Describe where a page stands."""
    items = [
        {"@type": "ListItem", "position": n, "name": label, "item": frame.absolute(request, url)}
        for n, (label, url) in enumerate(trail, 1)
    ]
    return {"@context": _CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}


def product(request: HttpRequest, shell: Shell, product: Product) -> dict[str, Any]:
    """Describe a product with an offer for each variant."""
    image = (
        cards.photo_url(product.photos[0].file)
        if product.photos
        else cards.plate_url(product.plate, product.variants[0].tint, product.title)
    )
    said = {
        "@context": _CONTEXT,
        "@type": "Product",
        "name": product.title,
        "description": product.summary or product.text[:300],
        "image": frame.absolute(request, image),
        "sku": product.variants[0].sku,
        "offers": [_offer(request, shell, product, each) for each in product.variants],
    }
    return said | ({"brand": {"@type": "Brand", "name": product.brand}} if product.brand else {})


def _offer(request: HttpRequest, shell: Shell, product: Product, variant: Variant) -> dict[str, Any]:
    currency = shell.shop.currency
    return {
        "@type": "Offer",
        "sku": variant.sku,
        "price": str(money.to_decimal(variant.price_minor, currency)),
        "priceCurrency": currency,
        "availability": f"{_CONTEXT}/{_STOCK[variant.stock]}",
        "url": frame.absolute(request, f"/p/{product.slug}/?v={variant.sku}"),
        "seller": {"@type": "Organization", "name": shell.shop.name},
    }
