"""How a person has a list: its saved views, columns and row height; the same in both offices."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from s2b2c.accounts import places
from s2b2c.accounts.http import Request
from s2b2c.accounts.models import Membership, SavedView
from s2b2c.accounts.selectors import views as selectors
from s2b2c.accounts.services import views as service
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.tenancy.context import reading
from s2b2c.ui import toast


def _me(request: Request) -> Membership:
    assert request.membership is not None
    return request.membership


def _home(request: Request) -> str:
    return f"/{request.reseller.slug}/" if request.reseller else "/"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request, table: str) -> HttpResponse:
    """List the views of a list, to rename, share and delete; a POST saves one."""
    if request.method != "POST":
        return _page(request, table, request.GET)
    asked = request.POST
    try:
        view = service.save(
            membership=_me(request), table=table, name=asked.get("name", ""), query=asked.get("query", ""), shared=bool(asked.get("shared")),
        )  # fmt: skip
        if asked.get("open"):
            service.open_with(membership=_me(request), table=table, view_id=view.pk)
    except Refused as refusal:
        return _page(request, table, asked, refusal)
    toast.add(request, _("View “%(name)s” saved") % {"name": view.name})
    return redirect(_opened(places.local(request, asked.get("back", ""), _home(request)), view))


def _opened(back: str, view: SavedView) -> str:
    """Give the list's address with a view's words."""
    return f"{back.partition('?')[0]}?{view.query}{'&' if view.query else ''}v={view.pk}"


def _page(request: Request, table: str, asked: QueryDict, refused: Refused | None = None) -> HttpResponse:
    me = _me(request)
    back = places.local(request, asked.get("back", ""), _home(request))
    with reading():
        shown = [
            {
                "view": view,
                "mine": view.user_id == me.user_id,
                "may_change": selectors.may_change(view, me),
                "first": selectors.kept(me, table).get("view") == view.pk,
                "address": _opened(back, view),
                "url": places.url(request, "view", table=table, view_id=view.pk),
            }
            for view in selectors.of(me, table)
        ]
    found = {
        "frame": places.frame(request), "table": table, "shown": shown, "back": back, "query": asked.get("query", ""),
        "typed": asked.get("name", ""), "refused": refused, "saves": "query" in asked,
    }  # fmt: skip
    return render(request, "account/views.html", found, status=refused.status if refused else 200)


@require_POST
def change(request: Request, table: str, view_id: int) -> HttpResponse:
    """Rename, share, delete or restore a view, give it the words at hand, or open the list with it."""
    me, asked, todo = _me(request), request.POST, request.POST.get("do", "")
    back = places.local(request, asked.get("back", ""), _home(request))
    again = places.url(request, "views", table=table) + f"?{_words(back=back)}"
    if todo == "rename":
        service.change(view_id=view_id, membership=me, name=asked.get("name", ""), shared=bool(asked.get("shared")))
        toast.add(request, _("Saved."))
    elif todo == "words":
        view = service.change(view_id=view_id, membership=me, query=asked.get("query", ""))
        toast.add(request, _("View “%(name)s” saved") % {"name": view.name})
        again = _opened(back, view)
    elif todo == "open":
        service.open_with(membership=me, table=table, view_id=view_id)
        toast.add(request, _("The list opens with this view"))
    elif todo == "close":
        service.open_with(membership=me, table=table, view_id=None)
        toast.add(request, _("The list opens with everything"))
    elif todo == "delete":
        view = service.remove(view_id=view_id, membership=me)
        undo = places.url(request, "view_restore", table=table, view_id=view_id) + f"?{_words(back=back)}"
        toast.add(request, _("View “%(name)s” deleted") % {"name": view.name}, undo_url=undo)
    else:
        raise NotFound()
    return redirect(again)


@require_POST
def restore(request: Request, table: str, view_id: int) -> HttpResponse:
    """Bring a deleted view back."""
    view = service.restore(view_id=view_id, membership=_me(request))
    toast.add(request, _("View “%(name)s” is back") % {"name": view.name})
    back = places.local(request, request.GET.get("back", ""), _home(request))
    return redirect(places.url(request, "views", table=table) + f"?{_words(back=back)}")


def _words(**found: str) -> str:
    words = QueryDict(mutable=True)
    words.update(found)
    return words.urlencode()


@require_POST
def keep(request: Request, table: str) -> HttpResponse:
    """Keep the columns or the row height a person chose, and show the list so."""
    asked = request.POST
    columns = asked.getlist("col") if "columns" in asked else None
    service.keep(membership=_me(request), table=table, columns=columns, rows=asked.get("rows"))
    path, _mark, query = places.local(request, asked.get("back", ""), _home(request)).partition("?")
    words = QueryDict(query, mutable=True)
    words.pop("col" if columns is not None else "rows", None)
    text = words.urlencode()
    return redirect(f"{path}?{text}" if text else path)
