"""Files of the import wizard: a sample to start from, and the rows that failed."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel import sheets
from supplier.models import Category, ImportJob, Warehouse
from supplier.selectors import imports as selectors
from supplier.services.imports import messages
from supplier.web.imports import outcome

_SAMPLE = (
    ("SKU", "Product code", "Name EN", "名称", "Category", "Wholesale", "Floor price", "Suggested price", "Ceiling price", "EAN", "Weight g", "Colour", "Warehouse", "Qty"),
    ("HL-MUG-350-KEL", "HL-MUG", "Tidewater Mug", "潮汐马克杯", "Mugs", "11.00", "15.00", "18.00", "24.00", "", "340", "Kelp", "OAK", "120"),
)  # fmt: skip


@supplier_role("catalogue")
@require_safe
def sample(request: Request) -> HttpResponse:
    """Give a file to start from."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="catalogue-sample.csv"'
    csv.writer(response).writerows([_SAMPLE[0], _fitting(_SAMPLE[1])])
    return response


def _fitting(row: tuple[str, ...]) -> list[str]:
    """Let the sample name a category and a warehouse that are here, so that it can be imported as it is."""
    names = {
        "Mugs": Category.objects.order_by("path").values_list("name_en", flat=True).first(),
        "OAK": Warehouse.objects.filter(active=True).order_by("priority").values_list("code", flat=True).first(),
    }
    return [names.get(cell) or cell for cell in row]


@supplier_role("catalogue")
@require_safe
def errors(request: Request, token: str) -> HttpResponseBase:
    """Give the rows that failed as a file, with the reason at the end: correct it and upload it again."""
    job = selectors.find(token)
    response = StreamingHttpResponse(_error_lines(job), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="failed-{job.token[:8]}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


class _Echo:
    def write(self, line: str) -> str:
        return line


def _error_lines(job: ImportJob) -> Iterator[str]:
    writer = csv.writer(_Echo())
    headings = [column["name"] for column in job.columns]
    yield "\ufeff" + writer.writerow([*map(sheets.harmless, headings), gettext("Row"), gettext("Why")])
    last = 0
    while rows := selectors.failed(job, after=last, most=1000):
        for row in rows:
            why = "; ".join(
                f"{outcome.label(error['field'])}: {messages.words(error['code'], error['params'])}"
                for error in row.errors
            )
            cells = [*row.data, *[""] * (len(headings) - len(row.data))]
            yield writer.writerow([*map(sheets.harmless, cells), row.number, why])
        last = rows[-1].number
