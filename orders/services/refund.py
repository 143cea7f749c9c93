"""Grant refunds; ``sending`` sends them. A grant is the proportional reversal of the frozen split, to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from orders.models import Order, OrderEvent, OrderLine, Refund
from orders.selectors import returns
from orders.services import disputed, mail, reversal, shares
from orders.services.disputed import There
from orders.services.shares import PARTS, Share
from s2b2c.kernel import clock, events
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from s2b2c.outbox import publisher
from s2b2c.tenancy import context
from s2b2c.tenancy.models import Reseller

State = Refund.State


@transaction.atomic
def grant(
    *,
    order_number: str,
    pieces: Mapping[int, int],
    shipping: bool,
    reason: str,
    key: str,
    actor: str,
    received: Mapping[int, int] | None = None,
    parts: shares.Parts | None = None,
    stop_sending: bool = True,
    stopped: bool = False,
    note: str = "",
    withhold_minor: int = 0,
    expected_minor: int | None = None,
) -> Refund:
    """Grant a refund for pieces by line id, with or without what delivery cost. Once per ``key``.

    ``pieces`` are not sent yet, and will not be (S itself reported them missing: ``stop_sending=False``);
    ``received`` were sent, and what is still to be sent of their line is sent; so were ``parts``, pieces of bundles by
    line and variant. The books hear of it at once, the money is sent by a worker. ``stopped``: S has been told already,
    in this transaction. ``withhold_minor``: what c bears of a return's cost, taken off; of a smaller refund the least
    there is still goes back. ``expected_minor``: what was said to go back.

    :raises NotFound: no such order or line.
    :raises StateRefused: the order was never placed, or something else than was said would go back.
    :raises Refused: more pieces than are left of either kind, parts that are on their way back or were replaced, or
        nothing at all to give back; ``disputed``: c's bank took so much of the payment back that less is left.
    """
    asked = _Asked(
        pieces, received or {}, _some(parts), shipping, reason, key, actor, note, stop_sending, stopped,
        withhold_minor, expected_minor,
    )  # fmt: skip
    return _grant(order_number, asked, as_far=False)


def _some(parts: shares.Parts | None) -> shares.Parts:
    return {name: n for name, n in (parts or {}).items() if n}


@transaction.atomic
def undo(
    *,
    order_number: str,
    pieces: Mapping[int, int],
    shipping: bool,
    reason: str,
    key: str,
    actor: str,
    received: Mapping[int, int] | None = None,
    parts: shares.Parts | None = None,
    stop_sending: bool = False,
    note: str = "",
    withhold_minor: int = 0,
) -> Refund:
    """Do as :func:`grant` does for what has happened and can't be refused: S can't send pieces, they came back.

    ``parts``: pieces of bundles, by line and variant, that were sent and go back singly.

    Of what c's bank gave back already nothing is sent: the split is undone all the same, and what that frees makes
    good who bore the lost dispute. A refund of nothing is kept where all of it was given back there. While a dispute is
    open that may take the money, it waits (``disputed``).
    """
    asked = _Asked(
        pieces, received or {}, parts or {}, shipping, reason, key, actor, note, stop_sending, False, withhold_minor
    )
    return _grant(order_number, asked, as_far=True)


@dataclass(frozen=True, slots=True)
class _Asked:
    pieces: Mapping[int, int]
    received: Mapping[int, int]
    parts: shares.Parts
    shipping: bool
    reason: str
    key: str
    actor: str
    note: str
    stop_sending: bool
    stopped: bool
    withhold_minor: int
    expected_minor: int | None = None


def _grant(order_number: str, asked: _Asked, *, as_far: bool) -> Refund:
    order = Order.objects.select_for_update().filter(number=order_number).first()
    if order is None:
        raise NotFound()
    made = order.refunds.filter(key=asked.key).first()
    if made is not None:
        return made
    if order.status in (Order.Status.PENDING, Order.Status.EXPIRED) or order.paid == Order.Paid.UNPAID:
        raise StateRefused("not_placed", _("This order was not paid; there is nothing to give back."))
    if not as_far:
        _check_parts(order, asked.received, asked.parts)
    stop = asked.stop_sending and not asked.stopped
    pieces = shares.with_services(order, asked.pieces, asked.received, reseller_id=_shop().id)
    split = shares.chosen(order, pieces, asked.received, asked.parts, stop_sending=stop)
    delivery = shares.delivery_left(order) if asked.shipping else (0, 0)
    whole = sum(share.amount for share in split) + sum(delivery)
    if whole <= 0:
        raise Refused("nothing", _("Choose what to give back."), field="pieces")
    if asked.expected_minor is not None and asked.expected_minor != whole:
        raise StateRefused("changed_meanwhile", _("The order changed meanwhile. Please look at it again."))
    there = disputed.there(order, whole, min(asked.withhold_minor, whole - 1), as_far=as_far)
    refund = _write(order, split, delivery, there, asked)
    _apply(order, split, refund.amount_minor)
    _tell(order, refund, split, reversal.waived_delivery(order) if asked.shipping else 0, there)
    if asked.stop_sending:
        _close_if_nothing_is_left(order, asked.actor)
    return refund


def _check_parts(order: Order, received: Mapping[int, int], single: shares.Parts) -> None:
    """Refuse parts c has no more: refunded, on their way back, or replaced. Whole sets beside them count, too."""
    if not single:
        return
    for each in returns.left(order):
        mine = {variant_id: n for (line_id, variant_id), n in single.items() if line_id == each.line.id}
        if mine and not each.fits(received.get(each.line.id, 0), mine):
            text = _("The customer doesn't have that many parts of “%(set)s”, with the whole sets you chose.")
            raise Refused("pieces", text, field=f"part_{each.line.id}_{next(iter(mine))}", set=each.line.title)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What would go back: of each part, of delivery with its tax, and altogether. Minor units."""

    parts: dict[str, int]
    delivery_minor: int
    amount_minor: int


