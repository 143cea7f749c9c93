"""What pieces cost landed: prices and costs booked as goods come, and what is learnt later, in stock or as a variance.

Everything here is called inside a transaction, with the order locked. See docs/adr on landed cost.

What came is owed at the price ordered (``goods_unbilled``) until its bill comes. A cost is shared over the lines, and
comes to a line's pieces as they arrive (``costs_unbilled``). What comes to pieces of which some are gone already goes into
the average for those that are there, and to ``buying_variance`` for the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from enablement.models import (
    ChargePart,
    CostChange,
    PurchaseCharge,
    PurchaseLine,
    PurchaseOrder,
    Receipt,
    ReceiptLine,
    VariantCost,
)
from enablement.selectors import ladder, vendors
from s2b2c.kernel import clock, money
from s2b2c.kernel.errors import Refused
from supplier.models import Account
from supplier.selectors import demand
from supplier.services import ledger
from supplier.services.ledger import Leg

Kind = Account.Kind
Basis = PurchaseCharge.Basis


def own(minor: int, currency: str, rate: Decimal) -> int:
    """Give an amount in S's own minor units, rounded half up."""
    return int(ladder.in_own(minor, currency, rate, vendors.own_currency()).quantize(Decimal(1), ROUND_HALF_UP))


def expected_minor(order: PurchaseOrder, line: PurchaseLine, pieces: int) -> int:
    """Give what the first ``pieces`` of a line cost by the order, in S's own minor units: a sum that never drifts."""
    return own(pieces * line.unit_minor, order.currency, order.rate)


def lock_costs(order: PurchaseOrder) -> None:
    """Lock what the pieces of an order cost, in one order for all: orders of the same products wait for each other."""
    variants = order.lines.values("variant_id")
    list(VariantCost.objects.select_for_update().filter(variant_id__in=variants).order_by("variant_id"))


# --- Goods -------------------------------------------------------------------------------------------------
def book_goods(order: PurchaseOrder, receipt: Receipt) -> None:
    """Owe what came, at the price ordered, until it is billed. Once a receipt."""
    minor = ReceiptLine.objects.filter(receipt=receipt).aggregate(n=Sum("booked_minor"))["n"] or 0
    _post(
        f"receipt:{receipt.pk}", "goods_received", [Leg(Kind.GOODS_BOUGHT, Kind.GOODS_UNBILLED, minor, order.number)]
    )


# --- Costs -------------------------------------------------------------------------------------------------
def spread(
    order: PurchaseOrder,
    *,
    kind: str,
    basis: str,
    amount_minor: int,
    currency: str,
    rate: Decimal,
    key: str,
    note: str = "",
    actor_id: int | None,
) -> PurchaseCharge:
    """Share a cost over an order's lines, to the minor unit, and let it come to the pieces that are here. Once a key.

    :raises Refused: no line can bear it, or by weight and a line has none.
    """
    made = order.charges.filter(key=key).first()
    if made is not None:
        return made
    lock_costs(order)
    lines = list(order.lines.select_related("variant").order_by("id"))
    weights = _weights(lines, basis)
    mine = own(amount_minor, currency, rate)
    made = PurchaseCharge.objects.create(
        order=order, kind=kind, basis=basis, amount_minor=amount_minor, currency=currency, rate=rate, own_minor=mine,
        note=note, key=key, actor_id=actor_id, at=clock.now(),
    )  # fmt: skip
    parts = money.split(mine, weights)
    ChargePart.objects.bulk_create(
        ChargePart(charge=made, line=line, own_minor=part) for line, part in zip(lines, parts, strict=True)
    )
    for line in sorted(lines, key=lambda each: each.variant_id):
        land(order, line, f"charge:{made.pk}")
    return made


def _bearing(line: PurchaseLine) -> int:
    """Give how many pieces of a line bear costs: those that came, and those that are to come."""
    return max(line.received, line.quantity - line.cancelled)


def _weights(lines: Sequence[PurchaseLine], basis: str) -> list[int]:
    if basis == Basis.WEIGHT and (light := [line for line in lines if _bearing(line) and not line.variant.weight_g]):
        text = _("%(sku)s has no weight: share the cost by value or pieces.")
        raise Refused("weight", text, field="basis", sku=light[0].variant.sku)
    each = {Basis.VALUE: lambda line: line.unit_minor, Basis.WEIGHT: lambda line: line.variant.weight_g}
    found = [_bearing(line) * each.get(Basis(basis), lambda _line: 1)(line) for line in lines]
    if not any(found):
        raise Refused("lines", _("No line of this order can bear a cost."))
    return found


def land_all(order: PurchaseOrder, key: str, pieces: dict[int, int] | None = None) -> None:
    """Let the costs of all lines come to what is here; ``pieces``: those that came just now, by line id."""
    lock_costs(order)
    for line in order.lines.select_related("variant").order_by("variant_id"):
        land(order, line, key, (pieces or {}).get(line.pk))


def land(order: PurchaseOrder, line: PurchaseLine, key: str, pieces: int | None = None) -> None:
    """Let a line's part of the costs come to its pieces, as far as they are here. ``pieces``: those it is for (all)."""
    allotted = ChargePart.objects.filter(line=line).aggregate(n=Sum("own_minor"))["n"] or 0
    done = CostChange.objects.filter(line=line, of_bill=False).aggregate(n=Sum("minor"))["n"] or 0
    bearing = _bearing(line)
    whole = order.state in (PurchaseOrder.State.RECEIVED, PurchaseOrder.State.CANCELLED) or line.received >= bearing
    due = allotted if whole else money.split(allotted, [line.received, bearing - line.received])[0]
    absorb(line, due - done, pieces or line.received, f"{key}:{line.pk}", Kind.COSTS_UNBILLED)


def absorb(line: PurchaseLine, minor: int, pieces: int, key: str, against: str, *, of_bill: bool = False) -> None:
    """Let money come to the cost of pieces: into the average for those that are here, to the variance for the others.

    Of the pieces a cost is for, those on hand are taken to be the last ones that came.
    """
    if not minor:
        return
    kept = VariantCost.objects.select_for_update().filter(variant_id=line.variant_id).first()
    there = demand.on_hand(line.variant_id)
    here = min(there, pieces) if kept else 0
    stock = money.split(minor, [here, pieces - here])[0] if here else 0
    if kept is not None and here:
        counted = here if _is_first(line.variant_id) else there
        stock = max(stock, -int(kept.average_minor * counted))  # an average is never below nothing
        kept.average_minor = max(Decimal(0), kept.average_minor + Decimal(stock) / counted).quantize(ladder.FINEST)
        kept.save(update_fields=["average_minor"])
    made = CostChange.objects.create(
        line=line, key=key, of_bill=of_bill, minor=minor, pieces=pieces, on_hand=there, stock_minor=stock,
        variance_minor=minor - stock, average_minor=kept.average_minor if kept else None, at=clock.now(),
    )  # fmt: skip
    _post(
        f"landed:{made.key}",
        "landed_cost",
        [
            Leg(Kind.GOODS_BOUGHT, against, made.stock_minor, line.order.number),
            Leg(Kind.BUYING_VARIANCE, against, made.variance_minor, line.order.number),
        ],
    )


def _is_first(variant_id: int) -> bool:
    """Tell whether only one delivery of a variant has a cost: pieces from before it have none and do not count."""
    return ReceiptLine.objects.filter(variant_id=variant_id).count() == 1


def _post(key: str, kind: str, legs: list[Leg]) -> None:
    if any(leg.amount_minor for leg in legs):
        ledger.post(key=key, kind=kind, currency=vendors.own_currency(), legs=legs, at=clock.now())
