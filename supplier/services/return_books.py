"""What a return means in the books, beyond its refund. Call each inside a transaction, with the order locked.

What the way back cost S is paid from its bank and is a cost of returns; then it is moved onto who bears it with all else
that was lost. What c bears was taken off the refund: that entry (``postings``) lowers the cost, and this one leaves it.
"""

from __future__ import annotations

from collections.abc import Mapping

from s2b2c.kernel import clock, events
from supplier.models import Account, ReturnOrder, SalesLine, SalesOrder
from supplier.services import ledger, who_pays
from supplier.services.ledger import Leg

Kind, By = Account.Kind, ReturnOrder.PostageBy


def postage_by(order: SalesOrder, reason: str, fault: str) -> str:
    """Say who bears what the way back costs, by the rules and the terms frozen on the order."""
    policy = order.agreed.get("return_postage_by", By.CUSTOMER)
    return who_pays.postage_by(_ruled(reason), fault, policy)


def closed(back: ReturnOrder, event: events.ReturnClosed) -> int:
    """Book who bears a return that was closed, once; give what the carrier owes.

    Where nothing was taken off a refund, and where nothing of it was accepted, S bears the way back.
    """
    back.withheld_minor = min(event.withheld_minor, back.postage_minor)
    nothing = event.outcome == "nothing"
    if back.postage_minor and (nothing or (back.postage_by == By.CUSTOMER and not back.withheld_minor)):
        back.postage_by = By.SUPPLIER
    lost = {row["line_id"]: row["quantity"] for row in event.lost if "worth_minor" not in row}
    goods = _worth(back.order, lost) + sum(row.get("worth_minor", 0) for row in event.lost)
    return _post(
        back, event.reason, event.fault, goods, margin=event.margin_minor, fee=event.fee_minor,
        delivery=event.shipping_minor,
    )  # fmt: skip


def refused_at_door(back: ReturnOrder, fault: str, lost: Mapping[int, int]) -> int:
    """Book who bears goods refused at the door that can't be sold again, and the way back; give what the carrier owes.

    c was given back nothing, so there is nothing to take off.
    """
    if back.postage_by == By.CUSTOMER:
        back.postage_by = By.SUPPLIER
    return _post(back, who_pays.MIND, fault, _worth(back.order, lost))


def _ruled(reason: str) -> str:
    return who_pays.MIND if reason == ReturnOrder.Reason.DOOR else reason


def _worth(order: SalesOrder, lost: Mapping[int, int]) -> int:
    """Give the wholesale value of pieces by the shop's line id; each piece of a line is worth the same."""
    sold = SalesLine.objects.filter(order=order, line_id__in=lost)
    return sum(line.wholesale_minor * lost[line.line_id] // line.quantity for line in sold)


def _post(back: ReturnOrder, reason: str, fault: str, goods: int, **given_up: int) -> int:
    order, by = back.order, back.postage_by
    moved = back.postage_minor if by in (By.RESELLER, By.CARRIER) else 0
    loss = who_pays.Loss(goods, postage=moved, postage_by=by, **given_up)
    rule = who_pays.RULES[who_pays.Case(_ruled(reason), fault, bool(back.paid_out))]
    legs = [Leg(Kind.RETURN_COST, Kind.BANK, back.postage_minor, memo="way back"), *who_pays.legs(rule, loss)]
    if not any(leg.amount_minor for leg in legs):
        return 0
    ledger.post(
        key=f"claim:{back.reseller_id}:{back.number}", kind="claim", currency=order.currency, legs=legs,
        reseller_id=back.reseller_id, order_number=order.order_number, at=clock.now(),
    )  # fmt: skip
    return sum(leg.amount_minor for leg in legs if leg.debit == Kind.CARRIER_CLAIM)
