"""What must hold after everything was killed. Each check gives what is wrong, in words; none: it holds."""

from __future__ import annotations

import json
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from tests.chaos.people import Notes, Order
from tests.chaos.world import World


@dataclass
class Seen:
    """What the shops, S and the payment provider say afterwards. Keys are (shop, order number)."""

    notes: Notes
    world: World
    orders: dict[tuple[str, str], Any] = field(default_factory=dict)
    numbers: dict[str, list[str]] = field(default_factory=dict)  # by the buyer's address, new for each bag
    sold: dict[tuple[str, str], Any] = field(default_factory=dict)
    stripe: list[dict[str, Any]] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)


def gather(notes: Notes, world: World, *, stripe_port: int) -> Seen:
    """Read everything once."""
    from orders.models import Order as ShopOrder
    from s2b2c.tenancy import context
    from s2b2c.tenancy.models import Reseller
    from supplier.models import SalesOrder

    seen = Seen(notes, world)
    for shop in Reseller.objects.filter(slug__in=world.shops):
        with context.entered(shop), context.reading():
            for order in ShopOrder.objects.prefetch_related("lines", "payments", "refunds", "events"):
                seen.orders[shop.slug, order.number] = order
                seen.numbers.setdefault(order.email, []).append(order.number)
    for sold in SalesOrder.objects.select_related("reseller").prefetch_related("lines", "fulfilments__lines"):
        seen.sold[sold.reseller.slug, sold.order_number] = sold
    with urllib.request.urlopen(f"http://127.0.0.1:{stripe_port}/_control/state", timeout=30) as answer:
        seen.stripe = json.load(answer)["objects"]
    return seen


# --- Orders ----------------------------------------------------------------------------------------
def _lost_orders(seen: Seen) -> Iterator[str]:
    for told in _acknowledged(seen):
        order = seen.orders.get((told.shop, told.number))
        if order is None:
            yield f"{told.shop} {told.number} was acknowledged and is not there"
            continue
        if order.total_minor != told.total_minor or _pieces(order) != told.wanted:
            yield f"{told.shop} {told.number} is not what was acknowledged"


def _acknowledged(seen: Seen) -> list[Order]:
    return [order for order in seen.notes.orders if order.number]


def _pieces(order: Any) -> dict[int, int]:
    return {line.variant_id: line.quantity for line in order.lines.all()}


def _doubled_orders(seen: Seen) -> Iterator[str]:
    for email, numbers in seen.numbers.items():
        if len(numbers) > 1:
            yield f"{email} sent one order and has {' '.join(numbers)}"
    yield from _rows("one parcel key, several parcels", """
        SELECT fulfilment_id, tracking, count(*) FROM supplier_shipment GROUP BY 1, 2 HAVING count(*) > 1""")  # fmt: skip
    yield from _rows("more pieces sent than ordered", """
        SELECT l.id, l.quantity, sum(f.shipped / f.per) FROM supplier_salesline l
        JOIN supplier_fulfilmentline f ON f.line_id = l.id AND f.lead
        GROUP BY l.id HAVING sum(f.shipped / f.per) > l.quantity""")  # fmt: skip
    yield from _rows("pieces to send are not those sold", """
        SELECT l.id, l.quantity, sum(f.quantity / f.per) FROM supplier_salesline l
        JOIN supplier_fulfilmentline f ON f.line_id = l.id AND f.lead
        GROUP BY l.id HAVING sum(f.quantity / f.per) <> l.quantity""")  # fmt: skip


def _not_at_s(seen: Seen) -> Iterator[str]:
    for (shop, number), order in seen.orders.items():
        sold = seen.sold.get((shop, number))
        reached = any(event.kind == "placed" for event in order.events.all())
        if reached and sold is None:
            yield f"{shop} {number} was placed and never reached S"
        if sold is not None and not reached:
            yield f"{shop} {number} is at S and was never placed"
        if sold is not None and (sold.captured_minor, sold.refunded_minor) != (
            order.total_minor,
            order.refunded_minor,
        ):
            yield (
                f"{shop} {number}: the shop says {order.total_minor} - {order.refunded_minor},"
                f" S {sold.captured_minor} - {sold.refunded_minor}"
            )


def _apart(seen: Seen) -> Iterator[str]:
    """Where shop and S do not agree on what was sent."""
    for (shop, number), sold in seen.sold.items():
        sent: Counter[int] = Counter()
        for fulfilment in sold.fulfilments.all():
            for line in fulfilment.lines.all():
                sent[line.variant_id] += line.shipped
        order = seen.orders.get((shop, number))
        told = {line.variant_id: line.shipped for line in order.lines.all()} if order else {}
        known = seen.world.pieces(told)
        if order and +known != +sent:
            yield f"{shop} {number}: S sent {dict(+sent)}, the shop knows of {dict(+known)}"


