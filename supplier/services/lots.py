"""Lots: received with a code, held and freed in all shops at once, thrown away. See docs/adr on quality.

Stock rows are locked before lots, as everywhere: whoever ships a lot, or holds it, meets the other there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import F, Min, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.models import Lot, LotMovement, LotPick, LotStock, Stock
from supplier.selectors import lots
from supplier.services import records
from supplier.services.stock import buckets, lotted, quarantine

State = Lot.State
_TRANSITIONS: dict[str, set[str]] = {
    State.CHECKING: {State.FREE, State.HELD},
    State.FREE: {State.HELD},
    State.HELD: {State.FREE, State.RECALLED},
    State.RECALLED: set(),
}


def enter(
    *,
    variant_id: int,
    code: str,
    expires_on: date | None = None,
    made_on: date | None = None,
    source: str = "",
    checking: bool = False,
    serial: bool = False,
) -> Lot:
    """Give the lot of this code, made if there is none. Call inside a transaction, before its pieces come.

    ``checking``: a new one waits for its inspection. More pieces of a lot that is held are held, too.

    :raises Refused: no code, one that is too long, or a lot of this code with another day, or a serial number twice.
    """
    code = records.text(code, "lot", 40, required=True).upper()
    state = State.CHECKING if checking else State.FREE
    facts = {"expires_on": expires_on, "made_on": made_on, "source": source, "serial": serial, "state": state}
    found, made = Lot.objects.get_or_create(
        variant_id=variant_id, code=code, defaults={**facts, "received_at": clock.now()}
    )
    if not made and (serial or found.serial):
        raise Refused("serial_twice", _("Serial number %(lot)s was received before."), field="lot", lot=code)
    if not made and expires_on is not None and found.expires_on not in (None, expires_on):
        text = _("Lot %(lot)s is known with another day of expiry: %(day)s.")
        raise Refused("lot_day", text, field="lot", lot=code, day=found.expires_on)
    return found


def put(*, lot: Lot, warehouse_id: int, quantity: int, cause: str, actor_id: int | None, aside: bool) -> None:
    """Write that pieces just received are this lot's. Call inside a transaction, after ``stock.receive``.

    ``aside``: they were received into quarantine.
    """
    lotted.add(lot.pk, warehouse_id, quantity, LotMovement.Kind.RECEIPT, cause, actor_id)
    if aside:
        LotStock.objects.filter(lot=lot, warehouse_id=warehouse_id).update(aside=F("aside") + quantity)


@transaction.atomic
def hold(*, lot_id: int, reason: str, actor_id: int | None) -> Lot:
    """Hold a lot in all warehouses, and so in all shops, at once: its free pieces leave what can be sold.

    Pieces of it kept for orders can't be picked or sent; as soon as they are given up they go into quarantine, too.
    Held again it stays held.

    :raises Refused: no reason. :raises StateRefused: it is recalled.
    """
    if not reason.strip():
        raise Refused("reason", _("Say why, in a few words."), field="reason")
    lot = _locked(lot_id)
    if lot.state == State.HELD:
        return lot
    _step(lot, State.HELD)
    lot.held_reason, lot.held_at = reason.strip()[:160], clock.now()
    lot.save(update_fields=["state", "held_reason", "held_at"])
    taken = _set_aside(lot, actor_id)
    records.audit(actor_id, "lot.held", lot.code, lot=lot.pk, reason=lot.held_reason, pieces=taken)
    return lot


@transaction.atomic
def free(*, lot_id: int, reason: str, actor_id: int | None) -> Lot:
    """Free a lot that was held or inspected: its pieces can be sold again, orders that wait first.

    :raises Refused: no reason. :raises StateRefused: it is recalled.
    """
    if not reason.strip():
        raise Refused("reason", _("Say why, in a few words."), field="reason")
    lot = _locked(lot_id)
    if lot.state == State.FREE:
        return lot
    _step(lot, State.FREE)
    lot.held_reason, lot.held_at = "", None
    lot.save(update_fields=["state", "held_reason", "held_at"])
    let_out = _let_out(lot, reason.strip()[:160], actor_id)
    records.audit(actor_id, "lot.freed", lot.code, lot=lot.pk, reason=reason.strip()[:160], pieces=let_out)
    return lot


@transaction.atomic
def recall(*, lot_id: int, actor_id: int | None) -> Lot:
    """Withdraw a held lot for good: it is never free again.

    :raises StateRefused: it is not held.
    """
    lot = _locked(lot_id)
    if lot.state == State.RECALLED:
        return lot
    _step(lot, State.RECALLED)
    lot.save(update_fields=["state"])
    records.audit(actor_id, "lot.recalled", lot.code, lot=lot.pk)
    return lot


@transaction.atomic
def scrap(*, lot_id: int, warehouse_id: int, reason: str, actor_id: int | None) -> int:
    """Throw away what lies in quarantine of a held or recalled lot in a warehouse; give how many pieces.

    :raises Refused: no reason, or nothing lies there.
    """
    if not reason.strip():
        raise Refused("reason", _("Say why, in a few words."), field="reason")
    lot = _locked(lot_id)
    place = LotStock.objects.select_for_update().filter(lot=lot, warehouse_id=warehouse_id).first()
    if place is None or not place.aside or lot.state not in (State.HELD, State.RECALLED):
        raise Refused("nothing", _("Nothing of it lies in quarantine here."))
    pieces, cause = place.aside, f"lot:{lot.pk}"
    quarantine.scrap(
        variant_id=lot.variant_id, warehouse_id=warehouse_id, quantity=pieces, reason=reason.strip()[:160],
        cause=cause, actor_id=actor_id,
    )  # fmt: skip
    LotStock.objects.filter(pk=place.pk).update(aside=0)
    lotted.add(lot.pk, warehouse_id, -pieces, LotMovement.Kind.SCRAP, cause, actor_id)
    records.audit(actor_id, "lot.scrapped", lot.code, lot=lot.pk, pieces=pieces, reason=reason.strip()[:160])
    return pieces


def tend() -> int:
    """Hold what expired, and set aside what orders gave up of lots that are not free. May run at any time, or twice.

    Give how many pieces went aside.
    """
    LotPick.objects.filter(shipment=None).exclude(line__fulfilment__state__in=lots.OPEN).delete()
    expired = Lot.objects.filter(state=State.FREE, expires_on__lt=clock.now().date()).values_list("id", flat=True)
    for lot_id in list(expired):
        hold(lot_id=lot_id, reason=gettext_noop("Expired"), actor_id=None)
    loose = LotStock.objects.filter(~Q(lot__state=State.FREE), pieces__gt=F("aside")).values_list("lot_id", flat=True)
    return sum(_settle(lot_id) for lot_id in sorted(set(loose)))


def settle(*, variant_ids: Iterable[int]) -> int:
    """Set aside at once what is free of held lots of variants, where orders just gave it up. Call inside a transaction.

    Give how many pieces went aside.
    """
    loose = LotStock.objects.filter(~Q(lot__state=State.FREE), lot__variant__in=list(variant_ids))
    lot_ids = loose.filter(pieces__gt=F("aside")).values_list("lot_id", flat=True)
    return sum(_settle(lot_id) for lot_id in sorted(set(lot_ids)))


@transaction.atomic
def _settle(lot_id: int) -> int:
    lot = _locked(lot_id)
    return _set_aside(lot, None) if lot.state != State.FREE else 0


def come_back(
    *, order_id: int, variant_id: int, warehouse_id: int, quantity: int, cause: str, actor_id: int | None
) -> None:
    """Let pieces that came back into free stock be of the lots their order was sent: of held ones first.

    Call inside a transaction, after the stock rows were changed.
    """
    sent = LotPick.objects.filter(
        line__fulfilment__order_id=order_id, line__variant_id=variant_id, shipment__isnull=False
    ).select_related("lot")
    for pick in sorted(sent, key=lambda each: (each.lot.state == State.FREE, each.pk)):
        take = min(quantity, pick.quantity)
        if take:
            lotted.come_in(pick.lot, warehouse_id, take, LotMovement.Kind.RETURN, cause, actor_id)
            quantity -= take


def _locked(lot_id: int) -> Lot:
    """Lock the stock of a lot's places, each in the order of its first row, and then the lot."""
    found = Lot.objects.filter(pk=lot_id).first()
    if found is None:
        raise NotFound()
    places = LotStock.objects.filter(lot=found).values("warehouse_id")
    rows = Stock.objects.filter(variant_id=found.variant_id, warehouse_id__in=places)
    for place in rows.values("warehouse_id").annotate(first=Min("id")).order_by("first"):
        buckets.locked(found.variant_id, place["warehouse_id"])
    return Lot.objects.select_for_update(no_key=True).get(pk=lot_id)


