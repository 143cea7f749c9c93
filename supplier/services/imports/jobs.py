"""The steps a person takes with an import: upload, map, check, correct, apply, retry, revert, discard."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path

from celery import current_app
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import ids
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.models import ImportJob, ImportRow
from supplier.services import records
from supplier.services.imports import files, mapping, parse
from supplier.services.imports.mapping import Choices

log = logging.getLogger(__name__)
_S = ImportJob.State
_SAMPLES = 20


def upload(*, file_name: str, chunks: Iterable[bytes], actor_id: int | None = None) -> ImportJob:
    """Keep a file, look at its first rows and guess what its columns mean.

    :raises Refused: empty, too large, no table, or no headings.
    """
    token = ids.token()
    place = files.keep(token, chunks)
    try:
        layout = parse.examine(place)
        columns = _columns(place, layout)
        with transaction.atomic():
            job = ImportJob.objects.create(
                token=token,
                file_name=records.text(file_name, "file", 160) or "import",
                file_path=place.name,
                columns=columns,
                mapping=mapping.initial(layout, [column["name"] for column in columns]),
                created_by_id=actor_id,
            )
            records.audit(actor_id, "import.uploaded", f"import:{token}", file=job.file_name)
            return job
    except BaseException:
        place.unlink(missing_ok=True)
        raise


def _columns(place: Path, layout: parse.Layout) -> list[dict[str, str]]:
    """Give each column's heading and its first value."""
    source = parse.rows(place, layout)
    headings = next(source, [])
    sample = [row for _number, row in zip(range(_SAMPLES), source, strict=False)]
    if not any(headings):
        raise Refused("no_headings", _("The first row must hold the headings."), field="file")
    if not any(any(row) for row in sample):
        raise Refused("no_rows", _("Below the headings there are no rows."), field="file")
    return [
        {
            "name": heading[:80].replace(parse.UNREADABLE, ""),
            "sample": next((row[index][:60] for row in sample if index < len(row) and row[index]), ""),
        }
        for index, heading in enumerate(headings)
    ]


@transaction.atomic
def reread(*, token: str, encoding: str = "", delimiter: str = "") -> ImportJob:
    """Read the headings of a CSV file anew, in another encoding or with another delimiter.

    :raises Refused: no such encoding or delimiter, no headings. :raises StateRefused: rows were read already.
    """
    job = _get(token, _S.UPLOADED)
    known = mapping.layout(job)
    encoding, delimiter = encoding or known.encoding, delimiter or known.delimiter
    if known.kind != "csv" or encoding not in parse.ENCODINGS or delimiter not in parse.DELIMITERS:
        raise Refused("layout", _("The file can't be read so."), field="encoding")
    layout = parse.Layout("csv", encoding, delimiter)
    job.columns = _columns(files.path(job), layout)
    job.mapping = mapping.initial(layout, [column["name"] for column in job.columns])
    job.save()
    return job


@transaction.atomic
def check(*, token: str, choices: Choices) -> ImportJob:
    """Take a mapping and start the dry run; also to map and check anew what was checked.

    :raises Refused: the mapping can't be used. :raises StateRefused: the job is past that.
    """
    job = _get(token, _S.UPLOADED, _S.CHECKED)
    job.mapping = mapping.chosen(job, choices)
    ImportRow.objects.filter(job=job).exclude(state=ImportRow.State.NEW).update(
        state=ImportRow.State.NEW, action="", errors=[], before=None, after=None, variant_id=None
    )
    return _start(job, _S.CHECKING)


