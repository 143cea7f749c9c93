"""Days that were unlike others: yesterday against the same weekday of the eight weeks before, and against its forecast.

How far off is said in robust standard deviations – the median absolute deviation times 1.4826 (Iglewicz and Hoaglin 1993),
never less than chance makes of so few orders. From 3.5 on it is told. A forecast's band holds four days of five, so that a
day just outside is nothing to tell: told is what lies outside by more than the band is wide to that side – if errors were
normal, one day in a hundred – and as far as the robust measure asks of what chance makes of so few pieces.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import median

from django.db.models import Case, F, FloatField, Q, Sum, When
from django.db.models.functions import Abs, Greatest, Sqrt

from enablement.models import PastForecast, SalesSum
from s2b2c.kernel import clock
from s2b2c.tenancy.models import Reseller
from supplier.models import Variant

WEEKS, FAR, SCALE = 8, 3.5, 1.4826
KNOWN = 4  # weeks in which something was sold, at least
Grain = SalesSum.Grain


@dataclass(frozen=True, slots=True)
class Alert:
    """A day that was unlike: ``orders`` against what was usual, mostly ``low`` to ``high``."""

    on: date
    orders: int
    usual: float
    low: int
    high: int
    far: float
    reseller: Reseller | None = None

    @property
    def more(self) -> bool:
        return self.orders > self.usual


def of_shop(reseller_id: int) -> Alert | None:
    """Tell whether yesterday was unlike other days for a shop."""
    return _judged(_orders(Grain.RESELLER, [reseller_id]).get(reseller_id, {}))


def of_network(most: int = 4) -> list[Alert]:
    """Tell whether yesterday was unlike other days for all shops together, and for which shops it was most."""
    all_ = _judged(_orders(Grain.ALL, [0]).get(0, {}))
    found = [(shop, alert) for shop, days in _orders(Grain.RESELLER).items() if (alert := _judged(days))]
    found.sort(key=lambda each: -abs(each[1].far))
    shops = Reseller.objects.in_bulk([shop for shop, _alert in found[:most]])
    named = [_with(alert, shops[shop]) for shop, alert in found[:most] if shop in shops]
    return [*([all_] if all_ else []), *named]


@dataclass(frozen=True, slots=True)
class Beyond:
    """A day far outside its forecast; pieces. Neither shop nor variant: all shops together."""

    told: PastForecast
    reseller: Reseller | None = None
    variant: Variant | None = None

    @property
    def more(self) -> bool:
        return self.told.sold is not None and self.told.sold > self.told.high


def beyond(most: int = 6) -> list[Beyond]:
    """Tell which of yesterday's sums and variants lay far outside what was foretold for them. Three queries at most.

    All shops together first, then single shops, then variants; of each kind those furthest outside first.
    """
    yesterday = clock.now().date() - timedelta(days=1)
    chance = FAR * Sqrt(Greatest(F("expected"), 1.0))
    over = Q(sold__gt=2 * F("high") - F("expected")) & Q(sold__gte=F("expected") + chance)
    under = Q(sold__lt=2 * F("low") - F("expected")) & Q(sold__lte=F("expected") - chance)
    width = Case(
        When(sold__gt=F("expected"), then=F("high") - F("expected")), default=F("expected") - F("low"), output_field=FloatField()
    )  # fmt: skip
    far = Abs(F("sold") - F("expected")) / Greatest(width, 1.0)
    rows = PastForecast.objects.filter(over | under, day=yesterday)
    kinds = Case(When(variant_id__gt=0, then=2), When(reseller_id__gt=0, then=1), default=0)
    found = list(rows.annotate(kind=kinds, far=far).order_by("kind", "-far", "pk")[:most])
    shops = Reseller.objects.in_bulk([each.reseller_id for each in found if each.reseller_id])
    variants = Variant.objects.select_related("product").in_bulk(
        [each.variant_id for each in found if each.variant_id]
    )
    return [Beyond(each, shops.get(each.reseller_id), variants.get(each.variant_id)) for each in found]


def _with(alert: Alert, reseller: Reseller) -> Alert:
    return Alert(alert.on, alert.orders, alert.usual, alert.low, alert.high, alert.far, reseller)


def _orders(grain: str, things: list[int] | None = None) -> dict[int, dict[date, int]]:
    """Give orders by day: yesterday, and the same weekday of the weeks before."""
    yesterday = clock.now().date() - timedelta(days=1)
    days = [yesterday - timedelta(weeks=n) for n in range(WEEKS + 1)]
    rows = SalesSum.objects.filter(grain=grain, day__in=days)
    if things is not None:
        rows = rows.filter(thing_id__in=things)
    found: dict[int, dict[date, int]] = defaultdict(dict)
    for row in rows.values("thing_id", "day").annotate(n=Sum("orders")):
        found[row["thing_id"]][row["day"]] = row["n"]
    return found


def _judged(days: dict[date, int]) -> Alert | None:
    yesterday = clock.now().date() - timedelta(days=1)
    if sum(1 for on in days if on < yesterday) < KNOWN:
        return None
    before = [days.get(yesterday - timedelta(weeks=n), 0) for n in range(1, WEEKS + 1)]
    usual, orders = median(before), days.get(yesterday, 0)
    spread = max(SCALE * median(abs(each - usual) for each in before), sqrt(usual), 1.0)
    far = (orders - usual) / spread
    if abs(far) < FAR:
        return None
    ranked = sorted(before)
    return Alert(yesterday, orders, usual, ranked[1], ranked[-2], far)
