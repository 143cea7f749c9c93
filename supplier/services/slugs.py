"""Slugs for pages: readable, unique, one query per round for any number of things."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models
from django.utils.text import slugify

RESERVED = frozenset({"new", "edit", "all", "search"})


def assign(model: type[models.Model], wanted: Sequence[tuple[str, str]], *, length: int) -> list[str]:
    """Give a free slug for each ``(name, code)``: the name, else name-code, else name-code-2, -3 …

    Two callers at the same time may get the same one; the unique constraint decides.
    """
    slugs: list[str | None] = [None] * len(wanted)
    given: set[str] = set()
    attempt = 0
    while open_ := [index for index, slug in enumerate(slugs) if slug is None]:
        tries = {index: _candidate(*wanted[index], attempt, length) for index in open_}
        taken = set(
            model._default_manager.filter(slug__in=set(tries.values())).values_list("slug", flat=True)  # type: ignore[misc]
        )
        for index, slug in tries.items():
            if slug and slug not in taken and slug not in given and slug not in RESERVED:
                slugs[index] = slug
                given.add(slug)
        attempt += 1
    return [slug for slug in slugs if slug is not None]


def _candidate(name: str, code: str, attempt: int, length: int) -> str:
    base = slugify(name)[: length - 20].strip("-")
    coded = "-".join(part for part in (base, slugify(code)) if part) or "item"
    if attempt == 0:
        return base
    tail = "" if attempt == 1 else f"-{attempt}"
    return coded[: length - len(tail)].strip("-") + tail
