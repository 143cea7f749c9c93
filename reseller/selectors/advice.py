"""What would help the shop most now: computed from its own data and the mart, each with its reason in figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from enablement.selectors import academy, insights, kits, tools
from enablement.selectors.insights import Span
from reseller.models import Listing, Shop
from reseller.selectors import assortment, offers, promotions
from s2b2c.kernel import clock, texts
from s2b2c.tenancy.models import Reseller

MOST = 3
QUIET_DAYS, FALL_PERCENT, ENOUGH_PRODUCTS = 7, 25, 8


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of advice. ``code`` names its kind, ``subject`` what it is about; the page has the words for ``facts``."""

    code: str
    weight: int
    subject: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def best(shop: Shop, reseller: Reseller, *, most: int = MOST) -> list[Advice]:
    """Give the advice that matters most, without what the shop has put away or followed of late."""
    hidden = tools.answered(reseller)
    found = [each for each in _candidates(shop, reseller) if (each.code, each.subject) not in hidden]
    return sorted(found, key=lambda each: (-each.weight, each.code, each.subject))[:most]


def _candidates(shop: Shop, reseller: Reseller) -> Iterator[Advice]:
    listed = list(Listing.objects.filter(status=Listing.Status.PUBLISHED).values_list("product_id", "featured"))
    products = {product for product, _featured in listed}
    front = [product for product, featured in listed if featured]
    yield from _no_orders(reseller, len(products))
    yield from _sold_out(front)
    yield from _kit(reseller, products)
    yield from _sales(shop, reseller)
    yield from _course(reseller)


def _no_orders(reseller: Reseller, products: int) -> Iterator[Advice]:
    """Nobody has bought for a week, although there is something to buy."""
    if products < ENOUGH_PRODUCTS:
        return
    last = tools.last_sold_on(reseller.pk)
    since = last or (reseller.opened_at.date() if reseller.opened_at else None)
    days = (clock.now().date() - since).days if since else 0
    if days >= QUIET_DAYS:
        yield Advice("share", 90, facts={"days": days, "products": products, "ever": last is not None})


def _sold_out(front: list[int]) -> Iterator[Advice]:
    """What visitors see first is sold out."""
    free = assortment.stock_of(front) if front else {}
    empty = [product for product in front if not free.get(product)]
    if empty:
        yield Advice("sold_out", 80, facts={"n": len(empty), "of": len(front)})


def _kit(reseller: Reseller, products: set[int]) -> Iterator[Advice]:
    """A kit fits what the shop sells: the one with the most products in common."""
    fitting = []
    for each in kits.offered(reseller)[:12]:
        goods = set(each.products.values_list("product_id", flat=True))
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
        yield Advice("kit", 70, str(kit.pk), facts)


def _sales(shop: Shop, reseller: Reseller) -> Iterator[Advice]:
    """Sales fell and nothing runs against it; the best seller has no words of the shop's own."""
    span = Span(clock.now().date(), 28)
    now, then = (
        insights.total(insights.by_day(each, shop.currency, reseller.pk).values()) for each in (span, span.before)
    )
    fall = 100 - now.sales_minor * 100 // then.sales_minor if then.sales_minor > 0 else 0
    if fall >= FALL_PERCENT and not promotions.running(shop):
        yield Advice("quiet", 60, facts={"now": now.sales_minor, "fall": fall})
    for product, figures in insights.best_of(reseller.pk, span, shop.currency, limit=3):
        listing = Listing.objects.filter(product=product, status=Listing.Status.PUBLISHED).first()
        if (
            listing
            and figures.pieces >= 2
            and not any((listing.title_en, listing.title_zh, listing.text_en, listing.text_zh))
        ):
            facts = {"id": listing.pk, "title": offers.title(listing, product), "pieces": figures.pieces}
            yield Advice("words", 50, str(product.pk), facts)
            return


def _course(reseller: Reseller) -> Iterator[Advice]:
    """A course is begun and not finished, or the one that unlocks is still to do."""
    for each in academy.of_shop(reseller):
        if not each.passed and (each.done or each.course.unlocks):
            facts = {"id": each.course.pk, "title": texts.local(each.course, "title"), "n": each.done, "of": each.lessons,
                     "minutes": each.minutes, "unlocks": each.course.unlocks}  # fmt: skip
            yield Advice("course", 40, str(each.course.pk), facts)
            return
