"""The tax of an order by rate, as frozen on its lines."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from orders.models import Order


@dataclass(frozen=True, slots=True)
class Taxed:
    """What was taxed at a rate, before tax, and the tax; ``rate_bps`` None: from before rates were noted."""

    rate_bps: int | None
    net_minor: int
    tax_minor: int

    @property
    def rate(self) -> str:
        return "–" if self.rate_bps is None else f"{self.rate_bps / 100:g} %"


def of(order: Order) -> list[Taxed]:
    """Give the tax by rate, the highest first; delivery is taxed at the rate of the goods."""
    sums: dict[int | None, tuple[int, int]] = defaultdict(lambda: (0, 0))
    lines = list(order.lines.all())
    for line in lines:
        net, tax = sums[line.tax_bps]
        sums[line.tax_bps] = (net + line.paid_minor - line.tax_minor, tax + line.tax_minor)
    if order.shipping_minor and lines:
        rate = max((line.tax_bps for line in lines if line.tax_bps is not None), default=None)
        net, tax = sums[rate]
        delivery = order.shipping_minor - (order.shipping_tax_minor if order.tax_included else 0)
        sums[rate] = (net + delivery, tax + order.shipping_tax_minor)
    found = [Taxed(rate, net, tax) for rate, (net, tax) in sums.items() if tax]
    return sorted(found, key=lambda each: -(each.rate_bps or 0))
