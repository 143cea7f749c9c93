"""What would help the shop most now: computed from its own data and the mart, each with its reason in figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects

from enablement.selectors import academy, insights, kits, tools
from enablement.selectors.insights import Figures, Span
from reseller.models import Listing, Shop
from reseller.selectors import assortment, offers, promotions
from s2b2c.kernel import clock, texts
from s2b2c.tenancy.models import Reseller

MOST = 3
QUIET_DAYS, FALL_PERCENT, ENOUGH_PRODUCTS = 7, 25, 8


@dataclass(frozen=True, slots=True)
class Tip:
    """One thing to do. ``code`` names its kind, ``subject`` what it is about; the page has the words for ``facts``."""

    code: str
    weight: int
    subject: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def best(shop: Shop, reseller: Reseller, *, most: int = MOST) -> list[Tip]:
    """Give the tips that matter most, without what the shop has put away or followed of late."""
    hidden = tools.answered(reseller)
    found = [each for each in _candidates(shop, reseller) if (each.code, each.subject) not in hidden]
    return sorted(found, key=lambda each: (-each.weight, each.code, each.subject))[:most]


def _candidates(shop: Shop, reseller: Reseller) -> Iterator[Tip]:
    listed = list(Listing.objects.filter(status=Listing.Status.PUBLISHED).values_list("product_id", "featured"))
    products = {product for product, _featured in listed}
    front = [product for product, featured in listed if featured]
    span = Span(clock.now().date(), 28)
    sold = insights.by_day(Span(span.last, 2 * span.days), shop.currency, reseller.pk)
    yield from _no_orders(
        reseller, len(products), max((day for day, each in sold.items() if each.orders > each.refunds), default=None)
    )
    yield from _sold_out(front)
    yield from _kit(reseller, products)
    yield from _fallen(shop, span, sold)
    yield from _words(shop, reseller, span)
    yield from _course(reseller)


def _no_orders(reseller: Reseller, products: int, lately: date | None) -> Iterator[Tip]:
    """Nobody has bought for a week, although there is something to buy."""
    if products < ENOUGH_PRODUCTS:
        return
    last = lately or tools.last_sold_on(reseller.pk)
    since = last or (reseller.opened_at.date() if reseller.opened_at else None)
    days = (clock.now().date() - since).days if since else 0
    if days >= QUIET_DAYS:
        yield Tip("share", 90, facts={"days": days, "products": products, "ever": last is not None})


def _sold_out(front: list[int]) -> Iterator[Tip]:
    """What visitors see first is sold out."""
    free = assortment.stock_of(front) if front else {}
    empty = [product for product in front if not free.get(product)]
    if empty:
        yield Tip("sold_out", 80, facts={"n": len(empty), "of": len(front)})


def _kit(reseller: Reseller, products: set[int]) -> Iterator[Tip]:
    """A kit fits what the shop sells: the one with the most products in common."""
    fitting, offered = [], kits.offered(reseller)[:12]
    prefetch_related_objects(offered, "products")
    for each in offered:
        goods = {one.product_id for one in each.products.all()}
        if len(goods & products) >= 2:
            fitting.append((len(goods & products), each, len(goods)))
    if fitting:
        n, kit, of = max(fitting, key=lambda row: (row[0], row[1].pk))
        facts = {
            "id": kit.pk,
            "title": texts.local(kit, "title"),
            "n": n,
            "of": of,
            "share": kit.share_bps if kit.value_bps else 0,
        }
        yield Tip("kit", 70, str(kit.pk), facts)


def _fallen(shop: Shop, span: Span, sold: Mapping[date, Figures]) -> Iterator[Tip]:
    """Sales fell and nothing runs against it."""
    now = sum(each.sales_minor for day, each in sold.items() if day >= span.first)
    then = sum(each.sales_minor for day, each in sold.items() if day < span.first)
    fall = 100 - now * 100 // then if then > 0 else 0
    if fall >= FALL_PERCENT and not promotions.running(shop):
        yield Tip("quiet", 60, facts={"now": now, "fall": fall})


def _words(shop: Shop, reseller: Reseller, span: Span) -> Iterator[Tip]:
    """A best seller has no words of the shop's own."""
    best = [
        (product, each)
        for product, each in insights.best_of(reseller.pk, span, shop.currency, limit=3)
        if each.pieces >= 2
    ]
    bare = Listing.objects.filter(
        product_id__in=[product.pk for product, _each in best], status=Listing.Status.PUBLISHED, title_en="", title_zh="", text_en="", text_zh="",
    )  # fmt: skip
    found = {each.product_id: each for each in bare} if best else {}
    for product, each in best:
        if (listing := found.get(product.pk)) is not None:
            facts = {"id": listing.pk, "title": offers.title(listing, product), "pieces": each.pieces}
            yield Tip("words", 50, str(product.pk), facts)
            return


def _course(reseller: Reseller) -> Iterator[Tip]:
    """A course is begun and not finished, or the one that unlocks is still to do."""
    for each in academy.of_shop(reseller):
        if not each.passed and (each.done or each.course.unlocks):
            facts = {"id": each.course.pk, "title": texts.local(each.course, "title"), "n": each.done, "of": each.lessons,
                     "minutes": each.minutes, "unlocks": each.course.unlocks}  # fmt: skip
            yield Tip("course", 40, str(each.course.pk), facts)
            return
