"""How a person has a list: saved views, columns, density."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from s2b2c.accounts.models import Membership, SavedView
from s2b2c.accounts.permissions import CHIEFS
from s2b2c.kernel.errors import NotFound
from s2b2c.tenancy.context import reading

MOST_SHOWN = 60


def visible(membership: Membership) -> QuerySet[SavedView]:
    """Give one's own views at this place and those shared by colleagues here."""
    here = SavedView.objects.filter(reseller_id=membership.reseller_id, removed_at=None)
    return here.filter(Q(user_id=membership.user_id) | Q(shared=True))


def of(membership: Membership, table: str) -> list[SavedView]:
    """Give the views of a list, one's own first, by name."""
    with reading():
        found = list(
            visible(membership).filter(table=table).select_related("user").order_by("name", "id")[:MOST_SHOWN]
        )
    return sorted(found, key=lambda view: view.user_id != membership.user_id)


def find(view_id: int, membership: Membership) -> SavedView:
    """Give a view one may see. :raises NotFound: there is none, or it is not for one's eyes."""
    view = visible(membership).filter(id=view_id).first()
    if view is None:
        raise NotFound(field="view")
    return view


def may_change(view: SavedView, membership: Membership) -> bool:
    """Tell whether somebody may rename, share or delete a view: who made it; a shared one also the chief."""
    return view.user_id == membership.user_id or (view.shared and membership.role in CHIEFS.values())


def kept(membership: Any, table: str) -> dict[str, Any]:
    """Give the columns, density and opening view a person keeps for a list; nothing for strangers."""
    return membership.lists.get(table, {}) if isinstance(membership, Membership) else {}
