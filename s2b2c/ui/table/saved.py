"""The tabs above a list: the house's own views, then those people saved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from s2b2c.accounts import places
from s2b2c.accounts.models import Membership, SavedView
from s2b2c.accounts.selectors import views

# Words of the address that no filter owns.
OWN = ("sort", "after", "before", "col", "rows", "csv", "v")
PASSING = ("after", "before", "csv", "v")
MOST_TABS = 8

Words = list[tuple[str, str]]


def words(query: QueryDict, without: Iterable[str] = PASSING) -> Words:
    """Give the words of an address in one order, so that two can be compared."""
    dropped = set(without)
    return sorted((key, value) for key, values in query.lists() if key not in dropped for value in values if value)


@dataclass
class Saved:
    """What a person keeps of one list, and the addresses to change it."""

    request: Any
    table: str
    query: QueryDict
    kept: dict[str, Any] = field(default_factory=dict)
    _views: list[SavedView] | None = None

    @property
    def membership(self) -> Membership | None:
        found = getattr(self.request, "membership", None)
        return found if isinstance(found, Membership) else None

    @property
    def views(self) -> list[SavedView]:
        """Give the saved views of this list; one query."""
        if self._views is None:
            self._views = views.of(self.membership, self.table) if self.membership else []
        return self._views

    @property
    def opening_query(self) -> str:
        """Give the words the list opens with for this person, or ""."""
        wanted = self.kept.get("view")
        found = next((view for view in self.views if view.pk == wanted), None) if wanted else None
        return self.address(found)[1:] if found else ""

    @property
    def current(self) -> SavedView | None:
        """Give the saved view that is open."""
        return next((view for view in self.views if str(view.pk) == self.query.get("v")), None)

    @property
    def changed(self) -> bool:
        """Tell whether the list at hand differs from the view that is open, and its reader may change that."""
        view = self.current
        if view is None or self.membership is None or not views.may_change(view, self.membership):
            return False
        return words(self.query) != words(QueryDict(view.query))

    @property
    def save_query(self) -> str:
        """Give the words a view saved now would have: those of the address, with the columns and density kept."""
        found = self.query.copy()
        for key in PASSING:
            found.pop(key, None)
        for key in ("col", "rows"):
            if key not in found and self.kept.get(key):
                found[key] = self.kept[key]
        return found.urlencode()

    @staticmethod
    def address(view: SavedView) -> str:
        """Give the address that opens a view."""
        return f"?{view.query}{'&' if view.query else ''}v={view.pk}"

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """Give the saved views as tabs: the first few, and the one that is open."""
        now = self.current
        shown = [view for place, view in enumerate(self.views) if place < MOST_TABS or view == now]
        return [
            {"label": view.name, "count": None, "url": self.address(view), "active": view == now, "saved": True,
             "by": view.user if self.membership and view.user_id != self.membership.user_id else None}
            for view in shown
        ]  # fmt: skip

    @property
    def urls(self) -> dict[str, str]:
        """Give where this list's views, columns and density are kept."""
        view = self.current
        return {
            "views": places.url(self.request, "views", table=self.table),
            "keep": places.url(self.request, "keep_list", table=self.table),
            "view": places.url(self.request, "view", table=self.table, view_id=view.pk) if view else "",
        }
