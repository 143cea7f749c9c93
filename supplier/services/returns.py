"""Returns at S: announced, expected, received, inspected, closed. The shop's side decides what c gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock, events, ids
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from s2b2c.outbox import publisher
from supplier.models import OrderNote, ReturnLine, ReturnOrder, SalesLine, SalesOrder, Warehouse
from supplier.selectors import returns, settlement
from supplier.services import return_books, return_pieces
from supplier.services.return_pieces import Found as Found
from supplier.services.return_pieces import Serials as Serials
from supplier.services.settlement import recovering

State = ReturnOrder.State
TRANSITIONS: dict[str, set[str]] = {
    State.REQUESTED: {State.APPROVED, State.REFUSED, State.WITHDRAWN},
    State.APPROVED: {State.SHIPPED, State.RECEIVED, State.INSPECTED, State.WITHDRAWN, State.CLOSED},
    State.SHIPPED: {State.RECEIVED, State.INSPECTED},
    State.RECEIVED: {State.INSPECTED},
    State.INSPECTED: {State.CLOSED},
    State.CLOSED: set(),
    State.REFUSED: set(),
    State.WITHDRAWN: set(),
}


# --- What the shop tells; each may be told twice -----------------------------------------------------
def open_request(event: events.ReturnRequested) -> None:
    """Note that pieces may come back. Call inside a transaction."""
    if ReturnOrder.objects.filter(number=event.number).exists():
        return
    order = _order(event)
    made = ReturnOrder.objects.create(
        reseller_id=event.reseller_id, order=order, number=event.number, wish=event.wish, reason=event.reason,
        note=event.note, photos=event.photos, warehouse_id=_warehouse(order), created_at=clock.now(),
    )  # fmt: skip
    sold = {line.line_id: line for line in SalesLine.objects.filter(order=order)}
    ReturnLine.objects.bulk_create(
        [
            ReturnLine(
                return_order=made,
                line=sold[row["line_id"]],
                variant_id=row["variant_id"],
                quantity=row["quantity"],
            )
            for row in event.lines
        ]
    )
    _note(made, None, wish=event.wish, why=event.reason, by=event.opened_by)


def note_approved(event: events.ReturnApproved) -> None:
    """Expect the parcel. Call inside a transaction."""
    back = _locked(event.number)
    if State.APPROVED in TRANSITIONS[back.state]:
        _step(back, State.APPROVED, None, keep=event.keep, approved_at=clock.now())


def note_refused(event: events.ReturnRefused) -> None:
    """Expect nothing any more. Call inside a transaction."""
    back = _locked(event.number)
    if event.outcome in TRANSITIONS[back.state]:
        _step(back, event.outcome, None, closed_at=clock.now())


def note_sent(event: events.ReturnSent) -> None:
    """It is on its way. Call inside a transaction."""
    back = _locked(event.number)
    if State.SHIPPED in TRANSITIONS[back.state]:
        _step(back, State.SHIPPED, None, tracking=event.tracking)
    elif back.state == State.SHIPPED:
        ReturnOrder.objects.filter(id=back.id).update(tracking=event.tracking)


def note_closed(event: events.ReturnClosed) -> None:
    """Book who bears it, and close. Call inside a transaction."""
    back = _locked(event.number)
    if State.CLOSED not in TRANSITIONS[back.state]:
        return
    lost = {(row["line_id"], row.get("variant_id", 0)): row["quantity"] for row in event.lost}
    if back.keep:
        _note_kept(back, lost)
    back.paid_out = settlement.paid_out(back.order)
    claim = return_books.closed(back, event)
    _close(back, event.fault, claim, outcome=event.outcome, exchange=event.exchange_number)
    recovering.after(back.order, cause=back.number)


# --- What S does ----------------------------------------------------------------------------------------
@transaction.atomic
def decide(
    *, number: str, action: str, answer: str = "", keep: bool = False, fault: str = "", actor_id: int | None
) -> ReturnOrder:
    """Ask the shop's side to approve, refuse or withdraw; it does so within a second, unless b was faster. ``lapse``: nobody
    sent it for long.

    :raises NotFound: no such return.
    :raises StateRefused: it is past that.
    :raises Refused: refused without a reason; pieces kept without saying who answers for it.
    """
    back = _locked(number)
    wanted = {
        "approve": State.APPROVED,
        "refuse": State.REFUSED,
        "withdraw": State.WITHDRAWN,
        "lapse": State.WITHDRAWN,
    }[action]
    if wanted not in TRANSITIONS[back.state] or back.reason == ReturnOrder.Reason.DOOR:
        raise StateRefused("return_state", _("This return is past that step."))
    if action == "refuse" and not answer.strip():
        raise Refused("answer", _("Say why, in a few words."), field="answer")
    if keep and fault not in ReturnOrder.Fault.values:
        raise Refused("fault", _("Say who answers for it."), field="fault")
    OrderNote.objects.create(
        order_id=back.order_id, kind=f"return_asked_{action}", actor_id=actor_id, at=clock.now(),
        data={"return": number, "reason": answer},
    )  # fmt: skip
    publisher.publish(
        events.ReturnAsked(
            reseller_id=back.reseller_id, order_number=back.order.order_number, number=number, action=action,
            answer=answer[:300], keep=keep, fault=fault,
        )
    )  # fmt: skip
    return back


@transaction.atomic
def start(
    *,
    order_id: int,
    pieces: Mapping[int, int],
    wish: str,
    reason: str,
    note: str,
    actor_id: int | None,
    parts: Mapping[tuple[int, int], int] | None = None,
) -> str:
    """Start a return for c, by sales line id; the shop's side opens it, approved. Give its number.

    ``parts``: single parts of bundles, by sales line and variant.

    :raises NotFound: no such order or line.
    :raises Refused: nothing chosen, or more than was sent.
    """
    order = SalesOrder.objects.filter(id=order_id).first()
    if order is None:
        raise NotFound()
    sold = {line.id: line for line in SalesLine.objects.filter(order=order)}
    single = {name: quantity for name, quantity in (parts or {}).items() if quantity}
    _check_sent(sold, pieces, single)
    wanted = [(id_, sold[id_].variant_id, n) for id_, n in sorted(pieces.items()) if n]
    wanted += [(id_, variant_id, n) for (id_, variant_id), n in sorted(single.items())]
    rows = [{"line_id": sold[id_].line_id, "variant_id": variant_id, "quantity": n} for id_, variant_id, n in wanted]
    if not rows:
        raise Refused("pieces", _("Choose what comes back."), field="pieces")
    number = ids.return_number(ids.return_id())
    data = {"return": number}
    OrderNote.objects.create(order=order, kind="return_asked_open", actor_id=actor_id, at=clock.now(), data=data)
    publisher.publish(
        events.ReturnAsked(
            reseller_id=order.reseller_id, order_number=order.order_number, number=number, action="open",
            answer=note[:300], wish=wish, reason=reason, lines=rows,
        )
    )  # fmt: skip
    return number


def _check_sent(
    sold: Mapping[int, SalesLine], pieces: Mapping[int, int], single: Mapping[tuple[int, int], int]
) -> None:
    """Check that so much was sent; whether c still has it, the shop's side knows."""
    sent = returns.parts_of(sold.values()) if single else {}
    there = {(id_, part.variant.pk): part.pieces for id_, each in sent.items() for part in each}
    if not {*pieces, *(line_id for line_id, _variant in single)} <= set(sold) or not set(single) <= set(there):
        raise NotFound()
    most = [(quantity, return_pieces.sent(sold[line_id])) for line_id, quantity in pieces.items()]
    most += [(quantity, there[name]) for name, quantity in single.items()]
    for quantity, left in most:
        if not 0 <= quantity <= left:
            raise Refused("pieces", _("At most %(left)s pieces can be returned."), field="pieces", left=left)


