"""Navigation as data. What is not in the list is not linked anywhere in a frame."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class NavItem:
    """One place to go.

    ``group`` is a heading (supplier) or empty; ``place``: ``first`` (also in the phone's bottom bar),
    ``plus`` (its middle button) or ``more``. ``short`` is the word under the icon on a phone.
    """

    label: str | Promise
    url: str
    icon: str = "circle"
    count: int | str | None = None
    active: bool = False
    group: str | Promise = ""
    place: str = "first"
    short: str | Promise = ""


def mark(items: Iterable[NavItem], path: str) -> list[NavItem]:
    """Set ``active`` on the item whose URL is the longest prefix of the page's path; the front page is only itself."""
    listed = list(items)
    front = {item.url for item in listed if all(each.url.startswith(item.url) for each in listed)}
    matching = [item for item in listed if path == item.url or (item.url not in front and path.startswith(item.url))]
    best = max(matching, key=lambda item: len(item.url), default=None)
    return [replace(item, active=item is best) for item in listed]


def grouped(items: Iterable[NavItem]) -> list[tuple[str | Promise, list[NavItem]]]:
    """Give the items under their headings, in order of first appearance."""
    groups: dict[str, tuple[str | Promise, list[NavItem]]] = {}
    for item in items:
        groups.setdefault(str(item.group), (item.group, []))[1].append(item)
    return list(groups.values())
