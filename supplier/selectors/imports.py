"""Read imports: the list, what one would do or did, and the rows that failed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet

from s2b2c.kernel.errors import NotFound
from supplier.models import ImportJob, ImportRow, Variant

_S = ImportRow.State
_REASONS = """
    SELECT e->>'field', count(DISTINCT r.id)
    FROM supplier_importrow r, jsonb_array_elements(r.errors) e
    WHERE r.job_id = %s AND r.state = ANY(%s) GROUP BY 1 ORDER BY 2 DESC, 1
"""


def listed() -> QuerySet[ImportJob]:
    """Give all imports with who sent them."""
    return ImportJob.objects.select_related("created_by")


def find(token: str) -> ImportJob:
    """Give an import. :raises NotFound:"""
    job = listed().filter(token=token).first()
    if job is None:
        raise NotFound(field="import")
    return job


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows of a job by what they would do or did."""

    create: int = 0
    update: int = 0
    skip: int = 0
    fail: int = 0
    waiting: int = 0
    applied: int = 0
    reverted: int = 0
    kept: int = 0
    withdrawn: int = 0  # taken back, but known outside
    by_state: Counter[str] = field(default_factory=Counter)

    @property
    def ready(self) -> int:
        """Rows that would be written."""
        return self.by_state[_S.OK]

    @property
    def rows(self) -> int:
        return sum(self.by_state.values())


def tally(job: ImportJob) -> Tally:
    """Count a job's rows."""
    counts = ImportRow.objects.filter(job=job).values_list("state", "action").annotate(n=Count("id")).order_by()
    by_state: Counter[str] = Counter()
    by_action: Counter[str] = Counter()
    for state, action, number in counts:
        by_state[state] += number
        if state not in (_S.ERROR, _S.UNCHANGED):
            by_action[action] += number
    return Tally(
        create=by_action["create"],
        update=by_action["update"],
        skip=by_state[_S.UNCHANGED],
        fail=by_state[_S.ERROR],
        waiting=by_state[_S.NEW],
        applied=by_state[_S.APPLIED],
        reverted=by_state[_S.REVERTED],
        kept=by_state[_S.KEPT],
        withdrawn=ImportRow.objects.filter(job=job, state=_S.REVERTED).exclude(errors=[]).count()
        if by_state[_S.REVERTED]
        else 0,
        by_state=by_state,
    )


def failed(job: ImportJob, *, field_name: str = "", after: int = 0, most: int = 25) -> list[ImportRow]:
    """Give rows that failed, or were kept by a revert, in the order of the file, from after a row number."""
    rows = ImportRow.objects.filter(job=job, state__in=(_S.ERROR, _S.KEPT), number__gt=after)
    if field_name:
        rows = rows.filter(errors__contains=[{"field": field_name}])
    return list(rows.order_by("number").defer("before", "after")[:most])


def all_failed(job: ImportJob) -> QuerySet[ImportRow]:
    """Give every row that failed or was kept, for a file."""
    return ImportRow.objects.filter(job=job, state__in=(_S.ERROR, _S.KEPT)).order_by("number").defer("before", "after")


def reasons(job: ImportJob) -> list[tuple[str, int]]:
    """Give ``(field, rows)`` of what failed or was kept, the most frequent first."""
    with connection.cursor() as cursor:
        cursor.execute(_REASONS, [job.id, [_S.ERROR, _S.KEPT]])
        return [(str(name), int(number)) for name, number in cursor.fetchall()]


def sample(job: ImportJob, *, most: int = 5) -> list[dict[str, Any]]:
    """Give a few rows that would change something, with before and after."""
    rows = list(
        ImportRow.objects.filter(job=job, state__in=(_S.OK, _S.APPLIED), action="update").order_by("number")[:most]
    )
    known = Variant.objects.in_bulk([row.variant_id for row in rows if row.variant_id])
    return [
        {
            "number": row.number,
            "before": row.before or {},
            "after": row.after or {},
            "variant": known.get(row.variant_id or 0),
        }
        for row in rows
    ]
