"""The shop's pricing rule, and what b keeps of a price: the arithmetic, for the database and for one price.

The rule exists once, as SQL: what the page previews is what the INSERT writes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import BigIntegerField, Case, ExpressionWrapper, F, Value, When
from django.db.models.expressions import Combinable, Expression
from django.db.models.functions import Greatest, Least
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from reseller.models import Shop
from s2b2c.kernel import money
from s2b2c.kernel.errors import Refused

BASES = ("cost", "suggested")
MARKUPS = {"cost": (0, 100_000), "suggested": (-5_000, 10_000)}


@dataclass(frozen=True, slots=True)
class Rule:
    """``base`` + ``markup_bps``, rounded to the nearest price that ends in ``ending`` (of 100 minor units).

    ``ending`` None: to the minor unit. Prices always come out inside S's band.
    """

    base: str = "suggested"
    markup_bps: int = 0
    ending: int | None = None

    def __post_init__(self) -> None:
        """:raises Refused: ``rule``: an unknown base, or a number out of its range."""
        if self.base not in BASES:
            raise Refused("rule", _("Choose what your prices start from."), field="base")
        low, high = MARKUPS[self.base]
        if not low <= self.markup_bps <= high:
            raise Refused(
                "rule",
                _("Enter a percentage from %(low)s to %(high)s."),
                field="markup",
                low=low // 100,
                high=high // 100,
            )
        if self.ending is not None and not 0 <= self.ending <= 99:
            raise Refused("rule", _("Choose how your prices end."), field="ending")

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def rule_of(shop: Shop) -> Rule:
    """Give the shop's rule; a shop without one asks what S suggests."""
    return Rule(**{name: shop.pricing[name] for name in ("base", "markup_bps", "ending") if name in shop.pricing})


def follows(shop: Shop) -> bool:
    """Tell whether the shop's prices by rule change with S's by themselves; else b is told and decides."""
    return bool(shop.pricing.get("follow"))


@dataclass(frozen=True, slots=True)
class Cut:
    """What is taken from a price before b keeps the rest: S's fee, and tax where the price includes it."""

    fee_bps: int
    tax_bps: int = 0
    tax_included: bool = False

    def fee(self, price_minor: int) -> int:
        return money.bps(price_minor, self.fee_bps)

    def tax(self, price_minor: int) -> int:
        """Give the tax inside a price; 0 where it comes on top."""
        return money.included_bps(price_minor, self.tax_bps) if self.tax_included else 0

    def keep(self, price_minor: int, wholesale_minor: int) -> int:
        """Give what b keeps of one piece: price − tax in it − wholesale − fee. May be negative."""
        return price_minor - self.tax(price_minor) - wholesale_minor - self.fee(price_minor)


def _n(number: int) -> Value:
    return Value(number, output_field=BigIntegerField())


def by_rule(rule: Rule, prefix: str = "") -> Expression:
    """Give the expression for a variant's price by the rule, inside S's band; ``prefix`` leads to the variant."""
    floor, ceiling = F(f"{prefix}floor_minor"), F(f"{prefix}ceiling_minor")
    start = F(f"{prefix}{'wholesale' if rule.base == 'cost' else 'suggested'}_minor")
    raw = (start * _n(10_000 + rule.markup_bps) + _n(5_000)) / _n(10_000)
    plain = _between(raw, floor, ceiling)
    if rule.ending is None:
        return _higher(plain, _n(1))
    ending = _n(rule.ending)
    near = (raw + _n(50 - rule.ending)) / _n(100) * _n(100) + ending
    lowest, highest = floor + _rest(ending - floor), ceiling - _rest(ceiling - ending)
    fits = LessThanOrEqual(_whole(lowest), _whole(highest))
    ended = Case(When(fits, then=_between(near, lowest, highest)), default=plain, output_field=BigIntegerField())
    return _higher(ended, _n(1))


def _whole(number: Combinable) -> ExpressionWrapper:
    return ExpressionWrapper(number, output_field=BigIntegerField())


def _higher(one: Combinable, other: Combinable) -> Greatest:
    return Greatest(_whole(one), _whole(other), output_field=BigIntegerField())


def _between(number: Combinable, low: Combinable, high: Combinable) -> Least:
    return Least(_higher(number, low), _whole(high), output_field=BigIntegerField())


def _rest(number: Combinable) -> Combinable:
    """Give a number modulo 100 as 0 … 99, also for negative ones."""
    return (number % _n(100) + _n(100)) % _n(100)


def keep(price: Combinable, cut: Cut, prefix: str = "") -> Expression:
    """Give the expression for ``Cut.keep`` of a price expression."""
    kept = price - F(f"{prefix}wholesale_minor") - (price * _n(cut.fee_bps) + _n(5_000)) / _n(10_000)
    if cut.tax_included:
        gross = 10_000 + cut.tax_bps
        kept -= price - (price * _n(10_000) + _n(gross // 2)) / _n(gross)
    return _whole(kept)
