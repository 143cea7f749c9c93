"""What b can list, what b has listed, and what S changed under it."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.expressions import Func
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from reseller.models import Listing, Offer, Shop
from reseller.selectors import offers, prices
from reseller.selectors.prices import Cut, Rule
from s2b2c.kernel import texts
from s2b2c.kernel.errors import NotFound
from supplier.models import Category, Product, Variant

WORDS = ("title", "text")
UNDER = {"title_en": "name_en", "title_zh": "name_zh", "text_en": "text_en", "text_zh": "text_zh"}


# --- The supplier's catalogue, as b picks from it ----------------------------------------------------
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
    ids = [row.product_id for row in rows]
    variants = dict(
        sold(currency).filter(product_id__in=ids).values_list("product_id").annotate(n=Count("id")).order_by()
    )
    stock = stock_of(ids)
    return Shelf([_card(row, variants, stock) for row in rows], found.count() if len(rows) == limit else len(rows))


def _fitting(rows: QuerySet[Variant], wish: Wish) -> QuerySet[Variant]:
    if wish.not_mine:
        rows = rows.filter(listed=False)
    if wish.keep_minor:
        rows = rows.filter(keep__gte=wish.keep_minor)
    for word in wish.text.lower().split()[:6]:
        rows = rows.filter(product__search_text__icontains=word)
    if wish.in_stock:
        rows = rows.filter(Exists(Variant.objects.filter(product=OuterRef("product_id"), stock__available__gt=0)))
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


# --- The shop's own products -------------------------------------------------------------------------
def mine(shop: Shop, cut: Cut) -> QuerySet[Listing]:
    """Give the shop's listings with what the list shows of them.

    ``name``, ``low``/``high`` (prices c pays), ``keep`` (of the cheapest), ``gone`` (S no longer sells it),
    ``changed`` (S changed a text under one of b's), ``dearer`` (S asks more than b knew).
    """
    live = Offer.objects.filter(listing=OuterRef("pk"), active=True)
    paid = live.annotate(pays=offers.in_band()).order_by("pays", "id")
    suffix = texts.suffix()
    return Listing.objects.select_related("product__category").annotate(
        name=Func(
            Func(F(f"title_{suffix}"), Value(""), function="NULLIF"),
            Func(F(f"product__name_{suffix}"), Value(""), function="NULLIF"),
            F("product__name_en"),
            function="COALESCE",
            output_field=TextField(),
        ),
        low=Subquery(paid.values("pays")[:1]),
        high=Subquery(paid.order_by("-pays").values("pays")[:1]),
        keep=Subquery(
            paid.annotate(keep=prices.keep(offers.in_band(), cut, "variant__")).values("keep")[:1],
            output_field=BigIntegerField(),
        ),
        currency=Value(shop.currency),
        gone=~Exists(
            live.filter(
                variant__status=Variant.Status.ACTIVE,
                variant__product__status=Product.Status.ACTIVE,
                variant__currency=shop.currency,
            )
        ),
        dearer=Exists(live.filter(variant__wholesale_minor__gt=known_cost())),
    )


def known_cost() -> Func:
    """Give the expression, on an offer, for what S asked when b last looked at its price."""
    path = Func(
        F("listing__seen"),
        Value("wholesale"),
        Cast("variant_id", TextField()),
        function="jsonb_extract_path_text",
        output_field=TextField(),
    )
    return Cast(path, BigIntegerField())


def changed_words() -> Q:
    """Give the condition, on a listing, that S changed a text which b has written over."""
    condition = Q(pk__in=[])
    for own, under in UNDER.items():
        condition |= (
            Q(**{f"seen__{own}__isnull": False}) & ~Q(**{own: ""}) & ~Q(**{f"product__{under}": KT(f"seen__{own}")})
        )
    return condition


# --- One product of the shop -------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class OfferRow:
    """A variant in the shop. ``offer`` None: S sells it, the shop doesn't (yet)."""

    variant: Variant
    offer: Offer | None
    label: str
    price_minor: int
    keep_minor: int
    stock: int
    sold: bool
    known_minor: int | None

    @property
    def dearer(self) -> bool:
        return self.known_minor is not None and self.variant.wholesale_minor > self.known_minor


@dataclass(frozen=True, slots=True)
class Words:
    """One text in one language: b's own, S's of now, and what S changed since b wrote."""

    field: str
    own: str
    theirs: str
    changed: bool
    steps: list[tuple[str, str]]

    @property
    def state(self) -> str:
        return "changed" if self.changed else "yours" if self.own else "follows"


@dataclass(frozen=True, slots=True)
class Detail:
    """A listing with its variants in S's order and its texts."""

    listing: Listing
    title: str
    rows: list[OfferRow]
    words: list[Words]

    @property
    def stock(self) -> int:
        return sum(row.stock for row in self.rows)


def detail(listing_id: int, *, shop: Shop, cut: Cut) -> Detail:
    """Give one product of the shop.

    :raises NotFound: it is not in this shop.
    """
    listing = Listing.objects.select_related("product__category").filter(id=listing_id).first()
    if listing is None:
        raise NotFound()
    own = {offer.variant_id: offer for offer in listing.offers.all()}
    rule = prices.rule_of(shop)
    variants = list(
        Variant.objects.filter(product_id=listing.product_id, currency=shop.currency)
        .annotate(price=prices.by_rule(rule))
        .order_by("position", "id")
    )
    stock = offers.available([variant.id for variant in variants])
    rows = [
        _row(variant, own.get(variant.id), listing, cut, stock.get(variant.id, 0))
        for variant in variants
        if variant.id in own or variant.status == Variant.Status.ACTIVE
    ]
    return Detail(listing, offers.title(listing, listing.product), rows, _words(listing))


def _row(variant: Any, offer: Offer | None, listing: Listing, cut: Cut, stock: int) -> OfferRow:
    wanted = offer.price_minor if offer else variant.price
    price = min(max(wanted, variant.floor_minor), variant.ceiling_minor)
    return OfferRow(
        variant=variant,
        offer=offer,
        label=texts.local(variant, "label"),
        price_minor=price,
        keep_minor=cut.keep(price, variant.wholesale_minor),
        stock=stock,
        sold=offer is not None and offer.active,
        known_minor=listing.seen.get("wholesale", {}).get(str(variant.id)) if offer else None,
    )


def _words(listing: Listing) -> list[Words]:
    found = []
    for name, under in UNDER.items():
        own, theirs = getattr(listing, name), getattr(listing.product, under)
        before = listing.seen.get(name)
        changed = bool(own) and before is not None and before != theirs
        found.append(Words(name, own, theirs, changed, steps(before or "", theirs) if changed else []))
    return found


def steps(before: str, after: str) -> list[tuple[str, str]]:
    """Give what became of a text as ``(same | del | ins, words)``, word by word (Chinese: sign by sign)."""
    old, new = (re.findall(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff]+\s*|\s+", text) for text in (before, after))
    found: list[tuple[str, str]] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", "".join(old[a:b])))
            continue
        if a < b:
            found.append(("del", "".join(old[a:b])))
        if c < d:
            found.append(("ins", "".join(new[c:d])))
    return found


@dataclass(frozen=True, slots=True)
class RulePreview:
    """What a rule would do to a listed variant: price and keep, now and then."""

    listing_id: int
    name: str
    label: str
    now_minor: int
    then_minor: int
    keep_now_minor: int
    keep_then_minor: int
    by_hand: bool


def preview(rule: Rule, *, cut: Cut, listing_ids: list[int] | None = None, limit: int = 200) -> list[RulePreview]:
    """Give what a rule would do to the prices of the shop, most changed first; nothing is written."""
    rows = Offer.objects.filter(active=True).select_related("listing", "variant__product")
    if listing_ids is not None:
        rows = rows.filter(listing_id__in=listing_ids)
    rows = rows.annotate(then=prices.by_rule(rule, "variant__"), pays=offers.in_band())
    ordered = rows.annotate(step=Func(F("then") - F("pays"), function="ABS")).order_by("-step", "id")
    return [
        RulePreview(
            listing_id=row.listing_id,
            name=offers.title(row.listing, row.variant.product),
            label=texts.local(row.variant, "label"),
            now_minor=row.pays,
            then_minor=row.then,
            keep_now_minor=cut.keep(row.pays, row.variant.wholesale_minor),
            keep_then_minor=cut.keep(row.then, row.variant.wholesale_minor),
            by_hand=not row.by_rule,
        )
        for row in ordered[:limit]
    ]


def spread() -> dict[str, int]:
    """Give how many products are in the shop, published and hidden. One query."""
    counts = dict(Listing.objects.values_list("status").annotate(n=Count("id")).order_by())
    return {"published": counts.get("published", 0), "hidden": counts.get("hidden", 0)}
