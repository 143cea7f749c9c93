"""Count sheets: what is expected against what was counted, posted as corrections with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock, ids
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.models import Movement, Stock, StockCount, StockCountLine, Variant
from supplier.services import counts, records, stock

State = StockCount.State


@transaction.atomic
def start(*, warehouse_id: int, variant_ids: Sequence[int], blind: bool = True, actor_id: int | None) -> StockCount:
    """Make a sheet to count variants of a warehouse by.

    :raises Refused: nothing to count.
    """
    if not variant_ids:
        raise Refused("variants", _("Nothing to count here."), field="variants")
    sheet = StockCount.objects.create(
        number=ids.order_number(), warehouse_id=warehouse_id, blind=blind, actor_id=actor_id, created_at=clock.now()
    )
    StockCountLine.objects.bulk_create(
        StockCountLine(sheet=sheet, variant_id=variant) for variant in sorted(set(variant_ids))
    )
    return sheet


@transaction.atomic
def record(*, number: str, counted: Mapping[int, int | None]) -> StockCount:
    """Write down pieces by line id; None: not counted. Each is held against what is on hand at this moment,

    so that what moves between counting and posting is neither counted twice nor forgotten. A number written down
    before and sent again stays as it is.

    :raises StateRefused: the sheet is closed.
    """
    sheet = _locked(number)
    lines = [line for line in sheet.lines.order_by("variant_id") if line.id in counted]
    there = _on_hand(sheet.warehouse_id, [line.variant_id for line in lines])
    now = clock.now()
    for line in lines:
        pieces = counted[line.id]
        if pieces == line.counted:
            continue
        line.counted = pieces
        line.expected = None if pieces is None else there.get(line.variant_id, 0)
        line.counted_at = None if pieces is None else now
    StockCountLine.objects.bulk_update(lines, ["counted", "expected", "counted_at"])
    return sheet


@transaction.atomic
def post(*, number: str, reason: str, actor_id: int | None) -> StockCount:
    """Correct what is on hand by the differences found. Posted again, it stays posted.

    :raises Refused: no reason, nothing counted, or a difference takes pieces kept for orders; nothing changes.
    :raises StateRefused: the sheet was cancelled.
    """
    posted = StockCount.objects.filter(number=number, state=State.POSTED).first()
    if posted is not None:
        return posted
    if not reason.strip():
        raise Refused("reason", _("Say why, in a few words."), field="reason")
    sheet = _locked(number)
    lines = list(sheet.lines.filter(counted__isnull=False))
    if not lines:
        raise Refused("counted", _("Nothing was counted yet."), field="counted")
    changes = {(line.variant_id, sheet.warehouse_id): line.difference for line in lines if line.difference}
    if changes:
        _shift(sheet, changes, reason, actor_id)
    sheet.state, sheet.posted_at, sheet.reason = State.POSTED, clock.now(), reason.strip()[:160]
    sheet.save(update_fields=["state", "posted_at", "reason"])
    records.audit(actor_id, "count.posted", sheet.number, lines=len(lines), different=len(changes))
    return sheet


@transaction.atomic
def cancel(*, number: str) -> StockCount:
    """Throw a sheet away; nothing is corrected.

    :raises StateRefused: it was posted.
    """
    sheet = _locked(number)
    sheet.state = State.CANCELLED
    sheet.save(update_fields=["state"])
    return sheet


def _locked(number: str) -> StockCount:
    found = StockCount.objects.select_for_update(of=("self",)).filter(number=number).first()
    if found is None:
        raise NotFound()
    if found.state != State.OPEN:
        raise StateRefused(
            "count_state",
            _("This count is “%(state)s”; that step is no longer possible."),
            state=found.get_state_display(),
        )
    return found


def _on_hand(warehouse_id: int, variant_ids: Sequence[int]) -> dict[int, int]:
    rows = Stock.objects.filter(warehouse_id=warehouse_id, variant_id__in=variant_ids)
    return dict(rows.values_list("variant_id").annotate(good=Sum(F("available") + F("held"))))


def _shift(sheet: StockCount, changes: Mapping[counts.Place, int], reason: str, actor_id: int | None) -> None:
    stock.require_no_serials([place[0] for place, change in changes.items() if change > 0])
    try:
        counts.shift(
            changes=changes,
            reason=reason.strip()[:160],
            cause=f"count:{sheet.number}",
            actor_id=actor_id,
            kind=Movement.Kind.COUNT,
        )
    except counts.NotFree as short:
        sku = Variant.objects.get(id=short.place[0]).sku
        raise Refused(
            "not_free",
            _("Only %(free)s pieces of %(sku)s are free here; the others are kept for orders."),
            field="counted",
            free=short.free,
            sku=sku,
        ) from short