@transaction.atomic
def receive(*, number: str, warehouse_id: int | None, actor_id: int | None) -> ReturnOrder:
    """Note that the parcel arrived, where. Again changes nothing.

    :raises NotFound: no such return, or warehouse.
    :raises StateRefused: it was not expected, or is past that.
    """
    back = _locked(number)
    if back.state == State.RECEIVED:
        return back
    if warehouse_id is not None and not Warehouse.objects.filter(id=warehouse_id).exists():
        raise NotFound(field="warehouse")
    where = warehouse_id or back.warehouse_id
    _step(back, State.RECEIVED, actor_id, received_at=clock.now(), warehouse_id=where)
    if back.reason != ReturnOrder.Reason.DOOR:
        publisher.publish(
            events.ReturnReceived(reseller_id=back.reseller_id, order_number=back.order.order_number, number=number)
        )
    return back


@transaction.atomic
def inspect(
    *,
    number: str,
    found: Mapping[int, Found],
    fault: str,
    actor_id: int | None,
    reason: str = "",
    shipping: bool = False,
    note: str = "",
    postage_minor: int = 0,
    serials: Mapping[int, Serials] | None = None,
) -> ReturnOrder:
    """Say what became of each line's pieces (by return line id) and who answers for it; stock moves at once.

    Restocked pieces are free to sell; scrapped ones are received and written off. A parcel that never arrives is
    inspected without being received: its pieces are missing. ``postage_minor``: what the way back cost S, borne by
    whom ``who_pays.postage_by`` says. ``serials``: by return line id, of pieces that have numbers. The same again
    changes nothing.

    :raises NotFound: no such return or line.
    :raises StateRefused: it is not expected, or was inspected with another outcome.
    :raises Refused: not all pieces of a line are accounted for, nobody answers for it, or the way back cost more than
        the order; or serial numbers are missing, or others than this order was sent.
    """
    back = _locked(number)
    rows = back.lines.select_for_update(of=("self",)).select_related("line").order_by("id")
    lines = {line.id: line for line in rows}
    if back.state in (State.INSPECTED, State.CLOSED) and back.inspected_at and _same(lines, found):
        return back
    if State.INSPECTED not in TRANSITIONS[back.state]:
        raise StateRefused("return_state", _("This return is past that step."))
    _check(back, lines, found, fault, reason)
    if not 0 <= postage_minor <= back.order.captured_minor:
        raise Refused("postage", _("Between nothing and what was paid for the order."), field="postage")
    for line_id, each in sorted(found.items()):
        ReturnLine.objects.filter(id=line_id).update(**asdict(each))
        return_pieces.take_in(back, lines[line_id], each, (serials or {}).get(line_id, Serials()), actor_id)
    at_door = back.reason == ReturnOrder.Reason.DOOR
    why = reason or back.reason
    return_pieces.count(back, {id_: _settled(each, why) for id_, each in found.items()})
    _step(
        back, State.INSPECTED, actor_id, fault=fault, reason=why, note=note[:500] or back.note,
        inspected_at=clock.now(), inspector_id=actor_id, postage_minor=postage_minor,
        postage_by=return_books.postage_by(back.order, why, fault) if postage_minor else "",
    )  # fmt: skip
    if at_door:
        _settle_door(back, lines, found, fault)
    else:
        publisher.publish(_inspected(back, lines, found, shipping=shipping, note=note))
    return back


