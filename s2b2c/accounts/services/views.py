"""Keep a list as a person likes it: save, change and remove views; columns, density and the view to open with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from s2b2c.accounts.models import Membership, SavedView
from s2b2c.accounts.selectors import views
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused

MOST = 30  # of one person, per list
KEPT_FOR = timedelta(days=1)
PASSING = ("after", "before", "csv", "v")


@transaction.atomic
def save(*, membership: Membership, table: str, name: str, query: str, shared: bool = False) -> SavedView:
    """Save a list's words under a name; one's own view of that name is changed.

    :raises Refused: no name, too many words, or too many views.
    """
    mine = SavedView.objects.select_for_update(of=("self",)).filter(
        user_id=membership.user_id, reseller_id=membership.reseller_id, table=table[:40], removed_at=None
    )
    known = list(mine)
    view = next((each for each in known if each.name == _name(name)), None)
    if view is None:
        if len(known) >= MOST:
            raise Refused("many", _("You have %(n)s views of this list. Delete one first."), n=MOST)
        view = SavedView(user_id=membership.user_id, reseller_id=membership.reseller_id, table=table[:40])
    view.name, view.query, view.shared = _name(name), words(query), shared
    view.save()
    return view


@transaction.atomic
def change(
    *,
    view_id: int,
    membership: Membership,
    name: str | None = None,
    query: str | None = None,
    shared: bool | None = None,
) -> SavedView:
    """Rename a view, give it other words, share it or keep it for oneself.

    :raises NotFound: not for one's eyes. :raises Refused: somebody else's (403), no name, or a name taken.
    """
    view = _mine(view_id, membership)
    if name is not None:
        view.name = _name(name)
        same = SavedView.objects.filter(user_id=view.user_id, reseller_id=view.reseller_id, table=view.table)
        if same.filter(name=view.name, removed_at=None).exclude(id=view.id).exists():
            raise Refused("taken", _("There is a view of this name."), field="name", status=409)
    view.query = view.query if query is None else words(query)
    view.shared = view.shared if shared is None else shared
    view.save(update_fields=["name", "query", "shared"])
    return view


@transaction.atomic
def remove(*, view_id: int, membership: Membership) -> SavedView:
    """Remove a view; for a day ``restore`` brings it back.

    :raises NotFound: not for one's eyes. :raises Refused: somebody else's (403).
    """
    view = _mine(view_id, membership)
    SavedView.objects.filter(reseller_id=view.reseller_id, removed_at__lt=clock.now() - KEPT_FOR).delete()
    view.removed_at = clock.now()
    view.save(update_fields=["removed_at"])
    return view


@transaction.atomic
def restore(*, view_id: int, membership: Membership) -> SavedView:
    """Bring a removed view back. :raises NotFound: it is gone, or was never one's to change."""
    gone = SavedView.objects.select_for_update(of=("self",)).filter(reseller_id=membership.reseller_id, id=view_id)
    view = gone.exclude(removed_at=None).first()
    if view is None or not views.may_change(view, membership):
        raise NotFound(field="view")
    view.removed_at = None
    taken = SavedView.objects.filter(
        user_id=view.user_id, reseller_id=view.reseller_id, table=view.table, name=view.name, removed_at=None
    )
    if taken.exists():
        raise Refused("taken", _("There is a view of this name."), field="name", status=409)
    view.save(update_fields=["removed_at"])
    return view


def open_with(*, membership: Membership, table: str, view_id: int | None) -> None:
    """Open a list with a view from now on, or with everything.

    :raises NotFound: not for one's eyes, or of another list.
    """
    with transaction.atomic():
        if view_id is not None and views.find(view_id, membership).table != table:
            raise NotFound(field="view")
        _keep(membership, table, {"view": view_id})


def keep(*, membership: Membership, table: str, columns: Iterable[str] | None = None, rows: str | None = None) -> None:
    """Keep a person's columns (none: the standard ones) and row height (``compact``, ``normal``) of a list."""
    changes: dict[str, Any] = {}
    if columns is not None:
        changes["col"] = ",".join(columns).replace("\x00", "")[:400]
    if rows in ("compact", "normal"):
        changes["rows"] = rows
    with transaction.atomic():
        _keep(membership, table, changes)


def _keep(membership: Membership, table: str, changes: dict[str, Any]) -> None:
    """Call inside a transaction."""
    mine = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    merged = {**mine.lists.get(table, {}), **changes}
    mine.lists[table] = {name: value for name, value in merged.items() if value}
    mine.lists = {name: value for name, value in list(mine.lists.items())[-100:] if value}
    mine.save(update_fields=["lists"])
    membership.lists = mine.lists


def words(query: str) -> str:
    """Give the words of a list's address that make a view. :raises Refused: more than can be kept."""
    found = QueryDict(query.replace("\x00", ""), mutable=True)
    for word in PASSING:
        found.pop(word, None)
    text = found.urlencode()
    if len(text) > 2000:
        raise Refused("long", _("These are too many filters at once."))
    return text


def _name(typed: str) -> str:
    name = " ".join(typed.replace("\x00", "").split())[:40]
    if not name:
        raise Refused("name", _("Give the view a name."), field="name")
    return name


def _mine(view_id: int, membership: Membership) -> SavedView:
    """Give a view to change, locked. Call inside a transaction."""
    view = views.find(view_id, membership)
    if not views.may_change(view, membership):
        raise Refused("owner", _("Only who made this view, or the head of the place, can change it."), status=403)
    return SavedView.objects.select_for_update(of=("self",)).get(id=view.id)
