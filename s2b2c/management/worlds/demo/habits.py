"""Habits of the demo's people that advice can be learnt from: who buys each week, what goes together, what owners try.

All of it is done through the services buyers and owners use. How much a standing customer takes answers to the price.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db.models import Min

from enablement.models import Advice
from enablement.selectors import kits, notices
from enablement.services import benchmark, forecasts, shop_scores, tips, visits
from enablement.services import notices as announcing
from orders.services.writing import Contact
from reseller.models import Listing, Offer
from reseller.services import advising, pricing
from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused
from s2b2c.management.worlds import replay
from s2b2c.management.worlds.demo.afterwards import later, shop
from s2b2c.management.worlds.demo.shops import SHOPS, DemoShop
from s2b2c.tenancy import context

if TYPE_CHECKING:
    from s2b2c.management.worlds.demo.trade import Trade

# What an owner asks of the suggested price, in percent, from so many days ago on.
TRIED = ((57, 118), (37, 86), (17, 100))
ANSWERED = ((19, "juniper-row", "quiet", True), (12, "shanye", "course", True), (9, "larder", "share", False), (6, "north-hearth", "sold_out", True))  # fmt: skip
READ = ((18, "kettle-and-quay"), (16, "north-hearth"), (3, "xiaoman"))
COUNTED = 40  # days since visits were counted
VISITS_AN_ORDER = 34
NIGHTS = 28  # with forecasts that can be held against what came


@dataclass(frozen=True, slots=True)
class Standing:
    """A customer who orders once a week: ``wants`` is (product, pieces at the suggested price, elasticity)."""

    slug: str
    contact: Contact
    wants: tuple[tuple[str, int, float], ...]


def _contact(name: str, email: str, street: str, postcode: str, city: str, region: str) -> Contact:
    return Contact(
        name=name, email=email, phone="", street=street, postcode=postcode, city=city, region=region, country="US"
    )


STANDING = (
    Standing(
        "larder", _contact("Cafe Alba", "orders@cafe-alba.example", "12 Elm Street", "05401", "Burlington", "VT"),
        (("HL-JAR", 9, -0.7), ("HL-HNY", 6, -3.6), ("HL-OIL", 7, -0.6)),
    ),
    Standing(
        "juniper-row", _contact("The Warren Inn", "house@warren-inn.example", "88 Warren Street", "12534", "Hudson", "NY"),
        (("HL-CDL", 8, -0.7), ("HL-NAP", 7, -0.6), ("HL-TPR", 7, -3.4)),
    ),
    Standing(
        "shanye", _contact("Ridge Huts", "stores@ridge-huts.example", "3 Trailhead Road", "98199", "Seattle", "WA"),
        (("HL-EML", 8, -0.7), ("HL-DRY", 6, -3.4)),
    ),
)  # fmt: skip


def plan(trade: Trade) -> None:
    """Put all of it into the calendar."""
    for each in STANDING:
        later(trade, trade.days - 0.5, partial(_try, each.slug, [code for code, _n, _e in each.wants], 100))
        for days_ago, percent in TRIED:
            later(trade, days_ago, partial(_try, each.slug, [code for code, _n, _e in each.wants], percent))
    for week in range(trade.days // 7):
        for each in STANDING:  # on some day of each week
            day = trade.now - timedelta(days=7 * week + trade.random.randint(1, 7))
            trade.at(day.replace(hour=9, minute=20), partial(_order, trade, each))
    for n in range(11):  # somebody showed the shop to many yesterday
        yesterday = (trade.now - timedelta(days=1)).replace(hour=12 + n, minute=7)
        trade.at(yesterday, partial(trade.buy, *trade.shop("juniper-row")))
    for night in range(NIGHTS, 0, -1):
        trade.at((trade.now - timedelta(days=night)).replace(hour=0, minute=30), _foretell)
    for days_ago in range(COUNTED, -1, -1):
        evening = (trade.now - timedelta(days=days_ago)).replace(hour=22, minute=50)
        for demo in SHOPS:
            trade.at(min(evening, trade.now - timedelta(minutes=1)), partial(_look_around, trade, demo))
    later(trade, 26, partial(_decide, "juniper-row"))
    for days_ago, slug, code, taken in ANSWERED:
        later(trade, days_ago, partial(_answer_tip, slug, code, taken))
    for days_ago, slug in READ:
        later(trade, days_ago, partial(_read, slug))


def finish() -> None:
    """Make what is made of a month that is over."""
    benchmark.run()
    visits.flush()
    shop_scores.run()


def _try(slug: str, codes: list[str], percent: int) -> None:
    """Let an owner ask another price for some things."""
    with context.entered(shop(slug)):
        with context.reading():
            rows = list(Offer.objects.filter(listing__product__code__in=codes).select_related("variant"))
        wanted: dict[int, dict[int, int]] = {}
        for row in rows:
            price = row.variant.suggested_minor * percent // 1_000 * 10
            wanted.setdefault(row.listing_id, {})[row.variant_id] = max(price, row.variant.floor_minor)
        for listing_id, prices in wanted.items():
            pricing.set_prices(listing_id=listing_id, wanted=prices)


def _order(trade: Trade, each: Standing) -> None:
    """Order what a standing customer takes at today's prices."""
    reseller, demo = trade.shop(each.slug)
    wanted: dict[int, int] = {}
    with context.entered(reseller), context.reading():
        for code, usual, elasticity in each.wants:
            offers = Offer.objects.filter(listing__product__code=code, active=True)
            first = offers.aggregate(id=Min("variant_id"))["id"]
            found = offers.filter(variant_id=first).select_related("variant").first()
            if found is not None:
                dear = found.price_minor / found.variant.suggested_minor
                wanted[found.variant_id] = max(1, round(usual * dear**elasticity * trade.random.uniform(0.92, 1.08)))
    trade.buy(reseller, demo, wanted=wanted, contact=each.contact)