def _settled(found: Found, reason: str) -> int:
    """Give how many pieces c has no more: those that came, and those that were lost on their way to it."""
    return found.restocked + found.scrapped + (found.missing if reason == ReturnOrder.Reason.LOST else 0)


def _same(lines: Mapping[int, ReturnLine], found: Mapping[int, Found]) -> bool:
    return all(
        line_id in lines and asdict(each) == {name: getattr(lines[line_id], name) for name in asdict(each)}
        for line_id, each in found.items()
    )


def _check(
    back: ReturnOrder, lines: Mapping[int, ReturnLine], found: Mapping[int, Found], fault: str, reason: str
) -> None:
    if set(found) - set(lines):
        raise NotFound()
    if fault not in ReturnOrder.Fault.values:
        raise Refused("fault", _("Say who answers for it."), field="fault")
    if reason and (reason not in ReturnOrder.Reason.values or (reason == "door") != (back.reason == "door")):
        raise Refused("reason", _("Say why it came back."), field="reason")
    for line_id, line in lines.items():
        each = found.get(line_id, Found())
        if each.pieces != line.quantity or min(asdict(each).values()) < 0:
            message = _("Say what became of all %(n)s pieces.")
            raise Refused("pieces", message, field=f"restocked_{line_id}", n=line.quantity)


