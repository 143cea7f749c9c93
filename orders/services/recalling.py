"""Goods called back by S: c is told in the shop's name, and gets its money or a new one, through a return it keeps."""

from __future__ import annotations

from django.db import transaction

from orders.models import Order
from orders.selectors import returns as selectors
from orders.services import mail, returns
from s2b2c.kernel import events, ids, texts
from s2b2c.kernel.errors import Refused
from s2b2c.outbox import publisher


def tell(event: events.RecallTold) -> None:
    """Ask for the message, and make it good; told again, nothing is doubled. Call inside a transaction.

    Pieces already sent back or refunded are left out. What can't be given back by itself – not paid yet – is told only.
    """
    order = Order.objects.prefetch_related("lines").get(number=event.order_number)
    made = _make_good(order, event)
    titles = {line.pk: f"{line.title} {line.label}".strip() for line in order.lines.all()}
    publisher.publish(
        *mail.requests(
            order,
            "recall",
            reseller_id=event.reseller_id,
            things=[titles[row["line_id"]] for row in event.lines if row["line_id"] in titles],
            remedy=event.remedy if made else "none",
            reason=texts.pick({name: event.words.get(f"reason_{name}", "") for name in ("en", "zh")}, order.language),
            advice=texts.pick({name: event.words.get(f"advice_{name}", "") for name in ("en", "zh")}, order.language),
            supplier=event.words.get("supplier", ""),
        )
    )


def _make_good(order: Order, event: events.RecallTold) -> bool:
    """Open a return c keeps, S bearing it; give whether there is one."""
    left = {each.line.pk: each.pieces for each in selectors.left(order)}
    pieces = {row["line_id"]: min(row["quantity"], left.get(row["line_id"], 0)) for row in event.lines}
    pieces = {line_id: quantity for line_id, quantity in pieces.items() if quantity > 0}
    if event.remedy == "none" or not pieces:
        return False
    try:
        with transaction.atomic():
            returns.request(
                order_number=order.number, pieces=pieces, wish=event.remedy, reason="defect", actor="supplier",
                note=event.words.get("reason_en", ""), id_=ids.return_id_of(event.return_number),
            )  # fmt: skip
            returns.approve(number=event.return_number, actor="supplier", keep=True, fault="supplier")
    except Refused:
        return False
    return True


def write_answer(event: events.ComplaintAnswered) -> None:
    """Ask for the message that answers a complaint. Call inside a transaction."""
    order = Order.objects.get(number=event.order_number)
    publisher.publish(*mail.requests(order, "answer", reseller_id=event.reseller_id, **event.data))
