"""The real thing: weigh rows again against the catalogue as it is now, locked, and write what they say."""

from __future__ import annotations

import logging

from django.db import InterfaceError, OperationalError, transaction

from supplier.models import ImportJob, ImportRow
from supplier.services import counts, published
from supplier.services.imports import rows
from supplier.services.imports.cells import Fault
from supplier.services.imports.session import Session

APPLY_ROWS = 2_000
PENDING = (ImportRow.State.OK, ImportRow.State.NEW)

log = logging.getLogger(__name__)


class _Kept(Exception):
    """The stock of one row can't be brought down: pieces are kept for orders."""

    def __init__(self, number: int, free: int) -> None:
        self.number, self.free = number, free
        super().__init__(number)


def apply(job: ImportJob, session: Session) -> bool:
    """Write the next rows; give whether there may be more. Call inside a transaction.

    A row that turns out wrong only now is marked so; the others of its chunk are not affected.
    """
    chunk = rows.pending(job, PENDING, APPLY_ROWS)
    if not chunk:
        return False
    _write(job, session, chunk, {})
    published.touch()
    job.done_rows += len(chunk)
    return True


def _write(job: ImportJob, session: Session, chunk: list[ImportRow], wrong: dict[int, Fault]) -> None:
    """Write a chunk; where the database refuses, its halves, down to the row that is to blame."""
    try:
        with transaction.atomic():
            _write_once(job, session, chunk, wrong)
    except _Kept as kept:
        _write(job, session, chunk, {**wrong, kept.number: Fault("on_hand", "stock_kept", {"free": kept.free})})
    except (OperationalError, InterfaceError):
        raise  # the database went away or broke a deadlock: the whole chunk is tried again later
    except Exception:
        if len(chunk) > 1:
            middle = len(chunk) // 2
            _write(job, session, chunk[:middle], wrong)
            _write(job, session, chunk[middle:], wrong)
            return
        log.exception("import %s: row %s could not be written", job.token, chunk[0].number)
        rows.fail(chunk[0], [Fault("", "unexpected")])
        rows.mark(chunk)


def _write_once(job: ImportJob, session: Session, chunk: list[ImportRow], wrong: dict[int, Fault]) -> None:
    scale = session.scale(chunk, lock=True)
    done = []
    for row in chunk:
        fault = wrong.get(row.number) or _repeats(session, row)
        if fault is not None:
            rows.fail(row, [fault])
            continue
        verdict = scale.weigh(row.data)
        if verdict.faults:
            rows.fail(row, verdict.faults)
            continue
        row.action, row.errors, row.before, row.after = verdict.action, [], verdict.before, verdict.after
        row.state = ImportRow.State.UNCHANGED if verdict.action == "skip" else ImportRow.State.APPLIED
        done.append((row, verdict))
    scale.book.write()
    places: dict[counts.Place, int] = {}
    of_place: dict[counts.Place, ImportRow] = {}
    for row, verdict in done:
        if verdict.variant is None:
            continue
        row.variant_id = verdict.variant.id
        if verdict.count is not None:
            place = (verdict.variant.id, verdict.count[0])
            places[place], of_place[place] = verdict.count[1], row
        if verdict.parts is not None and scale.made is not None:
            scale.made.put(verdict.variant, verdict.parts, job.created_by_id)
    rows.mark(chunk)
    if places:
        _count(job, places, of_place)


def _count(job: ImportJob, places: dict[counts.Place, int], of_place: dict[counts.Place, ImportRow]) -> None:
    """Bring stock to what the file says, last: the stock rows are locked for as short as can be."""
    try:
        changes = counts.set_on_hand(
            counted=places, reason=job.file_name[:160], cause=f"import:{job.token}", actor_id=job.created_by_id
        )
    except counts.NotFree as refusal:
        raise _Kept(of_place[refusal.place].number, refusal.free) from refusal
    moved = []
    for place, change in changes.items():
        row = of_place[place]
        said = (row.after or {})["stock"]["on_hand"]
        if row.before is not None and row.before["stock"]["on_hand"] != said - change:
            row.before["stock"]["on_hand"] = said - change  # orders took or gave pieces meanwhile
            moved.append(row)
    rows.mark(moved)


def _repeats(session: Session, row: ImportRow) -> Fault | None:
    first = session.repeated.get(row.number)
    return Fault("sku", "twice", {"first": first}) if first is not None else None