def _lost_deeds(seen: Seen) -> Iterator[str]:
    from supplier.models import Shipment

    there = set(Shipment.objects.values_list("number", flat=True))
    for fulfilment, parcel in seen.notes.parcels:
        if parcel not in there:
            yield f"parcel {parcel} of {fulfilment} was acknowledged and is not there"
    for told in _acknowledged(seen):
        order = seen.orders.get((told.shop, told.number))
        if told.cancelled and order and order.status not in ("cancelled", "expired"):
            yield f"{told.shop} {told.number} was cancelled and is {order.status}"


# --- Order of events -------------------------------------------------------------------------------
def _out_of_order(seen: Seen) -> Iterator[str]:
    """Each side's events of one order, in the order that side wrote them; and the steps c sees.

    What a shop says (cancelled) and what S says (taken over) at the same moment has no order between them: either may
    commit first, whichever has the lower id. What follows from another event is written after that one is done.
    """
    from s2b2c.outbox import watch

    yield from _rows("handled before an earlier event of its order", """
        SELECT key, id, topic FROM (
            SELECT key, id, topic, done_at, max(done_at) OVER (PARTITION BY key, topic = ANY(%s::text[]) ORDER BY id
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
            FROM outbox_outboxevent WHERE state = 'done') e WHERE before > done_at""", watch.ways()[watch.TO_SHOP])  # fmt: skip
    for (shop, number), order in seen.orders.items():
        steps = [_step(event) for event in sorted(order.events.all(), key=lambda e: e.id) if event.kind in _RANK]
        if len(set(steps)) < len(steps) or [rank for rank, _ in steps] != sorted(rank for rank, _ in steps):
            yield f"{shop} {number}: its steps are out of order or doubled: {steps}"


_RANK = {"placed": 0, "processing": 1, "picking": 2}


def _step(event: Any) -> tuple[int, str]:
    """Tell steps apart: each warehouse begins to pick once."""
    return _RANK[event.kind], str(event.data.get("fulfilment", ""))


def _left_over(seen: Seen) -> Iterator[str]:
    from s2b2c.wiring import HANDLERS

    yield from _rows("an event was given up or never handled", """
        SELECT id, topic, key, state, tries, right(error, 300) FROM outbox_outboxevent WHERE state IN ('pending', 'dead')""")  # fmt: skip
    for topic in ("OrderPlaced", "ShipmentSent", "RefundMade"):
        yield from _rows("an event is done and a handler has not acted", f"""
            SELECT o.id, o.topic FROM outbox_outboxevent o WHERE o.state = 'done' AND o.topic = '{topic}'
            AND acted <> '{" ".join(handler.name for handler in HANDLERS[topic])}' """)  # fmt: skip


# --- Stock -----------------------------------------------------------------------------------------
def _oversold(seen: Seen) -> Iterator[str]:
    yield from _rows("more kept or sent than ever came in", """
        SELECT r.variant_id, r.taken, m.came FROM (
            SELECT variant_id, sum(quantity - released) AS taken FROM supplier_reservationline GROUP BY 1) r
        JOIN (SELECT variant_id, sum(quantity) AS came FROM supplier_movement
              WHERE kind = 'receipt' GROUP BY 1) m USING (variant_id)
        WHERE r.taken > m.came""")  # fmt: skip
    yield from _rows(
        "fewer than none", "SELECT id, available, held FROM supplier_stock WHERE available < 0 OR held < 0"
    )
    for (shop, number), order in seen.orders.items():
        if order.status in ("cancelled", "expired"):
            continue
        kept = _kept(seen, shop, number)
        wanted = +seen.world.pieces({line.variant_id: line.quantity - line.refunded for line in order.lines.all()})
        if any(kept[variant] < pieces for variant, pieces in wanted.items()):
            yield f"{shop} {number} was sold {dict(wanted)}, kept or sent are {dict(kept)}"


def _kept(seen: Seen, shop: str, number: str) -> Counter[int]:
    if not hasattr(seen, "_kept"):
        kept: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
        with connection.cursor() as cursor:
            cursor.execute("""
                SELECT t.slug, r.order_number, l.variant_id, l.quantity - l.released FROM supplier_reservationline l
                JOIN supplier_reservation r ON r.id = l.reservation_id JOIN tenancy_reseller t ON t.id = r.reseller_id""")
            for slug, order_number, variant, pieces in cursor.fetchall():
                kept[slug, order_number][variant] += pieces
        seen._kept = kept  # type: ignore[attr-defined]
    return seen._kept[shop, number]  # type: ignore[attr-defined,no-any-return]


