"""What should be bought, how much of it, from whom, and why.

An order is due when what is free and coming will not last until the vendor can deliver: the reorder point is the
demand over its lead time plus a safety stock for a service level of about 95 % (1.65 standard deviations of a Poisson
demand: the classic (s, S) policy, see Silver, Pyke and Thomas, Inventory and Production Management). It is filled
up to the point plus the demand of 28 days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from math import ceil, sqrt

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Func, IntegerField, QuerySet, Value
from django.db.models.functions import Cast

from enablement.models import VendorOffer
from enablement.selectors import ladder, purchases, vendors
from s2b2c.kernel import clock
from supplier.models import Variant
from supplier.selectors import demand
from supplier.selectors.demand import Position

DAYS = 28
SAFETY = 1.65  # standard deviations
LEAD = 14  # days, where nobody offers it
MOST = 2_000


@dataclass(frozen=True, slots=True)
class Need:
    """What is to be bought of a variant. ``point``: ordered at so many or fewer, ``safety`` of them for surprises.

    ``quantity`` is what the cheapest vendor can be asked for, ``cost`` what a piece costs in S's currency.
    """

    variant_id: int
    position: Position
    drafted: int
    lead_days: int
    safety: int
    point: int
    wanted: int
    offer: VendorOffer | None = None
    quantity: int = 0
    unit_minor: int = 0
    cost: Decimal = Decimal(0)

    @property
    def there(self) -> int:
        """Pieces free or on their way, less those that are waited for."""
        return _there(self.position, self.drafted)

    @property
    def cover_days(self) -> int | None:
        """Days what is free lasts; none where nothing was sold."""
        return (
            max(0, self.position.free - self.position.waiting) * DAYS // sold if (sold := self.position.sold) else None
        )


def needs(variant_ids: Iterable[int] | None = None) -> list[Need]:
    """Give what should be bought now, what runs out first at the top; of the variants named, or of all."""
    since = clock.now() - timedelta(days=DAYS)
    positions = demand.positions(since, variant_ids)
    drafted, own = purchases.drafted(list(positions)), vendors.own_currency()
    offers: dict[int, list[VendorOffer]] = defaultdict(list)
    for each in vendors.offers_for(list(positions)):
        offers[each.variant_id].append(each)
    found = [
        _need(variant, position, drafted.get(variant, 0), offers[variant], own)
        for variant, position in positions.items()
    ]
    due = [each for each in found if each.wanted > 0 and each.there <= each.point]
    return sorted(due, key=lambda each: (each.cover_days or 0, -each.position.sold, each.variant_id))[:MOST]


def _need(variant_id: int, position: Position, drafted: int, offers: list[VendorOffer], own: str) -> Need:
    """Give the need as the cheapest vendor would meet it."""
    asked = [_asked(variant_id, position, drafted, offer, own) for offer in offers]
    if not asked:
        return Need(variant_id, position, drafted, LEAD, *_levels(position, drafted, LEAD))
    return min(asked, key=lambda each: (each.cost, each.lead_days, each.offer.pk if each.offer else 0))


def _asked(variant_id: int, position: Position, drafted: int, offer: VendorOffer, own: str) -> Need:
    lead = offer.vendor.lead_days
    safety, point, wanted = _levels(position, drafted, lead)
    steps = ladder.of(offer)
    quantity = steps.best(max(1, wanted))
    unit = steps.unit(quantity)
    cost = ladder.in_own(unit, offer.vendor.currency, offer.vendor.rate, own)
    return Need(variant_id, position, drafted, lead, safety, point, wanted, offer, quantity, unit, cost)


def _levels(position: Position, drafted: int, lead: int) -> tuple[int, int, int]:
    """Give safety stock, reorder point, and the pieces wanted."""
    meanwhile = position.sold * lead / DAYS
    safety = ceil(SAFETY * sqrt(meanwhile))
    point = ceil(meanwhile) + safety
    return safety, point, max(0, point + position.sold - _there(position, drafted))


def _there(position: Position, drafted: int) -> int:
    return position.free + position.incoming + drafted - position.waiting


def listed(found: list[Need]) -> QuerySet[Variant]:
    """Give the variants of needs as rows in the same order (``rank``)."""
    ids = [each.variant_id for each in found]
    order = Cast(Value(ids), ArrayField(BigIntegerField()))
    rank = Func(order, F("pk"), function="array_position", output_field=IntegerField())
    rows = Variant.objects.filter(pk__in=ids).select_related("product")
    return rows.prefetch_related("product__media", "media").annotate(rank=rank)
