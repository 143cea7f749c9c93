"""Pieces free right now: the one thing of a product no version tells, so it is read on each page."""

from __future__ import annotations

from collections.abc import Iterable

from storefront.selectors import sql
from supplier.selectors import bundles


def free(variant_ids: Iterable[int]) -> dict[int, int]:
    """Give free pieces by variant, over the warehouses an order would draw from. One statement."""
    ids = list(variant_ids)
    return {variant: int(pieces) for variant, pieces in sql.rows(bundles.FREE, {"ids": ids})} if ids else {}


def state(pieces: int) -> str:
    """Give the word for a number of pieces: "" | "low" | "out"."""
    return "out" if pieces <= 0 else "low" if pieces <= sql.LOW else ""
