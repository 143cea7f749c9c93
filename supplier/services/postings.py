"""What each event of an order means in the books. Call each inside a transaction.

Sale: the money in transit (or to be collected) is owed as wholesale (deferred until sent), reseller
margin, fee, tax and shipping. Shipment: its wholesale value becomes revenue. Refund: the same split
back, from deferred or earned wholesale by what was sent. See docs/adr/0005-ledger.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, Sum

from s2b2c.kernel import clock, events
from supplier.models import Account, Journal, SalesOrder, Shipment, ShipmentLine, Transfer
from supplier.services import ledger
from supplier.services.ledger import Entry, Leg

Kind = Account.Kind


def money_account(method: str) -> str:
    """Give the account the consumer's money is on: the provider's balance, cash or invoices to collect."""
    return {"cod": Kind.COD_CLEARING, "invoice": Kind.RECEIVABLE}.get(method, Kind.CLEARING)


def sale(event: events.OrderPlaced) -> Journal:
    """Book a sale, once per order: its legs sum to what was captured."""
    return ledger.write(_sale(event))


def sales(several: Sequence[events.OrderPlaced]) -> list[Journal]:
    """Book several sales, each once per order, in a handful of statements."""
    return ledger.write_all([_sale(event) for event in several])


def _sale(event: events.OrderPlaced) -> Entry:
    source = money_account(event.method)
    return Entry(
        key=f"sale:{event.key}",
        kind="sale",
        currency=event.currency,
        reseller_id=event.reseller_id,
        order_number=event.order_number,
        at=datetime.fromisoformat(event.placed_at),
        legs=[
            Leg(source, Kind.WHOLESALE_DEFERRED, sum(line.wholesale_minor for line in event.lines)),
            Leg(source, Kind.RESELLER_PAYABLE, sum(line.margin_minor for line in event.lines)),
            Leg(source, Kind.FEE, sum(line.fee_minor for line in event.lines)),
            Leg(source, Kind.TAX_PAYABLE, sum(line.tax_minor for line in event.lines) + event.shipping_tax_minor),
            Leg(source, Kind.SHIPPING, event.shipping_minor),
        ],
    )


def shipment(event: events.ShipmentSent, *, at: datetime) -> Journal | None:
    """Book the wholesale value of what a parcel carried as earned, once per parcel.

    The value of pieces is cumulative per line, so that the parcels of a line sum to its wholesale value
    to the cent. Nothing is left to earn where the pieces were refunded meanwhile.
    """
    parcel = Shipment.objects.select_related("fulfilment__order").get(number=event.shipment_number)
    order = parcel.fulfilment.order
    value = _earned(parcel)
    value = min(value, deferred_left(order))
    if value <= 0:
        return None
    return ledger.post(
        key=f"shipment:{event.reseller_id}:{event.shipment_number}",
        kind="shipment",
        currency=order.currency,
        reseller_id=order.reseller_id,
        order_number=order.order_number,
        at=at,
        legs=[Leg(Kind.WHOLESALE_DEFERRED, Kind.WHOLESALE_REVENUE, value, memo=event.shipment_number)],
    )


def _earned(parcel: Shipment) -> int:
    """Give the wholesale value of a parcel's pieces, after those its lines sent in earlier parcels."""
    rows = list(parcel.lines.select_related("fulfilment_line__line"))
    sent = dict(
        ShipmentLine.objects.filter(
            fulfilment_line__line_id__in=[row.fulfilment_line.line_id for row in rows], shipment_id__lt=parcel.id
        )
        .values_list("fulfilment_line__line_id")
        .annotate(sum=Sum("quantity"))
    )
    value = 0
    for row in rows:
        line, before = row.fulfilment_line.line, sent.get(row.fulfilment_line.line_id, 0)
        upto = line.wholesale_minor * (before + row.quantity) // line.quantity
        value += upto - line.wholesale_minor * before // line.quantity
    return value


def deferred_left(order: SalesOrder) -> int:
    """Give the wholesale value of an order that is neither earned nor refunded yet."""
    rows = Transfer.objects.filter(journal__reseller_id=order.reseller_id, journal__order_number=order.order_number)
    into = rows.filter(credit__kind=Kind.WHOLESALE_DEFERRED).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    out = rows.filter(debit__kind=Kind.WHOLESALE_DEFERRED).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    return into - out


def refund(event: events.RefundMade) -> Journal:
    """Book a refund, once per refund key: the frozen split, the other way round.

    What pieces earned that were sent comes from revenue; the rest from what is still deferred first.
    """
    order = SalesOrder.objects.select_for_update().get(reseller_id=event.reseller_id, order_number=event.order_number)
    key = f"refund:{event.reseller_id}:{event.refund_key}"
    known = Journal.objects.filter(key=key).first()
    if known is not None:
        return known
    collected = order.cash == SalesOrder.Cash.COLLECTED
    target = Kind.CASH if collected else money_account(event.method)
    wholesale = sum(line.wholesale_minor for line in event.lines)
    earned = sum(line.wholesale_minor * line.received // line.quantity for line in event.lines)
    deferred = max(0, min(wholesale - earned, deferred_left(order)))
    journal = ledger.post(
        key=key,
        kind="refund",
        currency=event.currency,
        reseller_id=event.reseller_id,
        order_number=event.order_number,
        at=clock.now(),
        legs=[
            Leg(Kind.WHOLESALE_DEFERRED, target, deferred),
            Leg(Kind.WHOLESALE_REVENUE, target, wholesale - deferred),
            Leg(Kind.RESELLER_PAYABLE, target, sum(line.margin_minor for line in event.lines)),
            Leg(Kind.FEE, target, sum(line.fee_minor for line in event.lines)),
            Leg(Kind.TAX_PAYABLE, target, sum(line.tax_minor for line in event.lines) + event.shipping_tax_minor),
            Leg(Kind.SHIPPING, target, event.shipping_minor),
        ],
    )
    SalesOrder.objects.filter(id=order.id).update(refunded_minor=F("refunded_minor") + event.amount_minor)
    return journal
