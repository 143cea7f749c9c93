"""What can be done to the rows of a list: declared once, used by the list, the request and the worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise


class _Unchanged:
    """The row is already as it shall be."""


UNCHANGED: Final = _Unchanged()


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does it, and what they chose besides the rows (``params``, plain JSON)."""

    actor: Any
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Bulk:
    """One thing that can be done to each row of a list.

    ``code`` is kept with the job and names this in ``wiring.JOBS``. ``roles`` may do it, besides the side's
    chief. ``rows``: the list's rows that meet a filter's words, inside a transaction and the shop.
    ``do`` acts on one row inside a transaction of several rows: it gives what ``undo`` needs (plain JSON),
    or UNCHANGED, or raises Refused. ``undo`` takes a row and what ``do`` gave. ``name``: the field that
    names a row in the results. ``said``: what was done to so many, for the toast. ``read``: the parameters
    from the form. ``back``: URL name of the list, without its namespace.
    """

    code: str
    label: str | Promise
    roles: tuple[str, ...]
    rows: Callable[[QueryDict], QuerySet[Any]]
    do: Callable[[int, Doing], Any]
    said: Callable[[int], str]
    back: str
    undo: Callable[[int, Any, Doing], None] | None = None
    name: str = "pk"
    read: Callable[[QueryDict], dict[str, Any]] = lambda _typed: {}
    icon: str = ""
    confirm: str | Promise = ""