@transaction.atomic
def correct(*, token: str, cells: Mapping[tuple[int, int], str]) -> int:
    """Change cells of rows that failed, ``{(row, column): text}``; give how many rows will be tried again.

    :raises StateRefused: the job is at work, or was reverted.
    """
    job = _get(token, _S.CHECKED, _S.APPLIED)
    by_row: dict[int, dict[int, str]] = {}
    for (number, column), text in cells.items():
        if 0 <= column < len(job.columns):
            by_row.setdefault(number, {})[column] = records.text(text, "cell", parse.MAX_CELL)
    rows = list(
        ImportRow.objects.select_for_update().filter(job=job, number__in=list(by_row), state=ImportRow.State.ERROR)
    )
    changed = []
    for row in rows:
        data = [*row.data, *[""] * (len(job.columns) - len(row.data))]
        for column, text in by_row[row.number].items():
            data[column] = text
        if data != [*row.data, *[""] * (len(data) - len(row.data))]:
            row.data = data
            changed.append(row)
    ImportRow.objects.bulk_update(changed, ["data"], batch_size=500)
    return len(changed)


@transaction.atomic
def retry(*, token: str) -> ImportJob:
    """Try the failed rows again: in the dry run if nothing was applied yet, else for real.

    :raises StateRefused: the job is at work or reverted, or no row has failed.
    """
    job = _get(token, _S.CHECKED, _S.APPLIED)
    failed = ImportRow.objects.filter(job=job, state=ImportRow.State.ERROR).update(
        state=ImportRow.State.NEW, errors=[]
    )
    if not failed:
        raise StateRefused("nothing_failed", _("No row has failed."))
    return _start(job, _S.CHECKING if job.state == _S.CHECKED else _S.APPLYING)


@transaction.atomic
def apply(*, token: str) -> ImportJob:
    """Write the rows that are ready; those that failed are left out and can be tried again.

    Applying twice applies once. :raises StateRefused: not checked, or nothing to write.
    """
    job = _get(token, _S.CHECKED, _S.APPLYING, _S.APPLIED)
    if job.state != _S.CHECKED:
        return job
    if not ImportRow.objects.filter(job=job, state=ImportRow.State.OK).exists():
        raise StateRefused("nothing_ready", _("No row is ready to be applied."))
    return _start(job, _S.APPLYING)


@transaction.atomic
def revert(*, token: str) -> ImportJob:
    """Take an applied import back; what somebody changed since is kept and reported.

    :raises StateRefused: it wasn't applied.
    """
    job = _get(token, _S.APPLIED, _S.REVERTING, _S.REVERTED)
    return _start(job, _S.REVERTING) if job.state == _S.APPLIED else job


@transaction.atomic
def discard(*, token: str, actor_id: int | None = None) -> None:
    """Forget an import that changed nothing, with its file.

    :raises StateRefused: it is at work, or has changed the catalogue.
    """
    job = _get(token, _S.UPLOADED, _S.CHECKED, _S.FAILED)
    if ImportRow.objects.filter(
        job=job, state__in=(ImportRow.State.APPLIED, ImportRow.State.REVERTED, ImportRow.State.KEPT)
    ).exists():
        raise StateRefused()
    records.audit(actor_id, "import.discarded", f"import:{job.token}", file=job.file_name)
    transaction.on_commit(lambda: files.drop(job))
    ImportRow.objects.filter(job=job)._raw_delete(using="default")  # a hundred thousand rows, none with relations
    ImportJob.objects.filter(id=job.id).delete()


def wake() -> None:
    """Ask a worker to begin now. With the queue away nothing is lost: beat looks every few seconds."""
    try:
        current_app.send_task("supplier.tasks.run_imports", expires=20, retry=False, ignore_result=True)
    except Exception:
        log.warning("imports: no worker could be woken", exc_info=True)


def _get(token: str, *states: str) -> ImportJob:
    job = ImportJob.objects.select_for_update(of=("self",)).filter(token=token).first()
    if job is None:
        raise NotFound(field="import")
    if job.state not in states:
        raise StateRefused()
    return job


def _start(job: ImportJob, state: str) -> ImportJob:
    job.state, job.done_rows, job.heartbeat_at, job.error = state, 0, None, ""
    job.finished_at = None
    job.save()
    transaction.on_commit(wake)
    return job
