"""What a shop is advised now, as its owner can act on it: only what still makes sense in the shop as it is."""

from __future__ import annotations

from dataclasses import dataclass

from enablement.models import Advice
from enablement.selectors import advice
from reseller.models import Listing, Offer, Shop
from reseller.selectors import assortment, prices
from reseller.selectors import shop as shops
from reseller.selectors.assortment import Card
from s2b2c.kernel import money, texts
from supplier.models import Product

Kind = Advice.Kind
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Take:
    """A product to take on; ``because`` is the one of the shop's it is near to."""

    advice: Advice
    card: Card
    because: str
    category: str


@dataclass(frozen=True, slots=True)
class Price:
    """A product whose price should change: what its variants cost now, and would."""

    advice: Advice
    listing: Listing
    product: Product
    name: str
    now_minor: int
    then_minor: int


@dataclass(frozen=True, slots=True)
class Beside:
    """A product to show beside another of the shop."""

    advice: Advice
    listing: Listing
    product: Product
    name: str
    other: Product
    other_name: str


@dataclass(frozen=True, slots=True)
class Advised:
    takes: list[Take]
    prices: list[Price]
    besides: list[Beside]

    @property
    def any(self) -> bool:
        return bool(self.takes or self.prices or self.besides)


def now(reseller_id: int, product_id: int | None = None) -> Advised:
    """Give what the shop we are in is advised: all of it, or what is about one of its products."""
    given = list(advice.given(reseller_id)) if product_id is None else advice.of_product(reseller_id, product_id)
    shop = shops.get()
    listed = (
        {each.product_id: each for each in Listing.objects.filter(status=Listing.Status.PUBLISHED)} if given else {}
    )
    found = Product.objects.select_related("category").in_bulk(_named(given))
    by_kind = {kind: [each for each in given if each.kind == kind] for kind in Kind.values}
    return Advised(
        takes=_takes(by_kind[Kind.RANGE], shop, found),
        prices=_prices(by_kind[Kind.PRICE], shop, listed, found),
        besides=_besides(by_kind[Kind.PAIR], listed, found),
    )


def _named(given: list[Advice]) -> set[int]:
    return {n for each in given for n in (each.product_id, each.other_id, each.facts.get("because", 0)) if n}


def _takes(given: list[Advice], shop: Shop, found: dict[int, Product]) -> list[Take]:
    cards = assortment.cards([each.product_id for each in given], shop.currency, prices.rule_of(shop), shops.cut(shop))
    listed = [
        Take(
            each, cards[each.product_id], _name(found.get(each.facts.get("because", 0))),
            texts.local(found[each.product_id].category, "name"),
        )
        for each in given
        if each.product_id in cards
    ]  # fmt: skip
    return listed[:SHOWN]


def _name(product: Product | None) -> str:
    return texts.local(product, "name") if product else ""


def _prices(given: list[Advice], shop: Shop, listed: dict[int, Listing], found: dict[int, Product]) -> list[Price]:
    first: dict[int, Offer] = {}
    rows = Offer.objects.filter(listing__product_id__in=[each.product_id for each in given], active=True)
    for offer in rows.select_related("listing", "variant").order_by("-variant_id"):
        first[offer.listing.product_id] = offer
    shown = []
    for each in given:
        now_, listing = first.get(each.product_id), listed.get(each.product_id)
        if now_ is None or listing is None or now_.variant.currency != shop.currency:
            continue
        then = stepped(now_, each.facts["step_bps"])
        if then != now_.price_minor:
            product = found[each.product_id]
            shown.append(Price(each, listing, product, _name(product), now_.price_minor, then))
    return shown[:SHOWN]


def stepped(offer: Offer, step_bps: int) -> int:
    """Give an offer's price after a step, held inside S's band."""
    wanted = offer.price_minor + money.bps(abs(offer.price_minor), abs(step_bps)) * (1 if step_bps > 0 else -1)
    return min(max(wanted, offer.variant.floor_minor, 1), offer.variant.ceiling_minor)


def _besides(given: list[Advice], listed: dict[int, Listing], found: dict[int, Product]) -> list[Beside]:
    return [
        Beside(
            each, listed[each.product_id], found[each.product_id], _name(found[each.product_id]), found[each.other_id],
            _name(found[each.other_id]),
        )
        for each in given
        if each.product_id in listed and each.other_id in listed
        and each.other_id not in (listed[each.product_id].beside or [])
    ][:SHOWN]  # fmt: skip