@transaction.atomic
def weigh(
    *,
    order_number: str,
    pieces: Mapping[int, int],
    shipping: bool,
    received: Mapping[int, int] | None = None,
    parts: shares.Parts | None = None,
) -> Weighed:
    """Say what a grant would give back; nothing is written.

    :raises NotFound: no such order or line. :raises Refused: more pieces than are left of either kind.
    """
    order = Order.objects.filter(number=order_number).first()
    if order is None:
        raise NotFound()
    _check_parts(order, received or {}, _some(parts))
    pieces = shares.with_services(order, pieces, received or {}, reseller_id=_shop().id)
    split = shares.chosen(order, pieces, received or {}, _some(parts), stop_sending=True)
    delivery = sum(shares.delivery_left(order)) if shipping else 0
    sums = {part: sum(getattr(share, part) for share in split) for part in PARTS}
    return Weighed(sums, delivery, sum(share.amount for share in split) + delivery)


def unsent_first(*, order_number: str, pieces: Mapping[int, int]) -> tuple[dict[int, int], dict[int, int]]:
    """Divide pieces by line id into those not sent yet, which come first, and those received: for who can't ask.

    Call inside a transaction.
    """
    unsent = {
        line.id: min(pieces[line.id], line.unsent)
        for line in OrderLine.objects.filter(order__number=order_number, id__in=pieces)
    }
    return unsent, {line_id: quantity - unsent.get(line_id, 0) for line_id, quantity in pieces.items()}


def _write(order: Order, split: list[Share], delivery: tuple[int, int], there: There, asked: _Asked) -> Refund:
    # cash that came goes back by bank transfer: S's finance says when
    cash = order.method == Order.Method.COD and order.paid in (Order.Paid.PAID, Order.Paid.PART_REFUNDED)
    goes = bool(there.amount_minor) and (order.method == Order.Method.CARD or cash)
    now = clock.now()
    return Refund.objects.create(
        order=order,
        key=asked.key,
        state=(State.HELD if there.waits else State.REQUESTED) if goes else State.DONE,
        amount_minor=there.amount_minor,
        way_back_minor=there.way_back_minor,
        shipping_minor=delivery[0],
        shipping_tax_minor=delivery[1],
        lines=[_row(share) for share in split],
        reason=asked.reason,
        note=asked.note[:200],
        actor=asked.actor,
        created_at=now,
        done_at=None if goes else now,
    )


def _row(share: Share) -> dict[str, Any]:
    row = {"line": share.line.id, "quantity": share.quantity, **{part: getattr(share, part) for part in PARTS}}
    single = {"parts": {str(id_): n for id_, n in share.parts.items()}, "aside": share.aside} if share.parts else {}
    return row | single


def _apply(order: Order, split: list[Share], amount: int) -> None:
    for share in split:
        changes: dict[str, Any] = {"refunded": F("refunded") + share.quantity}
        if share.received and share.line.service is None:
            changes["returned"] = Coalesce(F("returned"), 0) + share.received
        if share.content is not None:
            changes |= {"parts": share.content.as_json(), "apart": share.content.apart or None}
        OrderLine.objects.filter(id=share.line.id).update(**changes)
    if not amount:  # c has it from its bank
        return
    order.refunded_minor += amount
    everything = order.refunded_minor == order.total_minor
    if order.paid == Order.Paid.DUE:  # nothing was paid yet: there is less to pay, or nothing
        order.paid = Order.Paid.UNPAID if everything else Order.Paid.DUE
    else:
        order.paid = Order.Paid.REFUNDED if everything else Order.Paid.PART_REFUNDED
    order.save(update_fields=["refunded_minor", "paid"])


