"""What S found in the parcel, and what follows: money back, a replacement, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from orders.models import Order, OrderLine, Refund, ReturnRequest
from orders.selectors import parts
from orders.selectors.parts import Content
from orders.services import refund
from orders.services.returns import exchanging, pieces, states, unreplaced
from orders.services.returns.pieces import Pieces
from s2b2c.kernel import events
from s2b2c.kernel.errors import OutOfStock, Refused
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
    in stock becomes a refund; of a replacement, of what was paid for the first pieces. ``withhold_minor``: what c bears of the way back, taken off a refund.
    """
    accepted, lost = _accepted(back, found)
    made, exchange = None, None
    if back.wish == ReturnRequest.Wish.EXCHANGE and accepted:
        exchange = _replace(back, accepted)
    if exchange is None and accepted and back.order.terms.get("replaces"):
        made = unreplaced.came_back(back, accepted, reason=REASONS[back.reason], actor=actor)
    elif exchange is None and accepted:
        made = _give_back(
            back, accepted, shipping=shipping or back.shipping, actor=actor, withhold_minor=withhold_minor
        )
    withheld = (made.way_back_minor or 0) if made else 0
    back.outcome = {
        **back.outcome, "fault": fault, "exchange": exchange.number if exchange else "",
        "exchange_token": exchange.token if exchange else "", "refund": made.amount_minor if made else 0,
        "withheld": withheld,
        "replaced": [{"line": id_, "variant": variant, "quantity": n} for (id_, variant), n in accepted.items()]
        if exchange else [],
    }  # fmt: skip
    states.step(back, State.CLOSED, actor=actor, outcome=back.outcome)
    publisher.publish(_closed(back, made, exchange, fault, lost, withheld))


def _accepted(back: ReturnRequest, found: Sequence[dict[str, int]] | None) -> tuple[Pieces, Pieces]:
    """Give pieces that are served, and those of them that can't be sold again."""
    named = {row["line"]: row["variant"] for row in back.lines}
    if found is None:
        wanted = {(row["line"], row["variant"]): row["quantity"] for row in back.lines}
        return wanted, dict(wanted)
    accepted: Pieces = {}
    lost: Pieces = {}
    for row in found:
        name = (row["line_id"], row.get("variant_id") or named[row["line_id"]])
        gone = row["scrapped"] + (row["missing"] if back.reason == ReturnRequest.Reason.LOST else 0)
        if row["restocked"] + gone:
            accepted[name] = row["restocked"] + gone
        if gone:
            lost[name] = gone
    return accepted, lost


def _replace(back: ReturnRequest, accepted: Pieces) -> Order | None:
    try:
        with transaction.atomic():
            return exchanging.replace(back, accepted)
    except OutOfStock:
        return None


def _give_back(
    back: ReturnRequest, accepted: Pieces, *, shipping: bool, actor: str, withhold_minor: int
) -> Refund | None:
    """Grant the refund of what was sent and is still c's; gifts have no money to go back.

    A part that is worth less than the smallest coin has none either.
    """
    whole, single = pieces.still_there(back, accepted)
    if not any(whole.values()) and not single:
        return None
    try:
        return refund.undo(
            order_number=back.order.number,
            pieces={},
            received=whole,
            parts=single,
            shipping=shipping,
            reason=REASONS[back.reason],
            key=f"return:{back.number}",
            actor=actor,
            note=back.number,
            withhold_minor=withhold_minor,
        )
    except Refused as refused:
        if refused.code != "nothing":
            raise
        return None


def _lost(back: ReturnRequest, lost: Pieces, made: Refund | None) -> list[dict[str, int]]:
    """Say what can't be sold again; of parts with their wholesale value: what the refund took back of it, in proportion.

    Parts of one line share it to the cent: where all that went back is lost, they sum to it.
    """
    lines = {line.id: line for line in OrderLine.objects.filter(order=back.order, id__in={id_ for id_, _v in lost})}
    made_of = parts.of(lines.values())
    rows = {row["line"]: row for row in (made.lines if made else []) if row.get("parts")}
    told, weighed = [], dict.fromkeys(lines, 0)
    for (line_id, variant_id), quantity in sorted(lost.items()):
        row = {"line_id": line_id, "variant_id": variant_id, "quantity": quantity}
        if variant_id != lines[line_id].variant_id:
            minor, of = _goods(lines[line_id], made_of[line_id], rows.get(line_id))
            before = weighed[line_id]
            weighed[line_id] += made_of[line_id].weighs({variant_id: quantity})
            row["worth_minor"] = minor * weighed[line_id] // of - minor * before // of
        told.append(row)
    return told


def _goods(line: OrderLine, content: Content, refunded: dict[str, Any] | None) -> tuple[int, int]:
    """Give the wholesale value of parts of a line, and what these parts weigh: those refunded, or all of the line."""
    of = content.weighs({int(id_): n for id_, n in refunded["parts"].items()}) if refunded else 0
    return (refunded["wholesale"], of) if refunded and of else (line.wholesale_minor, line.quantity * content.weight)


def _closed(
    back: ReturnRequest,
    made: Refund | None,
    exchange: Order | None,
    fault: str,
    lost: Pieces,
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
        lost=_lost(back, lost, made) if made or exchange else [],
        exchange_number=exchange.number if exchange else "",
        withheld_minor=withheld,
    )
