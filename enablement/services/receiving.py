"""What comes for an order: booked into stock with its cost, once; what is missing is waited for or cancelled."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from enablement.models import PurchaseLine, PurchaseOrder, Receipt, ReceiptLine, VariantCost
from enablement.selectors import ladder, vendors
from enablement.services import bills, landed, lotting, purchases
from enablement.services.purchases import MOST, OPEN, State
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused
from supplier.models import Arrival
from supplier.selectors import demand
from supplier.services import arrivals, records, stock


@transaction.atomic
def receive(
    *,
    number: str,
    pieces: Mapping[int, int],
    key: str,
    actor_id: int | None,
    slip: str = "",
    difference: str = "",
    close: bool = False,
    lots: Mapping[int, lotting.Told] | None = None,
) -> Receipt:
    """Book what came (pieces by line id) into the order's warehouse. ``key`` makes it once.

    What is missing stays expected; with ``close`` it is cancelled. More than was ordered is booked too.
    ``lots``: lot or serial numbers by line id. What waits for its inspection goes into quarantine.

    :raises Refused: nothing came, or more came, or the rest is closed, and ``difference`` does not say why.
    :raises StateRefused: the order is not open.
    """
    order = purchases.locked(number)
    made = order.receipts.filter(key=key).first()
    if made is not None:
        return made
    purchases.require(order, *OPEN)
    lines = list(order.lines.select_related("arrival").order_by("variant_id"))
    _check(lines, pieces, difference, close)
    facts = {"key": key, "slip": slip.strip()[:80], "difference": difference.strip()[:160], "actor_id": actor_id}
    made = Receipt.objects.create(order=order, at=clock.now(), **facts)
    over = _sums(lines)[1]
    landed.lock_costs(order)
    for line in lines:
        if pieces.get(line.pk):
            _take(order, made, line, pieces[line.pk], (lots or {}).get(line.pk, lotting.Told()))
    missing, beyond = _sums(lines)
    if close:
        _cancel_rest(order, lines)
    came = sum(pieces.values())
    _settle(order, lines)
    landed.book_goods(order, made)
    landed.land_all(order, f"receipt:{made.pk}", {line: n for line, n in pieces.items() if n})
    bills.match_again(order)
    purchases.jot(
        order, "received", actor_id, pieces=came, over=beyond - over, reason=made.difference, slip=made.slip,
        **({"off": missing} if close else {"left": missing}),
    )  # fmt: skip
    records.audit(actor_id, "purchase.received", order.number, pieces=came)
    return made


def _check(lines: list[PurchaseLine], pieces: Mapping[int, int], difference: str, close: bool) -> None:
    if not set(pieces) <= {line.pk for line in lines}:
        raise NotFound()
    if any(not 0 <= n <= MOST for n in pieces.values()):
        raise Refused("pieces", _("Enter how many pieces arrived, in each line."), field="pieces")
    if not any(pieces.values()):
        raise Refused("pieces", _("Enter at least one piece."), field="pieces")
    after = [(line.left, pieces.get(line.pk, 0)) for line in lines]
    if any(came > left for left, came in after) and not difference.strip():
        raise Refused("difference", _("More came than is expected: say why, in a few words."), field="difference")
    if close and any(came < left for left, came in after) and not difference.strip():
        raise Refused("difference", _("Pieces are missing: say why, in a few words."), field="difference")


def _sums(lines: list[PurchaseLine]) -> tuple[int, int]:
    return sum(line.left for line in lines), sum(line.over for line in lines)


def _take(order: PurchaseOrder, receipt: Receipt, line: PurchaseLine, quantity: int, told: lotting.Told) -> None:
    """Book pieces of one line: the cost first, while what was there before can be counted; then of which lots."""
    came = _cost(order, receipt, line, quantity)
    coming = lotting.enter(order, came, told)
    _book(order, receipt, line, quantity, coming.aside)
    lotting.put(order, came, coming)


def _book(order: PurchaseOrder, receipt: Receipt, line: PurchaseLine, quantity: int, aside: bool) -> None:
    line.received += quantity
    line.cancelled = max(0, min(line.cancelled, line.quantity - line.received))
    line.save(update_fields=["received", "cancelled"])
    facts = {"quantity": quantity, "actor_id": receipt.actor_id, "aside": aside, "told": True}
    if line.arrival is not None and line.arrival.state == Arrival.State.OPEN:
        source = purchases.source(order)
        arrivals.receive(arrival_id=line.arrival.pk, key=receipt.key, source=source, **facts)  # type: ignore[arg-type]
        return
    stock.receive(
        variant_id=line.variant_id,
        warehouse_id=order.warehouse_id,
        reason=order.vendor.name,
        cause=f"{purchases.source(order)}:{receipt.key}",
        **facts,  # type: ignore[arg-type]
    )


def _cost(order: PurchaseOrder, receipt: Receipt, line: PurchaseLine, quantity: int) -> ReceiptLine:
    """Write what the pieces cost and move the average. The row of the cost is locked, so one comes after the other."""
    own = vendors.own_currency()
    cost = ladder.in_own(line.unit_minor, order.currency, order.rate, own)
    start = {"currency": own, "average_minor": cost, "last_minor": cost, "received_at": receipt.at}
    VariantCost.objects.get_or_create(variant_id=line.variant_id, defaults=start)
    kept = VariantCost.objects.select_for_update().get(variant_id=line.variant_id)
    first = not ReceiptLine.objects.filter(variant_id=line.variant_id).exists()
    there = demand.on_hand(line.variant_id)
    kept.average_minor = ladder.mean(there, None if first else kept.average_minor, quantity, cost)
    kept.last_minor, kept.received_at = cost, receipt.at
    kept.save(update_fields=["average_minor", "last_minor", "received_at"])
    return ReceiptLine.objects.create(
        receipt=receipt,
        line=line,
        variant_id=line.variant_id,
        quantity=quantity,
        unit_minor=line.unit_minor,
        cost_minor=cost,
        on_hand=there,
        average_minor=kept.average_minor,
        booked_minor=landed.expected_minor(order, line, line.received + quantity)
        - landed.expected_minor(order, line, line.received),
    )


@transaction.atomic
def close(*, number: str, reason: str, actor_id: int | None) -> PurchaseOrder:
    """Wait no longer for what did not come of a partly received order. Closed again, it stays closed.

    :raises Refused: no reason. :raises StateRefused: it is not partly received.
    """
    order = purchases.locked(number)
    if order.state == State.RECEIVED:
        return order
    purchases.require(order, State.PART)
    if not reason.strip():
        raise Refused("reason", _("Say why, in a few words."), field="reason")
    lines = list(order.lines.select_related("arrival").order_by("variant_id"))
    missing = _sums(lines)[0]
    _cancel_rest(order, lines)
    _settle(order, lines)
    landed.land_all(order, "closed")
    purchases.jot(order, "closed", actor_id, pieces=missing, reason=reason.strip()[:160])
    records.audit(actor_id, "purchase.closed", order.number, pieces=missing)
    return order


def _cancel_rest(order: PurchaseOrder, lines: list[PurchaseLine]) -> None:
    for line in lines:
        if line.left:
            line.cancelled += line.left
            line.save(update_fields=["cancelled"])
            if line.arrival is not None:
                arrivals.cancel(arrival_id=line.arrival.pk, source=purchases.source(order))


def _settle(order: PurchaseOrder, lines: list[PurchaseLine]) -> None:
    """Set the state that follows from the lines."""
    if any(line.left for line in lines):
        order.state = State.PART
    else:
        order.state, order.closed_at = State.RECEIVED, clock.now()
    order.save(update_fields=["state", "closed_at"])
