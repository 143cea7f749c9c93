"""Which lots pieces are taken of: told at the shelf, or chosen there – what expires first goes first – and sent.

A variant without lots pays one statement a batch of parcels and nothing else. Nothing of a lot that is not free leaves:
the database refuses it, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Sum
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock
from s2b2c.kernel.bulk import Insert
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.models import FulfilmentLine, Lot, LotMovement, LotPick
from supplier.selectors import lots

_MOVES = Insert(LotMovement, "lot_id", "warehouse_id", "quantity", "kind", "cause", "actor_id", "at")
_SENT = Insert(
    LotPick,
    "line_id",
    "lot_id",
    "quantity",
    "shipment_id",
    "order_id",
    "reseller_id",
    "order_number",
    "parcel",
    "sent_at",
)


def record(*, line: FulfilmentLine, warehouse_id: int, picked: int, lot_id: int | None = None) -> None:
    """Note of which lots the pieces in the tote are, so that they are ``picked`` in all, sent ones among them.

    Call inside a transaction that locked the line. With ``lot_id`` those that are new are of that lot. Where a variant
    has no lots, or none that is free, nothing is noted.

    :raises Refused: the lot is not free, not here, or has not as many pieces; or each piece has a number and none is told.
    """
    rows = list(LotPick.objects.filter(line=line, shipment=None).order_by("-id"))
    change = picked - line.shipped - sum(row.quantity for row in rows)
    for row in rows:
        if change < 0:
            back = min(-change, row.quantity)
            _shrink(row, back)
            change += back
    if change > 0:
        if lot_id is None and lots.numbered([line.variant_id]):
            raise Refused("serial_needed", _("Each piece of it has a serial number: scan that."), field="code")
        _note(line, warehouse_id, min(change, picked - line.picked) if lot_id else change, lot_id)


def keep_to(line_id: int) -> None:
    """Forget lots of a line beyond the pieces its tote has yet; where each has a number, all: it is told anew.

    Nobody knows which of the pieces is the one that goes. Call inside a transaction that locked the line.
    """
    rows = list(LotPick.objects.filter(line=line_id, shipment=None).order_by("-id"))
    line = FulfilmentLine.objects.get(pk=line_id)
    beyond = sum(row.quantity for row in rows) - (line.picked - line.shipped)
    if beyond > 0 and any(row.serial for row in rows):
        drop([line_id])
        FulfilmentLine.objects.filter(pk=line_id).update(picked=F("shipped"))
        return
    for row in rows if beyond > 0 else ():
        back = min(beyond, row.quantity)
        if back:
            _shrink(row, back)
            beyond -= back


def _shrink(row: LotPick, quantity: int) -> None:
    if quantity == row.quantity:
        row.delete()
    else:
        LotPick.objects.filter(pk=row.pk).update(quantity=F("quantity") - quantity)


def _note(line: FulfilmentLine, warehouse_id: int, quantity: int, lot_id: int | None) -> None:
    there = lots.pickable(line.variant_id, warehouse_id)
    if lot_id is not None:
        there = [each for each in there if each.lot.pk == lot_id]
        if not there:
            raise _not_free(lot_id)
        if there[0].free < quantity:
            text = _("Only %(n)s pieces of lot %(lot)s are here.")
            raise Refused("lot", text, field="code", n=there[0].free, lot=there[0].lot.code)
    for each in there:
        take = min(quantity, each.free)
        if take:
            LotPick.objects.create(line=line, lot_id=each.lot.pk, quantity=take)
            quantity -= take


def _not_free(lot_id: int) -> Exception:
    lot = Lot.objects.filter(pk=lot_id).first()
    if lot is None:
        return NotFound()
    if lot.state == Lot.State.FREE and lot.serial:
        text = _("Serial number %(lot)s is not here, or lies in a tote already.")
        return Refused("lot", text, field="code", lot=lot.code)
    if lot.state == Lot.State.FREE:
        return Refused("lot", _("Nothing of lot %(lot)s is here."), field="code", lot=lot.code)
    return _held(lot.code, lot.held_reason)


def _held(code: str, reason: str) -> StateRefused:
    text = _("Lot %(lot)s can't be sent: it is held, or waits for its inspection. Put it aside. %(reason)s")
    return StateRefused("lot_held", text, lot=code, reason=gettext(reason) if reason else "")


# --- Sent ------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Sent:
    """Pieces of a line that leave in a parcel from a warehouse."""

    shipment_id: int
    number: str
    order_id: int
    order_number: str
    reseller_id: int
    warehouse_id: int
    line_id: int
    variant_id: int
    quantity: int


@dataclass(slots=True)
class _Place:
    """A lot in a warehouse, locked; ``left``: pieces of it nobody has taken yet."""

    lot_id: int
    code: str
    state: str
    reason: str
    variant_id: int
    warehouse_id: int
    left: int


_LOCK = """
    SELECT l.id, l.code, l.state, l.held_reason, l.variant_id, s.warehouse_id, s.pieces, l.expires_on
    FROM unnest(%s::bigint[], %s::bigint[]) AS p(variant_id, warehouse_id)
    JOIN supplier_lot l ON l.variant_id = p.variant_id
    JOIN supplier_lotstock s ON s.lot_id = l.id AND s.warehouse_id = p.warehouse_id AND s.pieces > 0
    ORDER BY l.id FOR NO KEY UPDATE OF s FOR SHARE OF l
