"""What a return means in the books, beyond its refund. Call each inside a transaction, with the order locked."""

from __future__ import annotations

from collections.abc import Mapping

from s2b2c.kernel import clock, events
from supplier.models import ReturnOrder, SalesLine, SalesOrder
from supplier.services import ledger, who_pays


def closed(back: ReturnOrder, event: events.ReturnClosed) -> int:
    """Book who bears a return that was given back or replaced, once; give what the carrier owes."""
    lost = {row["line_id"]: row["quantity"] for row in event.lost}
    loss = who_pays.Loss(
        goods=_worth(back.order, lost), margin=event.margin_minor, fee=event.fee_minor, delivery=event.shipping_minor
    )
    return _post(back, event.reason, event.fault, loss)


def refused_at_door(back: ReturnOrder, fault: str, lost: Mapping[int, int]) -> int:
    """Book who bears goods refused at the door that can't be sold again; give what the carrier owes."""
    return _post(back, who_pays.MIND, fault, who_pays.Loss(goods=_worth(back.order, lost)))


def _worth(order: SalesOrder, lost: Mapping[int, int]) -> int:
    """Give the wholesale value of pieces by the shop's line id; each piece of a line is worth the same."""
    sold = SalesLine.objects.filter(order=order, line_id__in=lost)
    return sum(line.wholesale_minor * lost[line.line_id] // line.quantity for line in sold)


def _post(back: ReturnOrder, reason: str, fault: str, loss: who_pays.Loss) -> int:
    order = back.order
    legs = who_pays.legs(who_pays.RULES[who_pays.Case(reason, fault, bool(back.paid_out))], loss)
    if not legs:
        return 0
    ledger.post(
        key=f"claim:{back.reseller_id}:{back.number}", kind="claim", currency=order.currency, legs=legs,
        reseller_id=back.reseller_id, order_number=order.order_number, at=clock.now(),
    )  # fmt: skip
    return sum(leg.amount_minor for leg in legs if leg.debit == ledger.Kind.CARRIER_CLAIM)