def _wrongly_refused(seen: Seen) -> Iterator[str]:
    """Where, had every piece ever kept stayed kept, there would still have been enough all the time.

    Pieces that came back meanwhile are left out: what is named here is wrong for certain.
    """
    taken: dict[int, list[tuple[float, int]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT l.variant_id, extract(epoch FROM r.created_at)::float, l.quantity
            FROM supplier_reservationline l JOIN supplier_reservation r ON r.id = l.reservation_id""")
        for variant, at, pieces in cursor.fetchall():
            taken[variant].append((at, pieces))
    for each in seen.notes.sold_out:
        together = seen.world.pieces(each.bag)
        for variant in each.wanted.keys() - seen.world.inside.keys():  # a bundle is short where its parts lie apart
            wanted = together[variant]
            came = seen.world.received[variant]
            came += sum(pieces for at, which, pieces in seen.notes.receipts if which == variant and at < each.began)
            left = came - sum(pieces for at, pieces in taken[variant] if at <= each.ended)
            if left >= wanted:
                yield f"{wanted} of variant {variant} were refused while {left} were there"


# --- Money -----------------------------------------------------------------------------------------
def _money(seen: Seen) -> Iterator[str]:
    """Where what the provider holds of an order is not what the shop says, and payments nobody took notice of."""
    held = _held_by_provider(seen)
    for place, order in seen.orders.items():
        paid = [payment for payment in order.payments.all() if payment.state == "paid"]
        if len(paid) > 1:
            yield f"{place[0]} {place[1]} was paid {len(paid)} times"
        due = order.total_minor - order.refunded_minor if paid else 0
        if held[place] != due:
            yield f"{place[0]} {place[1]} ({order.status}, {order.paid}): the provider holds {held[place]}, due are {due}"
        failed = [refund.error for refund in order.refunds.all() if refund.state != "done" and order.method == "card"]
        if failed:
            yield f"{place[0]} {place[1]}: a refund was not sent: {failed}"
    for place in set(held) - set(seen.orders):
        yield f"{place}: paid, and there is no such order"


def _held_by_provider(seen: Seen) -> Counter[tuple[str, str]]:
    back: Counter[str] = Counter()
    for each in seen.stripe:
        if each["object"] == "refund" and each["status"] in ("succeeded", "pending"):
            back[each["payment_intent"]] += each["amount"]
    held: Counter[tuple[str, str]] = Counter()
    for each in seen.stripe:
        if each["object"] == "checkout.session" and each["payment_status"] == "paid":
            place = each["metadata"]["reseller"], each["metadata"]["order_number"]
            held[place] += each["amount_total"] - back[each["payment_intent"]]
    return held


def _lost_payments(seen: Seen) -> Iterator[str]:
    for told in seen.notes.orders:
        order = seen.orders.get((told.shop, told.number))
        if told.paid and order and not any(p.state in ("paid", "returned") for p in order.payments.all()):
            yield f"{told.shop} {told.number} was paid, and the shop does not know it"


def _books(seen: Seen) -> Iterator[str]:
    from supplier.selectors import audit

    yield from (f"{finding.check}: {finding.detail}" for finding in audit.books())


def _stock(seen: Seen) -> Iterator[str]:
    from supplier.selectors import audit

    yield from (f"{finding.check}: {finding.detail}" for finding in audit.stock())


def _odd(seen: Seen) -> Iterator[str]:
    yield from seen.notes.odd


def _ended(seen: Seen) -> Iterator[str]:
    yield from seen.ended


def _rows(what: str, sql: str, *values: Any) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT 20", values or None)
        for row in cursor.fetchall():
            yield f"{what}: {' '.join(str(value) for value in row)}"


CHECKS: dict[str, Callable[[Seen], Iterator[str]]] = {
    "oversold": _oversold,
    "wrongly refused": _wrongly_refused,
    "acknowledged orders lost": _lost_orders,
    "acknowledged deeds of S and c lost": _lost_deeds,
    "acknowledged payments lost": _lost_payments,
    "doubled": _doubled_orders,
    "out of order": _out_of_order,
    "placed and not at S, or not alike": _not_at_s,
    "sent, and the shop does not know": _apart,
    "events left over": _left_over,
    "money at the provider not what is due": _money,
    "findings in the books": _books,
    "findings in the stock": _stock,
    "answers nobody expected": _odd,
    "processes that ended without being killed": _ended,
}


def judge(seen: Seen, say: Callable[[str], None]) -> int:
    """Run every check, say what it found, and give how much is wrong."""
    wrong = 0
    for name, check in CHECKS.items():
        found = list(check(seen))
        wrong += len(found)
        say(f"  {len(found):5}  {name}")
        for each in found[:5]:
            say(f"         {each}")
    return wrong
