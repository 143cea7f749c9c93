"""The dry run: read the file into rows, and weigh each; nothing of the catalogue is written."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from supplier.models import ImportJob, ImportRow
from supplier.services.imports import mapping, parse, rows
from supplier.services.imports.cells import Fault
from supplier.services.imports.session import Session

LOAD_ROWS = 10_000
CHECK_ROWS = 2_000


class Loader:
    """Reads the file on from where the job's rows end."""

    def __init__(self, job: ImportJob, path: Path) -> None:
        numbered = enumerate(parse.rows(path, mapping.layout(job)), start=1)
        # Row 1 holds the headings; rows up to the last one written are read again, and passed over.
        last = ImportRow.objects.filter(job=job).order_by("-number").values_list("number", flat=True).first() or 1
        self._numbered = islice(numbered, last, None)

    def load(self, job: ImportJob) -> bool:
        """Write the next rows; give whether there may be more. Call inside a transaction.

        :raises Refused: the file is broken from here on.
        """
        chunk = list(islice(self._numbered, LOAD_ROWS))
        filled = [(number, row) for number, row in chunk if any(row)]
        rows.insert(job, filled)
        job.total_rows += len(filled)
        if len(chunk) < LOAD_ROWS:
            job.mapping = {**job.mapping, "loaded": True}
            return False
        return True


def check(job: ImportJob, session: Session) -> bool:
    """Weigh the next rows; give whether there may be more. Call inside a transaction."""
    chunk = rows.pending(job, (ImportRow.State.NEW,), CHECK_ROWS)
    if not chunk:
        return False
    planned = session.planned
    scale = session.scale(chunk, lock=False)
    for code in session.codes(chunk) & planned.keys() - scale.book.products.keys():
        scale.book.products[code] = planned[code]
        scale.book.sizes[code] = 1
    for row in chunk:
        first = session.repeated.get(row.number)
        if first is not None:
            rows.fail(row, [Fault("sku", "twice", {"first": first})])
            continue
        verdict = scale.weigh(row.data)
        if verdict.faults:
            rows.fail(row, verdict.faults)
            continue
        row.action, row.errors = verdict.action, []
        row.state = ImportRow.State.UNCHANGED if verdict.action == "skip" else ImportRow.State.OK
        row.before, row.after = verdict.before, verdict.after
        row.variant_id = verdict.variant.id if verdict.variant else None
        if verdict.before.get("product", "") is None and verdict.variant is not None:
            planned[verdict.variant.product.code] = verdict.variant.product
    rows.mark(chunk)
    job.done_rows += len(chunk)
    return True