def _inspected(
    back: ReturnOrder, lines: Mapping[int, ReturnLine], found: Mapping[int, Found], *, shipping: bool, note: str
) -> events.ReturnInspected:
    return events.ReturnInspected(
        reseller_id=back.reseller_id,
        order_number=back.order.order_number,
        number=back.number,
        fault=back.fault,
        lines=[
            {"line_id": lines[id_].line.line_id, "variant_id": lines[id_].variant_id, **asdict(each)}
            for id_, each in sorted(found.items())
        ],
        shipping=shipping,
        note=note[:300],
        postage_minor=back.postage_minor,
        postage_by=back.postage_by,
    )


# --- Refused at the door ---------------------------------------------------------------------------------
def expect_refused(order: SalesOrder) -> ReturnOrder:
    """Expect the pieces of an order that was refused at the door; the money is settled. Call inside a transaction."""
    now = clock.now()
    back = ReturnOrder.objects.create(
        reseller_id=order.reseller_id, order=order, number=ids.return_number(ids.return_id()), state=State.SHIPPED,
        wish="refund", reason=ReturnOrder.Reason.DOOR, warehouse_id=_warehouse(order), created_at=now,
    )  # fmt: skip
    ReturnLine.objects.bulk_create(
        [
            ReturnLine(return_order=back, line=line, variant_id=line.variant_id, quantity=return_pieces.sent(line))
            for line in SalesLine.objects.filter(order=order).order_by("id")
            if return_pieces.sent(line)
        ]
    )
    return back


def _settle_door(back: ReturnOrder, lines: Mapping[int, ReturnLine], found: Mapping[int, Found], fault: str) -> None:
    """Close what was refused at the door: of money only the goods that can't be sold again are left to bear."""
    lost = {lines[id_].line.line_id: each.scrapped + each.missing for id_, each in found.items()}
    back.paid_out = settlement.paid_out(back.order)
    claim = return_books.refused_at_door(back, fault, lost)
    _close(back, fault, claim, outcome="nothing", exchange="")
    recovering.after(back.order, cause=back.number)


# --- Helpers; call each inside a transaction -------------------------------------------------------------
def _locked(number: str) -> ReturnOrder:
    found = ReturnOrder.objects.filter(number=number).values_list("order_id", flat=True).first()
    if found is None:
        raise NotFound()
    SalesOrder.objects.select_for_update().get(id=found)
    return ReturnOrder.objects.select_for_update(of=("self",)).select_related("order").get(number=number)


def _order(event: events.Event) -> SalesOrder:
    return SalesOrder.objects.get(reseller_id=event.reseller_id, order_number=event.order_number)


def _warehouse(order: SalesOrder) -> int:
    """Give the warehouse returns of an order go to: the one most recently sent from."""
    sent = order.fulfilments.order_by("-shipped_at", "id").values_list("warehouse_id", flat=True).first()
    return sent or Warehouse.objects.order_by("-active", "priority", "id").values_list("id", flat=True)[0]


def _step(back: ReturnOrder, state: str, actor_id: int | None, **changes: Any) -> None:
    if state not in TRANSITIONS[back.state]:
        raise StateRefused("return_state", _("This return is past that step."))
    back.state = state
    for name, value in changes.items():
        setattr(back, name, value)
    back.save(update_fields=["state", *changes])
    _note(back, actor_id, why=back.reason)


def _note(back: ReturnOrder, actor_id: int | None, **data: Any) -> None:
    OrderNote.objects.create(
        order_id=back.order_id, kind=f"return_{back.state}", actor_id=actor_id, at=clock.now(),
        data={"return": back.number, "warehouse": back.warehouse_id, **data},
    )  # fmt: skip


def _note_kept(back: ReturnOrder, lost: Mapping[tuple[int, int], int]) -> None:
    """Note what c keeps and was served for; ``lost`` is by the shop's line and variant."""
    kept: dict[int, int] = {}
    for line in back.lines.select_related("line"):
        named = (line.line.line_id, line.variant_id)
        kept[line.id] = lost.get(named, lost.get((line.line.line_id, 0), 0))
        ReturnLine.objects.filter(id=line.id).update(missing=kept[line.id])
    return_pieces.count(back, kept)


def _close(back: ReturnOrder, fault: str, claim: int, **data: Any) -> None:
    back.claim_state = ReturnOrder.Claim.OPEN if claim else ""
    back.claim_minor, back.fault = claim, fault
    back.save(update_fields=["claim_state", "claim_minor", "fault", "paid_out", "postage_by", "withheld_minor"])
    _step(back, State.CLOSED, None, closed_at=clock.now())
