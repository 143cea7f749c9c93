"""The shop's promotions: which run now, and which S offers."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from reseller.models import Promotion, Shop
from s2b2c.kernel import clock
from supplier.models import Campaign


@dataclass(frozen=True, slots=True)
class Running:
    """A promotion c may have at this moment; see :class:`reseller.models.Promotion`."""

    id: int
    name: str
    code: str
    kind: str
    value: int
    share_bps: int
    products: frozenset[int]
    categories: frozenset[int]
    least_minor: int
    limited: bool
    segment: str = ""

    def covers(self, product_id: int, category_id: int) -> bool:
        """Tell whether it is on a product."""
        everything = not self.products and not self.categories
        return everything or product_id in self.products or category_id in self.categories


def running(shop: Shop, code: str = "") -> list[Running]:
    """Give what runs by itself, and what ``code`` opens. One query; none in a shop that has no promotion."""
    if not shop.promoting:
        return []
    rows = _in_time().filter(Q(code="") | Q(code=normal(code)))
    return [_running(each) for each in rows.filter(Q(uses_most=None) | Q(uses__lt=F("uses_most"))).order_by("id")]


def normal(code: str) -> str:
    """Give a code as it is kept, however it was typed."""
    return "".join(code.split()).upper()[:20]


def is_known(shop: Shop, code: str) -> bool:
    """Tell whether a code opens something at this moment."""
    return bool(normal(code)) and any(each.code == normal(code) for each in running(shop, code))


def listed() -> QuerySet[Promotion]:
    """Give all promotions, the newest first."""
    return Promotion.objects.order_by("-starts_at", "-id")


def offered() -> list[Campaign]:
    """Give the campaigns of S that run and that this shop has not taken on; those of kits are taken on with the kit."""
    now = clock.now()
    taken = Promotion.objects.filter(campaign_id__isnull=False).values_list("campaign_id", flat=True)
    rows = Campaign.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), products=[]).exclude(id__in=list(taken))
    return list(rows.order_by("-id"))


def is_over(promotion_id: int | None) -> bool:
    """Tell whether a promotion has ended, here or at S; one that is still to begin has not."""
    now = clock.now()
    found = Promotion.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), id=promotion_id).first()
    return found is None or Campaign.objects.filter(id=found.campaign_id, ends_at__lte=now).exists()


def ended_by_supplier() -> set[int]:
    """Give the campaigns this shop has taken on that S has ended since. Two queries."""
    taken = Promotion.objects.filter(campaign_id__isnull=False).values_list("campaign_id", flat=True)
    return set(Campaign.objects.filter(id__in=list(taken), ends_at__lte=clock.now()).values_list("id", flat=True))


def _in_time() -> QuerySet[Promotion]:
    """Give what has begun and is not over; of S's campaigns those that S has not ended either."""
    now = clock.now()
    open_ = Q(ends_at=None) | Q(ends_at__gt=now)
    campaign = Campaign.objects.filter(open_, id=OuterRef("campaign_id"))
    return Promotion.objects.filter(open_, Q(campaign_id=None) | Exists(campaign), starts_at__lte=now)


def _running(each: Promotion) -> Running:
    return Running(
        id=each.pk,
        name=each.name,
        code=each.code,
        kind=each.kind,
        value=each.value,
        share_bps=each.share_bps,
        products=frozenset(each.products),
        categories=frozenset(each.categories),
        least_minor=each.least_minor,
        limited=each.uses_most is not None,
        segment=each.segment or "",
    )
