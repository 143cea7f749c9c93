"""Transfers between warehouses: draft, sent (in transit), received. What does not arrive is written off as lost."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock, ids
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.models import Movement, StockTransfer, StockTransferLine, Variant
from supplier.services import counts, records

State = StockTransfer.State


@transaction.atomic
def draft(
    *, source_id: int, target_id: int, pieces: Mapping[int, int], note: str = "", actor_id: int | None
) -> StockTransfer:
    """Plan to send pieces (by variant id) from one warehouse to another. Nothing moves yet.

    :raises Refused: the same warehouse twice, or no pieces.
    """
    if source_id == target_id:
        raise Refused("target", _("Choose another warehouse to send to."), field="target")
    if not pieces or min(pieces.values()) < 1:
        raise Refused("pieces", _("Name at least one piece."), field="pieces")
    made = StockTransfer.objects.create(
        number=ids.order_number(),
        source_id=source_id,
        target_id=target_id,
        note=note.strip()[:160],
        actor_id=actor_id,
        created_at=clock.now(),
    )
    StockTransferLine.objects.bulk_create(
        StockTransferLine(transfer=made, variant_id=variant, quantity=quantity)
        for variant, quantity in sorted(pieces.items())
    )
    return made


@transaction.atomic
def send(*, number: str, actor_id: int | None) -> StockTransfer:
    """Let a draft's pieces leave: they are in transit, in no warehouse. Sent again, it stays sent.

    :raises Refused: something is not free at the source; nothing moves.
    :raises StateRefused: it was cancelled or has arrived.
    """
    transfer = _locked(number)
    if transfer.state == State.SENT:
        return transfer
    _require(transfer, State.DRAFT)
    lines = list(transfer.lines.order_by("variant_id"))
    _shift(transfer, {(line.variant_id, transfer.source_id): -line.quantity for line in lines}, actor_id)
    transfer.state, transfer.sent_at = State.SENT, clock.now()
    transfer.save(update_fields=["state", "sent_at"])
    records.audit(actor_id, "transfer.sent", transfer.number)
    return transfer


@transaction.atomic
def receive(
    *, number: str, actor_id: int | None, received: Mapping[int, int] | None = None, shortage: str = ""
) -> StockTransfer:
    """Put what arrived (pieces by line id; all without it) into the target. What is missing counts as lost.

    Received again, it stays received.

    :raises Refused: more than was sent, or pieces are missing and ``shortage`` does not say why.
    :raises StateRefused: it is not in transit.
    """
    transfer = _locked(number)
    if transfer.state == State.RECEIVED:
        return transfer
    _require(transfer, State.SENT)
    lines = list(transfer.lines.order_by("variant_id"))
    for line in lines:
        line.received = line.quantity if received is None else received.get(line.id, 0)
        if not 0 <= line.received <= line.quantity:
            raise Refused("received", _("Between 0 and the pieces that were sent."), field="received")
        line.lost = line.quantity - line.received
    if any(line.lost for line in lines) and not shortage.strip():
        raise Refused("shortage", _("Pieces are missing: say why, in a few words."), field="shortage")
    StockTransferLine.objects.bulk_update(lines, ["received", "lost"])
    arrived = {(line.variant_id, transfer.target_id): line.received for line in lines if line.received}
    if arrived:
        _shift(transfer, arrived, actor_id)
    transfer.state, transfer.received_at, transfer.shortage = State.RECEIVED, clock.now(), shortage.strip()[:160]
    transfer.save(update_fields=["state", "received_at", "shortage"])
    records.audit(actor_id, "transfer.received", transfer.number, lost=sum(line.lost for line in lines))
    return transfer


@transaction.atomic
def cancel(*, number: str, actor_id: int | None) -> StockTransfer:
    """Drop a draft.

    :raises StateRefused: its pieces have left already.
    """
    transfer = _locked(number)
    if transfer.state != State.CANCELLED:
        _require(transfer, State.DRAFT)
        transfer.state = State.CANCELLED
        transfer.save(update_fields=["state"])
    return transfer


def _locked(number: str) -> StockTransfer:
    found = StockTransfer.objects.select_for_update(of=("self",)).filter(number=number).first()
    if found is None:
        raise NotFound()
    return found


def _require(transfer: StockTransfer, state: str) -> None:
    if transfer.state != state:
        raise StateRefused(
            "transfer_state",
            _("This transfer is “%(state)s”; that step is no longer possible."),
            state=transfer.get_state_display(),
        )


def _shift(transfer: StockTransfer, changes: Mapping[counts.Place, int], actor_id: int | None) -> None:
    try:
        counts.shift(
            changes=changes,
            reason=transfer.note,
            cause=f"transfer:{transfer.number}",
            actor_id=actor_id,
            kind=Movement.Kind.TRANSFER,
        )
    except counts.NotFree as short:
        sku = Variant.objects.get(id=short.place[0]).sku
        raise Refused(
            "not_free",
            _("Only %(free)s pieces of %(sku)s are free here; the others are kept for orders."),
            field="pieces",
            free=short.free,
            sku=sku,
        ) from short
