"""What a worker keeps in mind about a job from one chunk to the next; all of it can be had again."""

from __future__ import annotations

from functools import cached_property

from supplier.models import ImportJob, ImportRow, Product
from supplier.services.imports import cells, rows
from supplier.services.imports.book import Book
from supplier.services.imports.made import Made
from supplier.services.imports.mapping import Choices
from supplier.services.imports.weigh import Scale


class Session:
    """Made anew for each run of a phase of a job."""

    def __init__(self, job: ImportJob) -> None:
        self.job = job
        mapping = job.mapping
        self.choices = Choices(
            mapping["columns"],
            mapping["category"],
            mapping["new_status"],
            mapping["floor_below_bps"],
            mapping["ceiling_above_bps"],
        )
        self.reader = cells.Reader(job)
        columns = {name: int(index) for index, name in mapping["columns"].items() if name in ("sku", "code")}
        self._sku, self._code = columns["sku"], columns.get("code")

    @cached_property
    def repeated(self) -> dict[int, int]:
        return rows.repeated(self.job)

    @cached_property
    def planned(self) -> dict[str, Product]:
        """Products the dry run would make, by code: chunks before this one may have planned some."""
        made = ImportRow.objects.filter(job=self.job, state=ImportRow.State.OK, after__product__code__isnull=False)
        planned = (after["product"] for after in made.values_list("after", flat=True).iterator() if after)
        return {fields["code"]: Product(**fields) for fields in planned}

    def scale(self, chunk: list[ImportRow], *, lock: bool) -> Scale:
        """Read what these rows are about."""
        skus = {self._cell(row, self._sku) for row in chunk} - {""}
        book = Book(skus=skus, codes=self.codes(chunk), lock=lock)
        return Scale(self.reader, self.choices, book, self._made(chunk, book))

    def _made(self, chunk: list[ImportRow], book: Book) -> Made | None:
        """Read what rows about bundles, or stock, need to know; a file without either asks nothing."""
        index = {name: int(place) for place, name in self.choices.columns.items()}
        if not index.keys() & {"parts", "on_hand"}:
            return None
        return Made(book.variants.values(), (self._cell(row, index.get("parts")) for row in chunk))

    def codes(self, chunk: list[ImportRow]) -> set[str]:
        """Give the product codes these rows name; a row without one means a product of its own."""
        return {self._cell(row, self._code) or self._cell(row, self._sku)[:40] for row in chunk} - {""}

    def _cell(self, row: ImportRow, index: int | None) -> str:
        return row.data[index] if index is not None and index < len(row.data) else ""