"""
# What is there that is of no lot: read after the parcels have left.
_ELSE = """
    SELECT variant_id, warehouse_id, sum(available + held + damaged + quarantined) FROM supplier_stock
    WHERE (variant_id, warehouse_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[])) GROUP BY 1, 2
"""


def send(pieces: Sequence[Sent], *, actor_id: int | None) -> None:
    """Write of which lots pieces leave: those noted in the tote, else what expires first.

    Call inside a transaction, after their stock left.

    :raises StateRefused: they can only be of a lot that is not free.
    :raises Refused: their pieces have serial numbers, and not each is told.
    """
    require_serials([(each.line_id, each.variant_id, each.quantity) for each in pieces])
    places = _locked({(each.variant_id, each.warehouse_id) for each in pieces})
    if not places:
        return
    lotted = {(place.variant_id, place.warehouse_id) for place in places}
    leaving = [each for each in pieces if (each.variant_id, each.warehouse_id) in lotted]
    picks = _open_picks(leaving)
    other = _of_no_lot(places, leaving)
    _reserve(places, leaving)
    made: list[tuple[int, int, int, int]] = []
    for each in leaving:
        made += _choose(each, places, picks[each.line_id], other)
    _write(made, leaving, actor_id)


def require_serials(pieces: Iterable[tuple[int, int, int]]) -> None:
    """Check that the number of each piece is told: line, variant and how many pieces. Call inside a transaction.

    :raises Refused: a number is missing, named by SKU.
    """
    asked = list(pieces)
    numbered = lots.numbered({variant_id for _line, variant_id, _n in asked})
    lines = [line_id for line_id, variant_id, _n in asked if variant_id in numbered]
    if not lines:
        return
    told = dict(
        LotPick.objects.filter(line__in=lines, shipment=None, serial=True)
        .values_list("line_id")
        .annotate(n=Sum("quantity"))
    )
    for line_id, variant_id, quantity in asked:
        if variant_id in numbered and told.get(line_id, 0) < quantity:
            sku = FulfilmentLine.objects.values_list("variant__sku", flat=True).get(pk=line_id)
            text = _("%(sku)s: scan the serial number of each piece while picking; %(told)s of %(n)s are told.")
            raise Refused("serials_missing", text, field="pieces", sku=sku, told=told.get(line_id, 0), n=quantity)


def _locked(places: set[tuple[int, int]]) -> list[_Place]:
    """Lock the lots with pieces at these places; those that expire first come first, within a place."""
    asked = sorted(places)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [[place[0] for place in asked], [place[1] for place in asked]])
        rows = cursor.fetchall()
    rows.sort(key=lambda row: (row[7] is None, row[7] or 0, row[0]))
    return [_Place(*row[:7]) for row in rows]


def _open_picks(pieces: Sequence[Sent]) -> dict[int, list[LotPick]]:
    rows: dict[int, list[LotPick]] = defaultdict(list)
    for pick in LotPick.objects.filter(line__in=[each.line_id for each in pieces], shipment=None).order_by("id"):
        rows[pick.line_id].append(pick)
    return rows


def _of_no_lot(places: list[_Place], pieces: Sequence[Sent]) -> dict[tuple[int, int], int]:
    """Count the pieces at each place, with those leaving, that are of no lot."""
    asked = sorted({(place.variant_id, place.warehouse_id) for place in places})
    with connection.cursor() as cursor:
        cursor.execute(_ELSE, [[place[0] for place in asked], [place[1] for place in asked]])
        there: dict[tuple[int, int], int] = defaultdict(int, {(row[0], row[1]): row[2] for row in cursor.fetchall()})
    for each in pieces:
        there[each.variant_id, each.warehouse_id] += each.quantity
    for place in places:
        there[place.variant_id, place.warehouse_id] -= place.left
    return there


def _reserve(places: list[_Place], pieces: Sequence[Sent]) -> None:
    """Take off what lies in totes of other orders."""
    rows = LotPick.objects.filter(lot__in=[place.lot_id for place in places], shipment=None)
    rows = rows.filter(line__fulfilment__state__in=lots.OPEN).exclude(line__in=[each.line_id for each in pieces])
    totes = rows.values_list("lot_id", "line__fulfilment__warehouse_id").annotate(n=Sum("quantity"))
    kept = {(lot_id, warehouse_id): n for lot_id, warehouse_id, n in totes}
    for place in places:
        place.left -= kept.get((place.lot_id, place.warehouse_id), 0)


def _choose(
    piece: Sent, places: list[_Place], picks: list[LotPick], other: dict[tuple[int, int], int]
) -> list[tuple[int, int, int, int]]:
    """Give line, lot, quantity and shipment for a piece; what was in the tote is used up."""
    here = [p for p in places if (p.variant_id, p.warehouse_id) == (piece.variant_id, piece.warehouse_id)]
    made, left = _noted(piece, here, picks)
    for place in here:
        take = min(left, place.left) if place.state == Lot.State.FREE else 0
        if take > 0:
            made.append((piece.line_id, place.lot_id, take, piece.shipment_id))
            place.left -= take
            left -= take
    at = piece.variant_id, piece.warehouse_id
    unknown = min(left, max(0, other[at]))
    other[at] -= unknown
    if left > unknown:
        bad = next((place for place in here if place.state != Lot.State.FREE), here[0])
        raise _held(bad.code, bad.reason)
    return made


def _noted(piece: Sent, here: list[_Place], picks: list[LotPick]) -> tuple[list[tuple[int, int, int, int]], int]:
    made, left = [], piece.quantity
    by_lot = {place.lot_id: place for place in here}
    for pick in picks:
        take = min(left, pick.quantity)
        place = by_lot.get(pick.lot_id)
        if not take or place is None:
            continue
        if place.state != Lot.State.FREE:
            raise _held(place.code, place.reason)
        _shrink(pick, take)
        made.append((piece.line_id, pick.lot_id, take, piece.shipment_id))
        place.left -= take
        left -= take
    return made, left


def _write(made: list[tuple[int, int, int, int]], pieces: Sequence[Sent], actor_id: int | None) -> None:
    if not made:
        return
    parcels = {each.shipment_id: each for each in pieces}
    at = clock.now()
    _SENT.rows([(*row, *_named(parcels[row[3]]), at) for row in made])
    sums: dict[tuple[int, int], int] = defaultdict(int)
    for _line, lot_id, quantity, shipment_id in made:
        sums[shipment_id, lot_id] += quantity
    _MOVES.rows(
        [
            (lot_id, parcels[id_].warehouse_id, -quantity, LotMovement.Kind.SHIPMENT, f"shipment:{parcels[id_].number}",
             actor_id, at)
            for (id_, lot_id), quantity in sorted(sums.items(), key=lambda each: (each[0][1], each[0][0]))
        ]
    )  # fmt: skip


def _named(piece: Sent) -> tuple[int, int, str, str]:
    return piece.order_id, piece.reseller_id, piece.order_number, piece.number


def drop(line_ids: Sequence[int]) -> None:
    """Forget what was noted in totes of these lines: they are put back. Call inside a transaction."""
    LotPick.objects.filter(line__in=line_ids, shipment=None).delete()
