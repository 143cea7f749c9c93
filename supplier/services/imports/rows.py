"""Rows of a job: put in from the file, taken out in chunks, marked with what became of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import connection

from supplier.models import ImportJob, ImportRow
from supplier.services.imports.cells import Fault

_INSERT = """
    INSERT INTO supplier_importrow (job_id, number, data, state, action, errors)
    SELECT %s, (r->>0)::int, r->1, 'new', '', '[]'::jsonb FROM jsonb_array_elements(%s::jsonb) r
    ON CONFLICT (job_id, number) DO NOTHING
"""
_MARK = """
    UPDATE supplier_importrow r
    SET state = x.state, action = x.action, errors = x.errors, before = x.before, after = x.after, variant_id = x.variant_id
    FROM jsonb_to_recordset(%s::jsonb)
         AS x(id bigint, state text, action text, errors jsonb, before jsonb, after jsonb, variant_id bigint)
    WHERE r.id = x.id
"""
_TWICE = """
    SELECT number, first FROM (
        SELECT number, min(number) OVER (PARTITION BY data->>%s, upper(coalesce(data->>%s, ''))) AS first
        FROM supplier_importrow WHERE job_id = %s AND coalesce(data->>%s, '') <> '') t
    WHERE number <> first
"""


def insert(job: ImportJob, numbered: Iterable[tuple[int, list[str]]]) -> None:
    """Write rows of the file, those already there left alone. Call inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [job.id, json.dumps(list(numbered))])


def chunks(source: Iterator[Any], size: int) -> Iterator[list[Any]]:
    """Give lists of at most ``size``."""
    while chunk := list(islice(source, size)):
        yield chunk


def pending(job: ImportJob, states: tuple[str, ...], size: int, *, backwards: bool = False) -> list[ImportRow]:
    """Give the next rows in one of these states; without what they did, unless for going backwards."""
    found = ImportRow.objects.filter(job=job, state__in=states)
    found = found.order_by("-number") if backwards else found.order_by("number").defer("before", "after")
    return list(found[:size])


def mark(rows: Iterable[ImportRow]) -> None:
    """Write what became of rows, in one statement. Call inside a transaction."""
    records = [
        {
            "id": row.id,
            "state": row.state,
            "action": row.action,
            "errors": row.errors,
            "before": row.before,
            "after": row.after,
            "variant_id": row.variant_id,
        }
        for row in rows
    ]
    if records:
        with connection.cursor() as cursor:
            cursor.execute(_MARK, [json.dumps(records)])


def fail(row: ImportRow, faults: Iterable[Fault]) -> None:
    """Say on a row what is wrong with it; ``mark`` writes it."""
    row.state, row.action = ImportRow.State.ERROR, ""
    row.errors = [fault.as_json() for fault in faults]
    row.before = row.after = None


def repeated(job: ImportJob) -> dict[int, int]:
    """Give ``{row: earlier row}`` where the SKU (and warehouse, where stock is told) was there before."""
    columns = {name: int(index) for index, name in job.mapping["columns"].items()}
    sku = columns["sku"]
    # A position behind the last cell is null in every row.
    warehouse = columns.get("warehouse", 10_000)
    with connection.cursor() as cursor:
        cursor.execute(_TWICE, [sku, warehouse, job.id, sku])
        return dict(cursor.fetchall())