def _step(lot: Lot, state: str) -> None:
    if state not in _TRANSITIONS[lot.state]:
        raise StateRefused(
            "lot_state",
            _("Lot %(lot)s is “%(state)s”; that step is not possible."),
            lot=lot.code,
            state=lot.get_state_display(),
        )
    lot.state = state


def _set_aside(lot: Lot, actor_id: int | None) -> int:
    """Take what is free of a locked lot out of what can be sold; give how many pieces."""
    taken = 0
    for place in LotStock.objects.select_for_update().filter(lot=lot, pieces__gt=F("aside")).order_by("id"):
        pieces = quarantine.take(
            variant_id=lot.variant_id, warehouse_id=place.warehouse_id, most=place.pieces - place.aside,
            reason=lot.held_reason, cause=f"lot:{lot.pk}", actor_id=actor_id,
        )  # fmt: skip
        LotStock.objects.filter(pk=place.pk).update(aside=F("aside") + pieces)
        taken += pieces
    return taken


def _let_out(lot: Lot, reason: str, actor_id: int | None) -> int:
    pieces = 0
    for place in LotStock.objects.select_for_update().filter(lot=lot, aside__gt=0).order_by("id"):
        LotStock.objects.filter(pk=place.pk).update(aside=0)
        quarantine.let_out(
            variant_id=lot.variant_id, warehouse_id=place.warehouse_id, quantity=place.aside, reason=reason,
            cause=f"lot:{lot.pk}", actor_id=actor_id,
        )  # fmt: skip
        pieces += place.aside
    return pieces
