"""Files and jobs for tests of imports."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from supplier.models import ImportJob, ImportRow
from supplier.services.imports import jobs, runner
from supplier.services.imports.mapping import Choices

HEADINGS = ("SKU", "Product code", "Name", "名称", "Category", "List", "RRP", "MAP", "Max price")


def text(*rows: Sequence[object], headings: Sequence[str] = HEADINGS, delimiter: str = ",") -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow(headings)
    writer.writerows(rows)
    return buffer.getvalue()


def row(sku: str = "N-1", code: str = "N", **more: object) -> list[object]:
    cells = {
        "name": "Ebb Bowl",
        "zh": "退潮碗",
        "category": "mugs",
        "list": "9.60",
        "rrp": "15.50",
        "map": "13.00",
        "max": "21.00",
        **more,
    }
    return [sku, code, *cells.values()]


def upload(content: str | bytes, name: str = "prices.csv") -> ImportJob:
    raw = content.encode() if isinstance(content, str) else content
    return jobs.upload(file_name=name, chunks=[raw])


def chosen(job: ImportJob, **more: object) -> Choices:
    return Choices(**{"columns": job.mapping["columns"], **more})  # type: ignore[arg-type]


def checked(content: str | bytes, **more: object) -> ImportJob:
    job = upload(content)
    jobs.check(token=job.token, choices=chosen(job, **more))
    return run(job)


def applied(content: str | bytes, **more: object) -> ImportJob:
    job = checked(content, **more)
    jobs.apply(token=job.token)
    return run(job)


def reverted(job: ImportJob) -> ImportJob:
    jobs.revert(token=job.token)
    return run(job)


def run(job: ImportJob) -> ImportJob:
    runner.run(job.id)
    return ImportJob.objects.get(id=job.id)


def states(job: ImportJob) -> list[str]:
    return list(ImportRow.objects.filter(job=job).order_by("number").values_list("state", flat=True))


def faults(job: ImportJob) -> list[tuple[int, str, str]]:
    rows = ImportRow.objects.filter(job=job).order_by("number").values_list("number", "errors")
    return [(number, error["field"], error["code"]) for number, errors in rows for error in errors]
