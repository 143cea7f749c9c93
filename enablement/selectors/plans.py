"""Purchase plans: the market they are made in, what is wanted, what came of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from django.db.models import Count, F, Q, QuerySet, Sum

from enablement.models import PlanLine, PlanPart, PlanShare, PurchasePlan, VendorOffer
from enablement.selectors import ladder, replenishment
from enablement.selectors.planning.problem import GRAINS, Asked, Problem, Seller
from s2b2c.kernel import clock, money
from s2b2c.kernel.errors import NotFound
from s2b2c.tenancy.models import Reseller
from supplier.selectors import demand

WEEKS = 4  # what vendors can make in so many weeks is what can be planned with


def market(offers: Sequence[VendorOffer], own: str) -> Problem:
    """Give what vendors ask, in S's currency ``own``; nothing is wanted yet."""
    sellers = {each.vendor_id: _seller(each, own) for each in offers}
    return Problem({}, sellers, [_asked(each, own) for each in offers])


def _seller(offer: VendorOffer, own: str) -> Seller:
    vendor = offer.vendor
    return Seller(vendor.pk, _grains(offer, vendor.order_fee_minor, own), _grains(offer, vendor.minimum_minor, own))


def _asked(offer: VendorOffer, own: str) -> Asked:
    steps = tuple((start, _grains(offer, unit, own)) for start, unit in ladder.of(offer).steps)
    most = offer.weekly * WEEKS if offer.weekly else None
    return Asked(offer.vendor_id, offer.variant_id, steps, offer.minimum, offer.pack, most)


def _grains(offer: VendorOffer, minor: int, own: str) -> int:
    return int(ladder.in_own(minor, offer.vendor.currency, offer.vendor.rate, own) * GRAINS)


def wanted() -> dict[int, dict[int, int]]:
    """Give the pieces that should be bought now by shop and variant.

    What is needed of a variant falls on the shops in proportion to what each of them sold of it, by largest remainder.
    """
    needs = {each.variant_id: each.wanted for each in replenishment.needs()}
    sold = demand.by_shop(clock.now() - timedelta(days=replenishment.DAYS), needs)
    shops: dict[int, dict[int, int]] = {}
    for (variant, shop), pieces in sorted(sold.items()):
        shops.setdefault(variant, {})[shop] = pieces
    found: dict[int, dict[int, int]] = {}
    for variant, weights in shops.items():
        for shop, pieces in zip(weights, money.split(needs[variant], list(weights.values())), strict=True):
            if pieces:
                found.setdefault(shop, {})[variant] = pieces
    return found


def asked(plan: PurchasePlan) -> dict[int, dict[int, int]]:
    """Give the pieces a plan was asked for, by shop and variant."""
    found: dict[int, dict[int, int]] = {}
    rows = PlanPart.objects.filter(plan=plan).order_by("reseller_id", "variant_id")
    for shop, variant, pieces in rows.values_list("reseller_id", "variant_id", "wanted"):
        found.setdefault(shop, {})[variant] = pieces
    return found


def pooled(market_: Problem, wanted_: Mapping[int, Mapping[int, int]]) -> Problem:
    """Give the problem of what all shops want together."""
    together: dict[int, int] = {}
    for pieces in wanted_.values():
        for variant, number in pieces.items():
            together[variant] = together.get(variant, 0) + number
    return market_.of(together)


def listed() -> QuerySet[PurchasePlan]:
    """Give plans with how many vendors, shops and pieces they are about."""
    rows = PurchasePlan.objects.select_related("warehouse", "actor")
    return rows.annotate(
        pieces=Sum("lines__quantity", filter=Q(lines__vendor__isnull=False)),
        vendors=Count("lines__vendor", distinct=True),
    )


def find(number: str) -> PurchasePlan:
    """Give a plan. :raises NotFound: there is none."""
    found = PurchasePlan.objects.select_related("warehouse", "actor").filter(number=number).first()
    if found is None:
        raise NotFound()
    return found


def lines(plan: PurchasePlan) -> QuerySet[PlanLine]:
    """Give what a plan buys, and what nobody delivers."""
    rows = PlanLine.objects.filter(plan=plan).select_related("vendor", "variant__product", "order")
    return rows.prefetch_related("variant__product__media", "variant__media")


def shares(plan: PurchasePlan) -> QuerySet[PlanShare]:
    """Give the shops of a plan: what each would have paid alone, and its part of the saving."""
    return (
        PlanShare.objects.filter(plan=plan)
        .select_related("reseller")
        .annotate(pays_minor=F("alone_minor") - F("share_minor"))
    )


def creditable(plan: PurchasePlan, reseller_ids: Iterable[int]) -> set[int]:
    """Give those of these shops that can be credited: who counts in another currency than the plan can't.

    No rate between the two was agreed, so the part of the saving that would fall on them stays with S (ADR 21).
    """
    rows = Reseller.objects.filter(pk__in=list(reseller_ids), currency=plan.currency)
    return set(rows.values_list("pk", flat=True))


def by_vendor(plan: PurchasePlan) -> QuerySet[PlanLine]:
    """Give what is ordered from each vendor: items, pieces, goods in S's currency."""
    rows = PlanLine.objects.filter(plan=plan, vendor__isnull=False).values(
        "vendor_id", "vendor__name", "order__number"
    )
    return rows.annotate(items=Count("id"), pieces=Sum("quantity"), goods=Sum("cost_minor")).order_by("-goods")  # type: ignore[return-value]


def missing(plan: PurchasePlan) -> int:
    """Give how many pieces nobody delivers."""
    found = PlanLine.objects.filter(plan=plan, vendor=None).aggregate(n=Sum("quantity"))
    return found["n"] or 0
