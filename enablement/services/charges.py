"""Freight, duty, insurance and other costs of an order to a vendor, told by S."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from enablement.models import PurchaseCharge
from enablement.selectors import vendors
from enablement.services import landed, purchases
from enablement.services.purchases import OPEN, State
from s2b2c.kernel import money
from s2b2c.kernel.errors import Refused
from supplier.services import records

Kind = PurchaseCharge.Kind
TOLD = (Kind.FREIGHT, Kind.DUTY, Kind.INSURANCE, Kind.OTHER)


@transaction.atomic
def add(
    *,
    number: str,
    kind: str,
    basis: str,
    amount_minor: int,
    currency: str,
    rate: Decimal | None = None,
    note: str = "",
    key: str,
    actor_id: int | None,
) -> PurchaseCharge:
    """Write down a cost of an order that was sent, shared over its lines by value, weight or pieces. ``key`` makes it once.

    :raises Refused: no amount or rate, no such kind, by weight and a product has none. :raises StateRefused: not sent.
    """
    order = purchases.locked(number)
    purchases.require(order, *OPEN, State.RECEIVED)
    if kind not in TOLD or basis not in PurchaseCharge.Basis.values:
        raise Refused("kind", _("Choose what kind of cost it is."), field="kind")
    if not 0 < amount_minor <= money.MAX_MINOR:
        raise Refused("amount", _("Enter an amount above zero."), field="amount")
    if currency not in money.OFFERED:
        raise Refused("currency", _("Choose a currency."), field="currency")
    rate = Decimal(1) if currency == vendors.own_currency() else rate or Decimal(0)
    if rate <= 0:
        raise Refused("rate", _("Say what one unit of its currency costs."), field="rate")
    made = landed.spread(
        order, kind=kind, basis=basis, amount_minor=amount_minor, currency=currency, rate=rate, key=f"told:{key}"[:60],
        note=note.strip()[:160], actor_id=actor_id,
    )  # fmt: skip
    records.audit(actor_id, "purchase.cost_added", order.number, kind=kind)
    return made
