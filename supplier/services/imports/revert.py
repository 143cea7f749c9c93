"""Take an import back: each field gets what it held before, unless somebody has changed it since.

Rows go backwards, so that a field several rows changed ends where it began. What the import made is removed
while it is a draft nobody knows; else it is withdrawn, since shops and orders may point to it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Exists, OuterRef, Q

from supplier.models import (
    Bundle,
    BundlePart,
    ImportJob,
    ImportRow,
    Media,
    Movement,
    Product,
    ReservationLine,
    SalesLine,
    Stock,
    Variant,
)
from supplier.services import bands, counts, published
from supplier.services.imports import made, rows
from supplier.services.imports.book import Book
from supplier.services.imports.cells import Fault

REVERT_ROWS = 2_000
_PRICES = frozenset(bands.PRICES)


def revert(job: ImportJob) -> bool:
    """Take the next rows back; give whether there may be more. Call inside a transaction."""
    chunk = rows.pending(job, (ImportRow.State.APPLIED,), REVERT_ROWS, backwards=True)
    if not chunk:
        return False
    _Undo(job, chunk).run()
    published.touch()
    job.done_rows += len(chunk)
    return True


class _Undo:
    def __init__(self, job: ImportJob, chunk: list[ImportRow]) -> None:
        self.job, self.chunk = job, chunk
        ids = {row.variant_id for row in chunk if row.variant_id}
        skus = Variant.objects.filter(id__in=ids).values_list("sku", flat=True)
        codes = [
            row.after["product"]["code"]
            for row in chunk
            if row.before and row.before.get("product", "") is None and row.after
        ]
        self.book = Book(skus=skus, codes=codes, lock=True)
        self.by_id = {variant.id: variant for variant in self.book.variants.values()}
        self.notes: dict[int, list[Fault]] = defaultdict(list)
        self.made: dict[int, ImportRow] = {}  # variant id → the row that made it
        self.made_products: list[tuple[ImportRow, Product]] = []
        self.added: dict[int, set[tuple[str, str]]] = defaultdict(set)  # option values, by product
        self.moves: dict[counts.Place, int] = {}

    def run(self) -> None:
        for row in self.chunk:
            self._row(row)
        self.book.write()
        self._remove()
        self._drop_options()
        for row in self.chunk:
            row.errors = [fault.as_json() for fault in self.notes[row.id]]
            changed = any(fault.code == "changed_since" for fault in self.notes[row.id])
            row.state = ImportRow.State.KEPT if changed else ImportRow.State.REVERTED
        rows.mark(self.chunk)
        self._move_stock()

    def _row(self, row: ImportRow) -> None:
        before, after = row.before or {}, row.after or {}
        variant = self.by_id.get(row.variant_id or 0)
        if variant is None:
            return  # gone already
        if "product" in before:
            self._product(row, variant.product, before["product"], after["product"])
        if "variant" in before:
            if before["variant"] is not None:
                self._fields(row, variant, before["variant"], after["variant"])
            elif self._same(variant, after["variant"]):
                self.made[variant.id] = row
            else:
                self._keep(row, "sku")
        if "parts" in before and before.get("variant", "") is not None:
            if not made.take_back(variant, before["parts"], after["parts"], self.job.created_by_id):
                self._keep(row, "parts")
        if "stock" in before:
            place = (variant.id, before["stock"]["warehouse_id"])
            self.moves[place] = self.moves.get(place, 0) + before["stock"]["on_hand"] - after["stock"]["on_hand"]

    def _product(self, row: ImportRow, product: Product, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
        old_options = (before or {}).get("options", {})
        for code, option in after.get("options", {}).items():
            known = old_options.get(code, {}).get("values", {})
            self.added[product.id] |= {(code, value) for value in option["values"] if value not in known}
        if before is None:
            unchanged = self._same(product, {name: value for name, value in after.items() if name != "options"})
            if unchanged:
                self.made_products.append((row, product))
            else:
                self._keep(row, "code")
            return
        self._fields(row, product, {name: value for name, value in before.items() if name != "options"}, after)

    def _fields(self, row: ImportRow, thing: Product | Variant, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Put back the fields that still hold what the row wrote."""
        back = {name: value for name, value in before.items() if getattr(thing, name) == after[name]}
        if isinstance(thing, Variant) and not _in_band(thing, back):
            back = {name: value for name, value in back.items() if name not in _PRICES}
        for name in before.keys() - back.keys():
            self._keep(row, name.removesuffix("_minor"))
        self.book.change(thing, back)

    def _keep(self, row: ImportRow, name: str) -> None:
        self.notes[row.id].append(Fault(name, "changed_since"))

    def _same(self, thing: Any, after: dict[str, Any]) -> bool:
        return all(getattr(thing, name) == value for name, value in after.items())

    def _remove(self) -> None:
        """Remove what the import made, or withdraw it where it may be known outside."""
        loose = set(
            Variant.objects.filter(id__in=list(self.made), product__status=Product.Status.DRAFT)
            .exclude(
                Q(Exists(Stock.objects.filter(variant=OuterRef("id"))))
                | Q(Exists(Movement.objects.filter(variant=OuterRef("id"))))
                | Q(Exists(SalesLine.objects.filter(variant=OuterRef("id"))))
                | Q(Exists(Bundle.objects.filter(variant=OuterRef("id"), fixed_at__isnull=False)))
                | Q(Exists(BundlePart.objects.filter(component=OuterRef("id"))))
                | Q(Exists(ReservationLine.objects.filter(variant=OuterRef("id"))))
            )
            .values_list("id", flat=True)
        )
        Variant.objects.filter(id__in=loose).delete()
        known = self.made.keys() - loose
        Variant.objects.filter(id__in=known).update(status=Variant.Status.WITHDRAWN)
        for variant_id in known:
            self.notes[self.made[variant_id].id].append(Fault("sku", "in_use"))
        ids = [product.id for _row, product in self.made_products]
        used = set(Variant.objects.filter(product__in=ids).values_list("product_id", flat=True))
        used |= set(Media.objects.filter(product__in=ids).values_list("product_id", flat=True))
        drafts = [
            product.id
            for _row, product in self.made_products
            if product.status == Product.Status.DRAFT and product.id not in used
        ]
        Product.objects.filter(id__in=drafts).delete()
        Product.objects.filter(id__in=set(ids) - set(drafts), status=Product.Status.ACTIVE).exclude(
            Exists(Variant.objects.filter(product=OuterRef("id"), status=Variant.Status.ACTIVE))
        ).update(status=Product.Status.WITHDRAWN)

    def _drop_options(self) -> None:
        """Take away option values the import brought and no variant has any more."""
        used: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for product_id, options in Variant.objects.filter(product__in=list(self.added)).values_list(
            "product_id", "options"
        ):
            used[product_id] |= set(options.items())
        for product in Product.objects.filter(id__in=list(self.added)):
            dropped = self.added[product.id] - used[product.id]
            options = {
                code: {
                    **option,
                    "values": {
                        value: texts for value, texts in option["values"].items() if (code, value) not in dropped
                    },
                }
                for code, option in product.options.items()
            }
            codes = {code for code, _value in dropped}
            product.options = {
                code: option for code, option in options.items() if option["values"] or code not in codes
            }
            product.save(update_fields=["options", "updated_at"])

    def _move_stock(self) -> None:
        """Give stock its change back, place by place where some can't; last, so that rows are locked shortly."""
        moves = {place: change for place, change in self.moves.items() if change}
        while moves:
            try:
                counts.shift(
                    changes=moves,
                    reason=self.job.file_name[:160],
                    cause=f"revert:{self.job.token}",
                    actor_id=self.job.created_by_id,
                )
                return
            except counts.NotFree as refusal:
                del moves[refusal.place]
                self._stock_kept(refusal)

    def _stock_kept(self, refusal: counts.NotFree) -> None:
        for row in self.chunk:
            if row.variant_id == refusal.place[0] and row.before and "stock" in row.before:
                row.state = ImportRow.State.KEPT
                row.errors = [*row.errors, Fault("on_hand", "stock_kept", {"free": refusal.free}).as_json()]
                rows.mark([row])


def _in_band(variant: Variant, back: dict[str, Any]) -> bool:
    prices = {name: back.get(name, getattr(variant, name)) for name in bands.PRICES}
    return not bands.faults(
        wholesale=prices["wholesale_minor"], suggested=prices["suggested_minor"],
        floor=prices["floor_minor"], ceiling=prices["ceiling_minor"], currency=variant.currency,
    )  # fmt: skip
