"""What S found in the parcel, and what follows: money back, a replacement, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from orders.models import Order, OrderLine, Refund, ReturnRequest
from orders.services import refund
from orders.services.returns import exchanging, states
from s2b2c.kernel import events
from s2b2c.kernel.errors import OutOfStock
from s2b2c.outbox import publisher

State = ReturnRequest.State
REASONS = {"mind": "changed_mind", "defect": "damaged", "wrong": "wrong", "lost": "lost"}


def note_received(event: events.ReturnReceived) -> None:
    """The parcel is at the warehouse. Call inside a transaction."""
    back = states.locked(event.number)
    if State.RECEIVED in states.TRANSITIONS[back.state]:
        states.step(back, State.RECEIVED, actor="supplier")


def note_inspected(event: events.ReturnInspected) -> None:
    """S looked at it: what it accepted is given back or replaced. Call inside a transaction."""
    back = states.locked(event.number)
    if State.INSPECTED not in states.TRANSITIONS[back.state]:
        return
    postage = {"postage": event.postage_minor, "postage_by": event.postage_by}
    back.outcome = {"fault": event.fault, "lines": event.lines, **postage}
    states.step(back, State.INSPECTED, actor="supplier", outcome=back.outcome, answer=event.note[:300])
    close(
        back, fault=event.fault, actor="supplier", found=event.lines, shipping=event.shipping,
        withhold_minor=event.postage_minor if event.postage_by == "customer" else 0,
    )  # fmt: skip


def close(
    back: ReturnRequest,
    *,
    fault: str,
    actor: str,
    found: Sequence[dict[str, int]] | None = None,
    shipping: bool = False,
    withhold_minor: int = 0,
) -> None:
    """Give back or replace what was accepted, and close. Call inside a transaction.

    ``found``: what S found, by line; None: c keeps the pieces, all is accepted. A replacement that is no longer
    in stock becomes a refund. ``withhold_minor``: what c bears of the way back, taken off a refund.
    """
    accepted, lost = _accepted(back, found)
    made, exchange = None, None
    if back.wish == ReturnRequest.Wish.EXCHANGE and accepted:
        exchange = _replace(back, accepted)
    if exchange is None and accepted:
        made = _give_back(
            back, accepted, shipping=shipping or back.shipping, actor=actor, withhold_minor=withhold_minor
        )
    withheld = (made.way_back_minor or 0) if made else 0
    back.outcome = {
        **back.outcome, "fault": fault, "exchange": exchange.number if exchange else "",
        "exchange_token": exchange.token if exchange else "", "refund": made.amount_minor if made else 0,
        "withheld": withheld,
        "replaced": [{"line": id_, "quantity": n} for id_, n in accepted.items()] if exchange else [],
    }  # fmt: skip
    states.step(back, State.CLOSED, actor=actor, outcome=back.outcome)
    publisher.publish(_closed(back, made, exchange, fault, lost, withheld))


def _accepted(
    back: ReturnRequest, found: Sequence[dict[str, int]] | None
) -> tuple[dict[int, int], list[dict[str, int]]]:
    """Give pieces by line id that are served, and those of them that can't be sold again."""
    if found is None:
        wanted = {row["line"]: row["quantity"] for row in back.lines}
        return wanted, [{"line_id": line_id, "quantity": n} for line_id, n in wanted.items()]
    accepted, lost = {}, []
    for row in found:
        gone = row["scrapped"] + (row["missing"] if back.reason == ReturnRequest.Reason.LOST else 0)
        if row["restocked"] + gone:
            accepted[row["line_id"]] = row["restocked"] + gone
        if gone:
            lost.append({"line_id": row["line_id"], "quantity": gone})
    return accepted, lost


def _replace(back: ReturnRequest, accepted: dict[int, int]) -> Order | None:
    try:
        with transaction.atomic():
            return exchanging.replace(back, accepted)
    except OutOfStock:
        return None


def _give_back(
    back: ReturnRequest, accepted: dict[int, int], *, shipping: bool, actor: str, withhold_minor: int
) -> Refund | None:
    """Grant the refund of what was sent and is still c's; replacements and gifts have no money to go back."""
    lines = {line.id: line for line in OrderLine.objects.filter(order=back.order, id__in=accepted)}
    pieces = {id_: min(n, lines[id_].received) for id_, n in accepted.items() if lines[id_].paid_minor}
    if not any(pieces.values()):
        return None
    return refund.undo(
        order_number=back.order.number,
        pieces={},
        received=pieces,
        shipping=shipping,
        reason=REASONS[back.reason],
        key=f"return:{back.number}",
        actor=actor,
        note=back.number,
        withhold_minor=withhold_minor,
    )


def _closed(
    back: ReturnRequest,
    made: Refund | None,
    exchange: Order | None,
    fault: str,
    lost: list[dict[str, int]],
    withheld: int,
) -> events.ReturnClosed:
    rows: list[dict[str, Any]] = made.lines if made else []
    return events.ReturnClosed(
        reseller_id=states.shop_id(),
        order_number=back.order.number,
        number=back.number,
        outcome="refund" if made else "exchange" if exchange else "nothing",
        reason=back.reason,
        fault=fault,
        currency=back.order.currency,
        margin_minor=sum(row["margin"] for row in rows),
        fee_minor=sum(row["fee"] for row in rows),
        shipping_minor=made.shipping_minor if made else 0,
        lost=lost if made or exchange else [],
        exchange_number=exchange.number if exchange else "",
        withheld_minor=withheld,
    )
