"""Buying rounds: what is committed, how the price falls with it, what a shop has at stake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from enablement.models import BuyingRound, Commitment, PlanPart, PlanShare, RoundItem, VendorOffer
from enablement.selectors import ladder, vendors
from s2b2c.kernel.errors import NotFound
from supplier.models import Variant

State = BuyingRound.State


@dataclass(frozen=True, slots=True)
class Rung:
    """From ``start`` pieces of all shops together on, a piece comes to about ``price_minor`` for the shop that looks."""

    start: int
    price_minor: int
    reached: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """An item as one shop sees it. ``price_minor``: about what a piece comes to with what is committed now.

    ``more`` pieces of anybody and it falls to ``next_minor``; none where it falls no further.
    """

    item: RoundItem
    variant: Variant
    together: int
    mine: int
    deposit_minor: int
    wholesale_minor: int
    price_minor: int
    rungs: tuple[Rung, ...]
    more: int = 0
    next_minor: int = 0


def listed() -> QuerySet[BuyingRound]:
    """Give rounds with how much is committed, by how many shops."""
    committed = Q(items__commitments__pieces__gt=0)
    return BuyingRound.objects.select_related("warehouse", "plan").annotate(
        pieces=Coalesce(Sum("items__commitments__pieces"), 0),
        shops=Count("items__commitments__reseller", filter=committed, distinct=True),
        deposits_minor=Coalesce(Sum("items__commitments__deposit_minor"), 0),
    )


def find(number: str) -> BuyingRound:
    """Give a round. :raises NotFound: there is none."""
    found = listed().filter(number=number).first()
    if found is None:
        raise NotFound()
    return found


def for_shop(reseller_id: int) -> list[BuyingRound]:
    """Give the rounds a shop may join, and those it joined; the open ones first, those that close first at the top."""
    mine = Commitment.objects.filter(reseller_id=reseller_id, pieces__gt=0).values("item__round_id")
    rows = listed().filter(Q(state=State.OPEN) | Q(pk__in=mine))
    return sorted(
        rows,
        key=lambda each: (each.state != State.OPEN, each.closes_at if each.state == State.OPEN else each.created_at),
    )


def pieces(round_: BuyingRound) -> int:
    """Give the pieces committed in a round."""
    found = Commitment.objects.filter(item__round=round_).aggregate(n=Sum("pieces"))
    return found["n"] or 0


def wanted(round_: BuyingRound) -> dict[int, dict[int, int]]:
    """Give what is committed, by shop and variant."""
    rows = Commitment.objects.filter(item__round=round_, pieces__gt=0).order_by("reseller_id", "item__variant_id")
    found: dict[int, dict[int, int]] = {}
    for shop, variant, number in rows.values_list("reseller_id", "item__variant_id", "pieces"):
        found.setdefault(shop, {})[variant] = number
    return found


def commitments(round_: BuyingRound) -> QuerySet[Commitment]:
    """Give who committed what."""
    rows = Commitment.objects.filter(item__round=round_, pieces__gt=0)
    return rows.select_related("reseller", "item__variant__product")


def items(round_: BuyingRound) -> list[RoundItem]:
    """Give a round's items with what is committed of each."""
    rows = round_.items.select_related("variant__product").prefetch_related(
        "variant__product__media", "variant__media"
    )
    return list(rows.annotate(together=Coalesce(Sum("commitments__pieces"), 0)).order_by("variant__sku"))


def offered(round_: BuyingRound, reseller_id: int) -> list[Offered]:
    """Give a round's items as a shop sees them."""
    own = {each.item_id: each for each in Commitment.objects.filter(item__round=round_, reseller_id=reseller_id)}
    rows = items(round_)
    costs = _costs([each.variant_id for each in rows], round_.currency)
    return [_offered(each, own.get(each.pk), costs.get(each.variant_id, ()), round_.shared_bps) for each in rows]


_Costs = tuple[tuple[int, Decimal], ...]


def _costs(variant_ids: list[int], own: str) -> Mapping[int, _Costs]:
    """Give what a piece costs S at the cheapest vendor, from so many pieces on, falling; by variant."""
    by_variant: dict[int, list[VendorOffer]] = {}
    for each in vendors.offers_for(variant_ids):
        by_variant.setdefault(each.variant_id, []).append(each)
    return {variant: _falling(offers, own) for variant, offers in by_variant.items()}


def _falling(offers: Iterable[VendorOffer], own: str) -> _Costs:
    steps = sorted(
        (max(start, offer.minimum), ladder.in_own(unit, offer.vendor.currency, offer.vendor.rate, own))
        for offer in offers
        for start, unit in ladder.of(offer).steps
    )
    found: list[tuple[int, Decimal]] = []
    for start, cost in steps:
        if not found or cost < found[-1][1]:
            found = [*found[:-1], (start, cost)] if found and found[-1][0] == start else [*found, (start, cost)]
    return tuple(found)


def _offered(item: RoundItem, mine: Commitment | None, costs: _Costs, shared_bps: int) -> Offered:
    wholesale, own = item.variant.wholesale_minor, mine.pieces if mine else 0
    together = item.together  # type: ignore[attr-defined]
    alone = _at(costs, max(own, 1))

    def price(quantity: int) -> int:
        return wholesale - _less(alone, _at(costs, quantity), shared_bps, wholesale)

    rungs: list[Rung] = []
    for start, _cost in costs:
        if not rungs or price(start) < rungs[-1].price_minor:
            rungs.append(Rung(start, price(start), together >= start))
    ahead = next((rung for rung in rungs if rung.start > together and rung.price_minor < price(together)), None)
    return Offered(
        item, item.variant, together, own, mine.deposit_minor if mine else 0, wholesale, price(together), tuple(rungs),
        ahead.start - together if ahead else 0, ahead.price_minor if ahead else 0,
    )  # fmt: skip


def _at(costs: _Costs, quantity: int) -> Decimal | None:
    """Give what a piece costs at a quantity; below the first step as on it."""
    if not costs:
        return None
    return ([cost for start, cost in costs if start <= quantity] or [costs[0][1]])[-1]


def _less(alone: Decimal | None, together: Decimal | None, shared_bps: int, wholesale: int) -> int:
    """Give what a piece becomes cheaper for the shop, never more than its price; rounded down, so that no more is said."""
    if alone is None or together is None or together >= alone:
        return 0
    return min(int((alone - together) * shared_bps / 10_000), wholesale)


@dataclass(frozen=True, slots=True)
class Stake:
    """What became of a shop's part: its saving, and the pieces of what was bought that came and are sold."""

    share: PlanShare | None
    got: int
    came: int


def stake(round_: BuyingRound, reseller_id: int) -> Stake:
    """Give what a closed round brought a shop so far."""
    share = PlanShare.objects.filter(plan=round_.plan, reseller_id=reseller_id).first() if round_.plan_id else None
    parts = (
        PlanPart.objects.filter(plan=round_.plan_id, reseller_id=reseller_id)
        if round_.plan_id
        else PlanPart.objects.none()
    )
    sums = parts.aggregate(got=Sum("got"), came=Sum("came"))
    return Stake(share, sums["got"] or 0, sums["came"] or 0)


def ends(round_: BuyingRound, reseller_id: int) -> tuple[int, int]:
    """Give what of a shop's deposits went back, and what was kept, in minor units."""
    sums = Commitment.objects.filter(item__round=round_, reseller_id=reseller_id).aggregate(
        back=Sum("released_minor"), kept=Sum("kept_minor")
    )
    return sums["back"] or 0, sums["kept"] or 0
