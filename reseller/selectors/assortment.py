"""S's catalogue as b picks from it: what can be listed, and what b would keep of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    Count,
    Exists,
    OuterRef,
    QuerySet,
    Subquery,
)

from reseller.models import Listing
from reseller.selectors import offers, prices
from reseller.selectors.prices import Cut, Rule
from s2b2c.kernel import texts
from supplier.models import Category, Product, Variant
from supplier.selectors import bundles


@dataclass(frozen=True, slots=True)
class Wish:
    """What b looks for. ``keep_minor``: at least so much kept per piece, at the rule's price."""

    category_id: int | None = None
    text: str = ""
    keep_minor: int = 0
    in_stock: bool = False
    not_mine: bool = True
    order: str = "keep"


ORDERS = {"keep": ("-keep", "-product_id"), "new": ("-product_id",), "price": ("price", "-product_id")}


@dataclass(frozen=True, slots=True)
class Card:
    """A product b may list, shown by its first variant at the rule's price. Money in minor units."""

    product_id: int
    product: Product
    name: str
    price_minor: int
    keep_minor: int
    floor_minor: int
    ceiling_minor: int
    variants: int
    stock: int
    listed: bool

    @property
    def dot(self) -> str:
        """Give where the price lies in the band, in per cent with one decimal."""
        width = self.ceiling_minor - self.floor_minor
        return f"{(self.price_minor - self.floor_minor) / width * 100 if width else 50:.1f}"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Products b may list: the first ``cards`` of ``count`` that fit."""

    cards: list[Card]
    count: int


def sold(currency: str) -> QuerySet[Variant]:
    """Give the variants S sells now in a currency."""
    return Variant.objects.filter(
        status=Variant.Status.ACTIVE, product__status=Product.Status.ACTIVE, currency=currency
    )


def _leads(currency: str, rule: Rule, cut: Cut) -> QuerySet[Variant]:
    """Give the first variant of each product S sells, with ``price`` and ``keep`` by a rule."""
    first = sold(currency).filter(product_id=OuterRef("product_id")).order_by("position", "id").values("id")[:1]
    price = prices.by_rule(rule)
    leads = sold(currency).filter(id=Subquery(first))
    return leads.annotate(price=price, keep=prices.keep(price, cut))


def _with_listed(leads: QuerySet[Variant]) -> QuerySet[Variant]:
    """Add ``listed``: the product is in the shop we are in."""
    return leads.annotate(listed=Exists(Listing.objects.filter(product_id=OuterRef("product_id"))))


def shelf(wish: Wish, *, currency: str, rule: Rule, cut: Cut, limit: int) -> Shelf:
    """Give the products that fit a wish. Four queries at any length."""
    found = _fitting(_with_listed(_leads(currency, rule, cut)), wish)
    order = ORDERS.get(wish.order, ORDERS["keep"])
    rows = list(found.select_related("product__category").order_by(*order)[:limit])
    return Shelf(_cards(rows, currency), found.count() if len(rows) == limit else len(rows))


def cards(product_ids: list[int], currency: str, rule: Rule, cut: Cut) -> dict[int, Card]:
    """Give the cards of products S sells and the shop we are in does not have yet, by product id."""
    if not product_ids:
        return {}
    leads = _with_listed(_leads(currency, rule, cut)).filter(product_id__in=product_ids, listed=False)
    return {card.product_id: card for card in _cards(list(leads.select_related("product__category")), currency)}


def _cards(rows: list[Any], currency: str) -> list[Card]:
    ids = [row.product_id for row in rows]
    variants = dict(
        sold(currency).filter(product_id__in=ids).values_list("product_id").annotate(n=Count("id")).order_by()
    )
    stock = stock_of(ids)
    return [_card(row, variants, stock) for row in rows]


def _fitting(rows: QuerySet[Variant], wish: Wish) -> QuerySet[Variant]:
    if wish.not_mine:
        rows = rows.filter(listed=False)
    if wish.keep_minor:
        rows = rows.filter(keep__gte=wish.keep_minor)
    for word in wish.text.lower().split()[:6]:
        rows = rows.filter(product__search_text__icontains=word)
    if wish.in_stock:
        rows = rows.filter(bundles.product_in_stock("product_id"))
    if wish.category_id is not None:
        path = Category.objects.filter(id=wish.category_id).values_list("path", flat=True).first()
        rows = rows.filter(product__category__path__startswith=path) if path else rows.none()
    return rows


def _card(row: Any, variants: dict[int, int], stock: dict[int, int]) -> Card:
    return Card(
        product_id=row.product_id,
        product=row.product,
        name=texts.local(row.product, "name"),
        price_minor=row.price,
        keep_minor=row.keep,
        floor_minor=row.floor_minor,
        ceiling_minor=row.ceiling_minor,
        variants=variants.get(row.product_id, 0),
        stock=stock.get(row.product_id, 0),
        listed=row.listed,
    )


def stock_of(product_ids: list[int]) -> dict[int, int]:
    """Give free pieces by product id. Two queries."""
    owner = dict(Variant.objects.filter(product_id__in=product_ids).values_list("id", "product_id"))
    total: dict[int, int] = defaultdict(int)
    for variant_id, free in offers.available(list(owner)).items():
        total[owner[variant_id]] += free
    return total


@dataclass(frozen=True, slots=True)
class Aisle:
    """A category at the root: how many products it has for this shop, and what is kept of a sale on average."""

    category: Category
    name: str
    products: int
    keep_minor: int
    samples: list[Product] = field(default_factory=list)


def aisles(*, currency: str, rule: Rule, cut: Cut, samples: int = 0, not_mine: bool = False) -> list[Aisle]:
    """Give the root categories that have something to sell, in the tree's order; works outside a shop too.

    ``not_mine`` (inside a shop only) counts what is not listed yet. Three queries.
    """
    roots = {root.path: root for root in Category.objects.filter(depth=1).order_by("path")}
    kept: dict[str, list[int]] = defaultdict(list)
    shown: dict[str, list[int]] = defaultdict(list)
    leads = _leads(currency, rule, cut)
    if not_mine:
        leads = _with_listed(leads).filter(listed=False)
    rows = leads.order_by("-keep", "id").values_list("product__category__path", "product_id", "keep")
    for path, product_id, keep in rows:
        root = path[: Category.steplen]
        kept[root].append(keep)
        if len(shown[root]) < samples:
            shown[root].append(product_id)
    products = Product.objects.in_bulk([each for ids in shown.values() for each in ids]) if samples else {}
    return [
        Aisle(
            category=root,
            name=texts.local(root, "name"),
            products=len(kept[path]),
            keep_minor=sum(kept[path]) // len(kept[path]),
            samples=[products[each] for each in shown[path]],
        )
        for path, root in roots.items()
        if kept[path]
    ]
