"""Announcements: S writes them and sees who has not read; shops read them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enablement.models import Announcement
from enablement.selectors import notices
from enablement.services import notices as services
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role, supplier_role
from s2b2c.kernel import clock, texts
from s2b2c.kernel.errors import Refused
from s2b2c.ui import prose, table, toast
from s2b2c.ui.states import State

WRITERS = ("support", "catalogue")
Audience = Announcement.Audience
_STATES = {
    "out": State("ok", pgettext_lazy("announcement", "Published")),
    "back": State("", _("Taken back"), "stop"),
}
_READ = {True: State("ok", pgettext_lazy("announcement", "Read")), False: State("warn", _("Not read"), "open")}


class NoticeForm(forms.Form):
    """An announcement in two languages."""

    title_en = forms.CharField(label=_("Title in English"), max_length=120, required=False)
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=120, required=False)
    text_en = forms.CharField(
        label=_("Text in English"), max_length=8_000, required=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    text_zh = forms.CharField(
        label=_("Text in Chinese"), max_length=8_000, required=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    audience = forms.ChoiceField(label=_("For whom"), choices=Audience.choices, initial=Audience.ALL)
    shops = forms.CharField(
        label=_("Chosen shops"),
        required=False,
        max_length=2_000,
        help_text=_("Their short names, with commas between."),
    )
    must_read = forms.BooleanField(label=_("Must be read"), required=False)
    due_on = forms.DateField(
        label=_("To be read by"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )  # fmt: skip

    @property
    def facts(self) -> dict[str, Any]:
        """Give what the service takes."""
        facts = dict(self.cleaned_data)
        slugs = facts.pop("shops").replace("，", ",").split(",")
        return {**facts, "slugs": slugs}


def _address(each: Any) -> str:
    return reverse("supply:announcement", args=[each.pk])


def _title(each: Any) -> str:
    return texts.local(each, "title")


def _spread(each: Any) -> str:
    return gettext("%(n)s of %(of)s") % {"n": each.have_read, "of": each.shops}


class Notices(table.Table):
    """All announcements."""

    id, caption, order, csv_name = "announcements", _("Announcements"), "-published_at", "announcements"
    columns = [
        table.Column("title", _("Announcement"), value=_title, link=_address, card=1, fixed=True, clip=True),
        table.Column("audience", _("For whom"), value=lambda each: each.get_audience_display(), muted=True, card=3),
        table.Column("must", _("Must be read"), value=lambda each: gettext("Yes") if each.must_read else ""),
        table.Column("read", _("Read by"), value=_spread, align="end", card=2),
        table.date_column("due_on", _("To be read by"), time=False),
        table.date_column("published_at", pgettext_lazy("announcement", "Published"), sort="published_at", card=5),
        table.state_column(
            "state", _("State"), _STATES, value=lambda each: "back" if each.withdrawn_at else "out", hidden=True
        ),
    ]  # fmt: skip
    filters = [
        table.Text(fields=["title_en__icontains", "title_zh__icontains"]),
        table.Choice("must_read", _("Must be read"), choices=[("True", _("Yes")), ("False", _("No"))]),
        table.Choice("audience", _("For whom"), choices=Audience.choices),
    ]
    search_hint = _("Title")

    @property
    def empty(self) -> table.Empty:  # type: ignore[override]
        words = (
            _("No announcements yet"),
            _("What your shops should know stands on their home page; you see who has not read it."),
        )
        return table.Empty(*words, "megaphone", reverse("supply:announcement_new"), _("Write an announcement"))


class Readers(table.Table):
    """The shops an announcement is for: who has read it, and who has not."""

    id, caption, order, csv_name, allow_views, size = "announcement_shops", _("Shops"), "name", "readers", False, 50
    columns = [
        table.Column("name", _("Shop"), link=lambda each: reverse("supply:reseller", args=[each.slug]), sort="name", card=1, fixed=True),
        table.state_column("read", _("Read"), _READ, value=lambda each: each.read_at is not None, card=2),
        table.date_column("read_at", _("When"), card=3),
        table.Column("reader", _("By whom"), muted=True, card=5),
    ]  # fmt: skip
    filters = [table.Text(fields=["name__icontains", "slug__istartswith"])]
    search_hint = _("Shop")
    empty = table.Empty(_("Nobody"), _("No shop is concerned at the moment."), "store")


@supplier_role(*WRITERS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List announcements with how many shops have read each."""
    return table.respond(request, Notices(request, notices.listed()), "supplier/tools/announcements.html", {})


@supplier_role(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    """Write an announcement; a POST publishes it."""
    form = NoticeForm(request.POST or None)
    if form.is_valid():
        try:
            made = services.publish(**form.facts, actor_id=request.user.pk)
            toast.add(request, gettext("It stands on the shops' home pages now"))
            return redirect(_address(made))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return render(request, "supplier/tools/announcement_new.html", {"form": form}, status=422 if form.errors else 200)


@supplier_role(*WRITERS)
@require_safe
def page(request: Request, announcement_id: int) -> HttpResponseBase:
    """Show an announcement and who has, and who has not, read it."""
    found = notices.find(announcement_id)
    rows = notices.concerned(found)
    here = request.GET.get("only", "")
    chosen = {"unread": rows.filter(read_at=None), "read": rows.exclude(read_at=None)}.get(here, rows)
    context = {
        "row": found,
        "title": _title(found),
        "other": [(found.title_zh, found.text_zh)] if found.title_en and found.title_zh else [],
        "text": texts.local(found, "text"),
        "state": _STATES["back" if found.withdrawn_at else "out"],
        "here": here if here in ("read", "unread") else "",
        "table": Readers(request, chosen),
    }
    return table.respond(request, context["table"], "supplier/tools/announcement.html", context)


@supplier_role(*WRITERS)
@require_POST
def withdraw(request: Request, announcement_id: int) -> HttpResponseBase:
    """Take an announcement back."""
    found = services.withdraw(announcement_id=announcement_id, actor_id=request.user.pk)
    toast.add(request, gettext("Taken back: shops see it no longer"))
    return redirect(_address(found))


# --- A shop --------------------------------------------------------------------------------------------
@reseller_role()
@require_safe
def office_index(request: Request) -> HttpResponseBase:
    """List what S has told this shop."""
    assert request.reseller is not None
    rows = [
        (each, _title(each), prose.plain(texts.local(each, "text")), _late(each))
        for each in notices.of_shop(request.reseller)[:100]
    ]
    return render(
        request, "office/tools/announcements.html", {"rows": rows, "unread": sum(not row[0].read_at for row in rows)}
    )


def _late(each: Any) -> bool:
    return bool(each.due_on and not each.read_at and each.due_on < clock.now().date())


@reseller_role()
@require_safe
def office_page(request: Request, announcement_id: int) -> HttpResponseBase:
    """Show an announcement to a shop."""
    assert request.reseller is not None
    found = notices.one_of_shop(request.reseller, announcement_id)
    context = {"row": found, "title": _title(found), "text": texts.local(found, "text"), "late": _late(found)}
    return render(request, "office/tools/announcement.html", context)


@reseller_role("manager")
@require_POST
def office_read(request: Request, announcement_id: int) -> HttpResponseBase:
    """Say that it was read."""
    assert request.reseller is not None
    services.read(reseller=request.reseller, announcement_id=announcement_id, reader_id=request.user.pk)
    toast.add(request, gettext("Noted"))
    return redirect(reverse("office:announcements", kwargs={"shop": request.reseller.slug}))
