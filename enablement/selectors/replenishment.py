"""What should be bought, how much of it, from whom, and why.

An order is due when what is free and coming will not last until the vendor can deliver: the reorder point is the
demand over its lead time plus a safety stock for a service level of about 95 % (the classic (s, S) policy, see Silver,
Pyke and Thomas, Inventory and Production Management). It is filled up to the point plus the demand of 28 days.
Demand and safety come from the forecast where there is one; else from what was sold in 28 days, with 1.65 standard
deviations of a Poisson demand.
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

from enablement.models import Forecast, VendorOffer
from enablement.selectors import forecasts, ladder, purchases, vendors
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
    forecast: Forecast | None = None

    @property
    def there(self) -> int:
        """Pieces free or on their way, less those that are waited for."""
        return _there(self.position, self.drafted)

    @property
    def cover_days(self) -> int | None:
        """Days what is free lasts; none where nothing is expected to sell."""
        pace = _pace(self.position, self.forecast)
        return int(max(0, self.position.free - self.position.waiting) * DAYS // pace) if pace else None


def needs(variant_ids: Iterable[int] | None = None) -> list[Need]:
    """Give what should be bought now, what runs out first at the top; of the variants named, or of all."""
    since = clock.now() - timedelta(days=DAYS)
    positions = demand.positions(since, variant_ids)
    drafted, own = purchases.drafted(list(positions)), vendors.own_currency()
    foretold = forecasts.of(positions)
    offers: dict[int, list[VendorOffer]] = defaultdict(list)
    for each in vendors.offers_for(list(positions)):
        offers[each.variant_id].append(each)
    found = [
        _need(_Asked(variant, position, drafted.get(variant, 0), foretold.get(variant)), offers[variant], own)
        for variant, position in positions.items()
    ]
    due = [each for each in found if each.wanted > 0 and each.there <= each.point]
    return sorted(due, key=lambda each: (each.cover_days or 0, -each.position.sold, each.variant_id))[:MOST]


@dataclass(frozen=True, slots=True)
class _Asked:
    variant_id: int
    position: Position
    drafted: int
    forecast: Forecast | None


def _need(asked: _Asked, offers: list[VendorOffer], own: str) -> Need:
    """Give the need as the cheapest vendor would meet it."""
    found = [_met(asked, offer, own) for offer in offers]
    if not found:
        levels = _levels(asked, LEAD)
        return Need(asked.variant_id, asked.position, asked.drafted, LEAD, *levels, forecast=asked.forecast)
    return min(found, key=lambda each: (each.cost, each.lead_days, each.offer.pk if each.offer else 0))


def _met(asked: _Asked, offer: VendorOffer, own: str) -> Need:
    lead = offer.vendor.lead_days
    safety, point, wanted = _levels(asked, lead)
    steps = ladder.of(offer)
    quantity = steps.best(max(1, wanted))
    unit = steps.unit(quantity)
    cost = ladder.in_own(unit, offer.vendor.currency, offer.vendor.rate, own)
    return Need(
        asked.variant_id, asked.position, asked.drafted, lead, safety, point, wanted, offer, quantity, unit, cost,
        asked.forecast,
    )  # fmt: skip


def _levels(asked: _Asked, lead: int) -> tuple[int, int, int]:
    """Give safety stock, reorder point, and the pieces wanted."""
    if asked.forecast is None:
        meanwhile = asked.position.sold * lead / DAYS
        safety = ceil(SAFETY * sqrt(meanwhile))
    else:
        ahead = forecasts.ahead(asked.forecast, lead)
        meanwhile, safety = ahead.expected, ceil(max(0.0, ahead.enough - ahead.expected))
    point = ceil(meanwhile) + safety
    pace = ceil(_pace(asked.position, asked.forecast))
    return safety, point, max(0, point + pace - _there(asked.position, asked.drafted))


def _pace(position: Position, forecast: Forecast | None) -> float:
    """Give the pieces of 28 days: as foretold, else as sold."""
    return position.sold if forecast is None else forecasts.ahead(forecast, DAYS).expected


def _there(position: Position, drafted: int) -> int:
    return position.free + position.incoming + drafted - position.waiting


def listed(found: list[Need]) -> QuerySet[Variant]:
    """Give the variants of needs as rows in the same order (``rank``)."""
    ids = [each.variant_id for each in found]
    order = Cast(Value(ids), ArrayField(BigIntegerField()))
    rank = Func(order, F("pk"), function="array_position", output_field=IntegerField())
    rows = Variant.objects.filter(pk__in=ids).select_related("product")
    return rows.prefetch_related("product__media", "media").annotate(rank=rank)
