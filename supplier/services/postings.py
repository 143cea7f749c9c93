"""What each event of an order means in the books. Call each inside a transaction.

Sale: the money in transit (or to be collected) is owed as wholesale (deferred until sent), reseller
margin, fee (with its own tax), tax and shipping; what S funds of a discount comes from its promotion account,
delivery that c need not pay from who funds it. What S gets for services booked with the goods is kept for them. Shipment: its wholesale value becomes revenue. Refund: the same split
back, from deferred or earned wholesale by what was sent. See docs/adr/0005-ledger.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import connection

from s2b2c.kernel import bulk, clock, deltas, events
from s2b2c.kernel.bulk import Insert
from supplier.models import Account, Journal, SalesOrder, SalesRefund
from supplier.services import ledger
from supplier.services.ledger import Entry, Leg

Kind = Account.Kind


def money_account(method: str) -> str:
    """Give the account the consumer's money is on: the provider's balance, cash or invoices to collect."""
    return {"cod": Kind.COD_CLEARING, "invoice": Kind.RECEIVABLE}.get(method, Kind.CLEARING)


def sale(event: events.OrderPlaced) -> Journal:
    """Book a sale, once per order: its legs sum to what was captured."""
    return ledger.write(entry_of_sale(event))


def sales(several: Sequence[events.OrderPlaced]) -> None:
    """Book several sales, each once per order, in a handful of statements."""
    ledger.write_all([entry_of_sale(event) for event in several])


def entry_of_sale(event: events.OrderPlaced) -> Entry:
    """Say what a sale means in the books."""
    source = money_account(event.method)
    return Entry(
        key=f"sale:{event.key}",
        kind="sale",
        currency=event.currency,
        reseller_id=event.reseller_id,
        order_number=event.order_number,
        at=datetime.fromisoformat(event.placed_at),
        legs=[
            *_shared(source, [(Kind.WHOLESALE_DEFERRED, sum(line.wholesale_minor for line in event.lines)), *_rest(event)],
                     sum(line.funded_minor for line in event.lines)),
            Leg(source, Kind.SERVICE_HELD, sum(each.cost_minor for each in event.services)),
            Leg(_funder(event), Kind.SHIPPING, event.shipping_funded_minor),
        ],
    )  # fmt: skip


def _shared(source: str, parts: Sequence[tuple[str, int]], funded: int) -> Iterator[Leg]:
    """Give the legs from who pays to who gets a part: ``funded`` of them from S's promotion account, the first first."""
    for account, minor in parts:
        ours = min(max(minor, 0), funded)
        funded -= ours
        if ours:
            yield Leg(Kind.PROMOTION, account, ours)
        yield Leg(source, account, minor - ours)


def _rest(event: events.OrderPlaced | events.RefundMade) -> list[tuple[str, int]]:
    """Give what everybody but S for its goods gets of a sale, or gives up in a refund."""
    lines = [*event.lines, *event.services]
    return [
        (Kind.RESELLER_PAYABLE, sum(line.margin_minor for line in lines)),
        (Kind.FEE, sum(line.fee_minor for line in lines) - event.fee_tax_minor),
        (Kind.FEE_TAX, event.fee_tax_minor),
        (Kind.TAX_PAYABLE, sum(line.tax_minor for line in lines) + event.shipping_tax_minor),
        (Kind.SHIPPING, event.shipping_minor),
    ]


def _funder(event: events.OrderPlaced | events.RefundMade) -> str:
    return Kind.PROMOTION if event.shipping_funder == "s" else Kind.RESELLER_PAYABLE


def shipment(event: events.ShipmentSent) -> None:
    """Book the wholesale value of what a parcel carried as earned, once per parcel.

    The value of pieces is cumulative per line, so that the parcels of a line sum to its wholesale value
    to the cent. Nothing is left to earn where the pieces were refunded meanwhile.
    """
    for entry in _shipments([event]):
        ledger.write(entry)


def shipments(several: Sequence[events.ShipmentSent]) -> None:
    """Book parcels of different orders, each once, in a handful of statements."""
    ledger.write_all(_shipments(several))