def _close_if_nothing_is_left(order: Order, actor: str) -> None:
    """End an order all of whose unsent pieces were refunded: S stops sending them."""
    lines = list(order.lines.all())
    if any(line.unsent for line in lines):
        return
    if order.status == Order.Status.PART_SHIPPED:
        order.status = Order.Status.SHIPPED
    elif order.status in (Order.Status.PLACED, Order.Status.PROCESSING) and not any(line.shipped for line in lines):
        order.status, order.closed_at = Order.Status.CANCELLED, clock.now()
        data = {"reason": "refunded"}
        OrderEvent.objects.create(order=order, kind="cancelled", at=order.closed_at, actor=actor, data=data)
    order.save(update_fields=["status", "closed_at"])


def _shop() -> Reseller:
    reseller = context.current()
    assert reseller is not None
    return reseller


def _tell(order: Order, refund: Refund, split: list[Share], waived: int, there: There) -> None:
    was_paid = order.paid not in (Order.Paid.DUE, Order.Paid.UNPAID)
    amount = refund.amount_minor
    kind = ("refund_granted" if was_paid else "due_reduced") if amount else "undone"
    OrderEvent.objects.create(
        order=order,
        kind="refund_held" if there.waits else kind,
        public=bool(amount) and not there.waits,
        at=refund.created_at,
        actor=refund.actor,
        data={"amount": amount, "reason": refund.reason} if amount else {"reason": refund.reason},
    )
    publisher.publish(_made(order, refund, split, waived, there.bearer))
    if order.method == Order.Method.CARD and amount and not there.waits:
        publisher.publish(
            events.RefundRequested(reseller_id=_shop().id, order_number=order.number, refund_id=refund.id)
        )
    if was_paid and amount and not there.waits:
        publisher.publish(*mail.requests(order, "refunded", reseller_id=_shop().id, amount_minor=amount))


def _made(order: Order, refund: Refund, split: list[Share], waived: int, bearer: str) -> events.RefundMade:
    return events.RefundMade(
        reseller_id=_shop().id,
        order_number=order.number,
        refund_id=refund.id,
        refund_key=refund.key,
        currency=order.currency,
        amount_minor=refund.amount_minor,
        shipping_minor=refund.shipping_minor,
        shipping_tax_minor=refund.shipping_tax_minor,
        lines=[_refunded_line([each for each in split if each.line.id == id_]) for id_ in _line_ids(split)],
        services=[_refunded_service(share) for share in split if share.line.service is not None],
        reason=refund.reason,
        method=order.method,
        fee_tax_minor=reversal.fee_tax(order, sum(share.fee for share in split)),
        shipping_funded_minor=waived,
        shipping_funder=order.terms.get("shipping_funder", ""),
        withheld_minor=shares.withheld(refund),
        withheld_by=bearer,
        way_back_minor=refund.way_back_minor or 0,
    )


def _refunded_service(share: Share) -> events.RefundedService:
    return events.RefundedService(
        line_id=share.line.id,
        cost_minor=share.wholesale,
        margin_minor=share.margin,
        fee_minor=share.fee,
        tax_minor=share.tax,
    )


def _line_ids(split: list[Share]) -> list[int]:
    """Give the lines of goods, in order."""
    return list(dict.fromkeys(share.line.id for share in split if share.line.service is None))


def _refunded_line(of_line: list[Share]) -> events.RefundedLine:
    """Say what goes back of a line: whole pieces, and parts of bundles, in one."""
    line = of_line[0].line
    single = [(share, variant_id, n) for share in of_line for variant_id, n in share.parts.items()]
    return events.RefundedLine(
        line_id=line.id,
        variant_id=line.variant_id,
        quantity=sum(share.quantity for share in of_line),
        wholesale_minor=sum(share.wholesale for share in of_line),
        margin_minor=sum(share.margin for share in of_line),
        fee_minor=sum(share.fee for share in of_line),
        tax_minor=sum(share.tax for share in of_line),
        stop=sum(share.stop for share in of_line),
        received=sum(share.received for share in of_line),
        funded_minor=sum(share.funded for share in of_line),
        parts=[{"variant_id": variant_id, "quantity": n} for _share, variant_id, n in single],
        parts_minor=sum(share.wholesale for share in of_line if share.parts),
        parts_gone=sum(share.quantity for share in of_line if share.parts),
    )