def _look_around(trade: Trade, demo: DemoShop) -> None:
    """Count a day's visits of a shop, as its pages do: most look at a product or two, some at a kit's story."""
    reseller, _demo = trade.shop(demo.slug)
    with context.entered(reseller), context.reading():
        goods = list(
            Listing.objects.filter(status="published")
            .order_by("-featured", "id")
            .values_list("product__slug", flat=True)
        )
    stories = [use.kit.slug for use in kits.in_shop(reseller)]
    for _ in range(round(demo.orders_a_day * VISITS_AN_ORDER * trade.random.uniform(0.7, 1.3))):
        if trade.random.random() < 0.4:
            visits.note(reseller_id=reseller.pk, arrived=True)
        else:
            slug = goods[int(trade.random.random() ** 2 * len(goods))]
            visits.note(reseller_id=reseller.pk, kind="product", slug=slug, arrived=True)
        if stories and trade.random.random() < 0.07:
            visits.note(reseller_id=reseller.pk, kind="story", slug=trade.random.choice(stories))


def _answer_tip(slug: str, code: str, taken: bool) -> None:
    tips.answer(reseller=shop(slug), code=code, subject="", taken=taken)


def _read(slug: str) -> None:
    """Read all the announcements there are by now."""
    for each in notices.unread(shop(slug)):
        announcing.read(reseller=shop(slug), announcement_id=each.pk, reader_id=None)


def _foretell() -> None:
    replay.drain(clock.now())
    forecasts.run()


def _decide(slug: str) -> None:
    """Let a shop take some of the advice it was given, and put one away."""
    given = Advice.objects.filter(reseller_id=shop(slug).pk, held=False, kind=Advice.Kind.RANGE).order_by(
        "-score", "pk"
    )
    listed = list(given[:3])
    with context.entered(shop(slug)):
        for number, advice in enumerate(listed):
            try:
                if number < 2:
                    advising.adopt(reseller_id=advice.reseller_id, advice_id=advice.pk)
                else:
                    advising.dismiss(reseller_id=advice.reseller_id, advice_id=advice.pk)
            except Refused:
                continue