# What a parcel's pieces are worth, unless they were booked before, after those its lines sent in earlier parcels, and what its order has deferred.
# OFFSET 0 keeps each step at its index: while tables grow fast their statistics lag, and whole tables would be joined.
_WORTH = """
    SELECT p.number, o.currency,
           (SELECT sum(s.wholesale_minor * (b.before + l.quantity / f.per) / s.quantity
                       - s.wholesale_minor * b.before / s.quantity)
            FROM supplier_shipmentline l
            CROSS JOIN LATERAL (SELECT * FROM supplier_fulfilmentline x WHERE x.id = l.fulfilment_line_id OFFSET 0) f
            CROSS JOIN LATERAL (SELECT * FROM supplier_salesline x WHERE x.id = f.line_id OFFSET 0) s
            CROSS JOIN LATERAL (
                SELECT COALESCE(sum(e.quantity / ef.per), 0)::bigint AS before FROM supplier_fulfilmentline ef
                CROSS JOIN LATERAL (SELECT * FROM supplier_shipmentline x
                                    WHERE x.fulfilment_line_id = ef.id AND x.shipment_id < p.id OFFSET 0) e
                WHERE ef.line_id = f.line_id AND ef.lead) b
            WHERE l.shipment_id = p.id AND f.lead)::bigint,
           (SELECT COALESCE(sum(CASE WHEN c.kind = %(kind)s THEN t.amount_minor ELSE 0 END)
                            - sum(CASE WHEN d.kind = %(kind)s THEN t.amount_minor ELSE 0 END), 0)
            FROM supplier_journal j
            CROSS JOIN LATERAL (SELECT * FROM supplier_transfer x WHERE x.journal_id = j.id OFFSET 0) t
            JOIN supplier_account c ON c.id = t.credit_id JOIN supplier_account d ON d.id = t.debit_id
            WHERE j.reseller_id = o.reseller_id AND j.order_number = o.order_number)::bigint
    FROM unnest(%(numbers)s::text[]) AS w(number)
    JOIN supplier_shipment p ON p.number = w.number
    JOIN supplier_fulfilmentorder q ON q.id = p.fulfilment_id
    JOIN supplier_salesorder o ON o.id = q.order_id
    WHERE NOT EXISTS (SELECT 1 FROM supplier_journal b WHERE b.key = 'shipment:' || o.reseller_id || ':' || p.number)
"""


def _shipments(several: Sequence[events.ShipmentSent]) -> list[Entry]:
    numbers = bulk.texts(event.shipment_number for event in several)
    with connection.cursor() as cursor:
        cursor.execute(_WORTH, {"numbers": numbers, "kind": Kind.WHOLESALE_DEFERRED})
        worth = {row[0]: (row[1], min(row[2], row[3])) for row in cursor.fetchall()}
    values = ((event, *worth[event.shipment_number]) for event in several if event.shipment_number in worth)
    return [_shipment(event, currency, value) for event, currency, value in values if value > 0]


def _shipment(event: events.ShipmentSent, currency: str, value: int) -> Entry:
    return Entry(
        key=f"shipment:{event.reseller_id}:{event.shipment_number}",
        kind="shipment",
        currency=currency,
        reseller_id=event.reseller_id,
        order_number=event.order_number,
        at=datetime.fromisoformat(event.shipped_at),
        legs=[Leg(Kind.WHOLESALE_DEFERRED, Kind.WHOLESALE_REVENUE, value, memo=event.shipment_number)],
    )


def refund(event: events.RefundMade) -> None:
    """Book a refund, once per refund key: the frozen split, the other way round.

    What pieces earned that were sent comes from revenue; the rest from what is still deferred first.
    """
    refunds([event])


def refunds(several: Sequence[events.RefundMade]) -> None:
    """Book refunds of different orders, each once, in a handful of statements; the orders are locked meanwhile.

    :raises KeyError: S does not know one of the orders.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, _names(several))
        orders = {(reseller_id, number): (id_, cash) for reseller_id, number, id_, cash in cursor.fetchall()}
        cursor.execute(_DEFERRED, {"kind": Kind.WHOLESALE_DEFERRED, **_names(several)})
        deferred = {(reseller_id, number): left for reseller_id, number, left in cursor.fetchall()}
    known = set(Journal.objects.filter(key__in=[refund_key(event) for event in several]).values_list("key", flat=True))
    fresh = [event for event in several if refund_key(event) not in known]
    mine = [(event, *orders[_named(event)], deferred[_named(event)]) for event in fresh]
    ledger.write_all([_refund(event, cash, left) for event, _id, cash, left in mine])
    _REFUNDS.rows([(id_, refund_key(event), event.to_payload()) for event, id_, _cash, _left in mine])
    given = {id_: {"refunded_minor": event.amount_minor} for event, id_, _cash, _left in mine}
    deltas.add(SalesOrder, given)


_REFUNDS = Insert(SalesRefund, "order_id", "key", "granted")
_LOCK = """
    SELECT o.reseller_id, o.order_number, o.id, o.cash
    FROM unnest(%(resellers)s::bigint[], %(numbers)s::text[]) AS w(reseller_id, order_number)
    JOIN supplier_salesorder o USING (reseller_id, order_number) ORDER BY o.id FOR UPDATE OF o
"""
# The wholesale value of orders that is neither earned nor refunded yet.
_DEFERRED = """
    SELECT w.reseller_id, w.order_number, (
        SELECT COALESCE(sum(CASE WHEN c.kind = %(kind)s THEN t.amount_minor ELSE 0 END)
                        - sum(CASE WHEN d.kind = %(kind)s THEN t.amount_minor ELSE 0 END), 0)
        FROM supplier_journal j
        CROSS JOIN LATERAL (SELECT * FROM supplier_transfer x WHERE x.journal_id = j.id OFFSET 0) t
        JOIN supplier_account c ON c.id = t.credit_id JOIN supplier_account d ON d.id = t.debit_id
        WHERE j.reseller_id = w.reseller_id AND j.order_number = w.order_number)::bigint
    FROM unnest(%(resellers)s::bigint[], %(numbers)s::text[]) AS w(reseller_id, order_number)
"""


def _named(event: events.Event) -> tuple[int, str]:
    return event.reseller_id, event.order_number


def _names(several: Sequence[events.Event]) -> dict[str, str]:
    return {
        "resellers": bulk.array(event.reseller_id for event in several),
        "numbers": bulk.texts(event.order_number for event in several),
    }


def covered(event: events.RefundCovered) -> None:
    """Book, once per its key, that so much of a refund stays: it makes good who bore the lost dispute.

    :raises KeyError: S does not know the order.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, _names([event]))
        orders = {(reseller_id, number): id_ for reseller_id, number, id_, _cash in cursor.fetchall()}
    order_id, key = orders[_named(event)], f"refund:{event.reseller_id}:{event.cover_key}"
    if Journal.objects.filter(key=key).exists():
        return
    ledger.write(
        Entry(
            key=key,
            kind="refund",
            currency=event.currency,
            reseller_id=event.reseller_id,
            order_number=event.order_number,
            at=clock.now(),
            legs=[Leg(Kind.CLEARING, _made_good(event.bearer), event.amount_minor, memo="dispute")],
        )
    )
    deltas.add(SalesOrder, {order_id: {"refunded_minor": -event.amount_minor}})


def _made_good(bearer: str) -> str:
    """Give the account that bore a lost dispute: the shop's, or else what returns cost S."""
    return Kind.RESELLER_PAYABLE if bearer == "shop" else Kind.RETURN_COST


def refund_key(event: events.RefundMade) -> str:
    """Give the key of a refund's journal."""
    return f"refund:{event.reseller_id}:{event.refund_key}"


def _refund(event: events.RefundMade, cash: str, deferred_left: int) -> Entry:
    target = Kind.CASH if cash == SalesOrder.Cash.COLLECTED else money_account(event.method)
    wholesale = sum(line.wholesale_minor for line in event.lines)
    earned = sum(line.earned_minor for line in event.lines)
    deferred = max(0, min(wholesale - earned, deferred_left))
    goods = [(Kind.WHOLESALE_DEFERRED, deferred), (Kind.WHOLESALE_REVENUE, wholesale - deferred)]
    way_back = event.way_back_minor if event.withheld_by else event.withheld_minor
    back = _shared(target, [*goods, *_rest(event)], sum(line.funded_minor for line in event.lines))
    return Entry(
        key=refund_key(event),
        kind="refund",
        currency=event.currency,
        reseller_id=event.reseller_id,
        order_number=event.order_number,
        at=clock.now(),
        legs=[
            *(Leg(leg.credit, leg.debit, leg.amount_minor) for leg in back),
            Leg(Kind.SERVICE_HELD, target, sum(each.cost_minor for each in event.services)),
            Leg(Kind.SHIPPING, _funder(event), event.shipping_funded_minor),
            Leg(target, Kind.RETURN_COST, way_back, memo="way back"),
            Leg(target, _made_good(event.withheld_by), event.withheld_minor - way_back, memo="dispute"),
        ],
    )
