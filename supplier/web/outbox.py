"""The outbox desk: how events flow, and what to do with those that failed."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.jobs.bulk import Bulk, Doing
from s2b2c.jobs.web import offers
from s2b2c.kernel.errors import Refused
from s2b2c.outbox import runs, watch
from s2b2c.outbox.models import OutboxEvent
from s2b2c.ui import table, toast
from s2b2c.ui.states import State
from supplier.selectors import outbox
from supplier.services import outbox as services
from supplier.web import event_words, shown

STATES = {
    "pending": State("info", pgettext_lazy("event", "Waiting")),
    "done": State("ok", _("Done")),
    "dead": State("bad", _("Failed")),
    "skipped": State("", _("Passed over"), "stop"),
}


def _cause(event: OutboxEvent) -> str:
    """Give the last line of what went wrong."""
    return event.error.strip().rpartition("\n")[2][:200]


class Failed(table.Table):
    """Events that were given up."""

    id, caption, order, csv_name = "failed", _("Events that failed"), "-id", "failed-events"
    columns = [
        table.Column("topic", _("Event"), value=lambda each: event_words.words(each.topic), export=lambda each: each.topic, link=lambda each: reverse("supply:outbox_event", args=[each.pk]), card=1, fixed=True),
        table.Column("key", _("About"), muted=True, card=3),
        table.Column("cause", _("What went wrong"), value=_cause, clip=True),
        table.Column("tries", _("Tries"), align="end"),
        table.Column("age", _("Waiting"), value=lambda each: shown.age(each.created_at), export=lambda each: each.created_at, muted=True, card=4),
    ]  # fmt: skip
    filters = [
        table.Text(fields=["key__startswith", "topic__istartswith"]),
        table.DateRange("made", _("Day"), field="created_at"),
    ]
    search_hint = _("Event or key")
    empty = table.Empty(
        _("No event has failed"), _("One that fails twelve times waits here for a person."), "circle-check"
    )


def _retry(event_id: int, doing: Doing) -> None:
    services.retry(event_id=event_id, actor=doing.actor)


def _retried(n: int) -> str:
    return ngettext("%(n)s event is tried again", "%(n)s events are tried again", n) % {"n": f"{n:,}"}


def _matching(words: QueryDict) -> QuerySet[OutboxEvent]:
    return Failed.narrowed(outbox.failed(), words)


RETRY = Bulk("supply.events.retry", _("Try again"), roles=(), rows=_matching, do=_retry, said=_retried, name="key", back="outbox", icon="rotate-cw")  # fmt: skip
BULK = (RETRY,)


@supplier_role("support")
@require_safe
def index(request: Request) -> HttpResponseBase:
    """Show how events flow, and those that failed."""
    listed = Failed(request, outbox.failed(), actions=offers.actions(request, RETRY))
    context = {
        "flows": [_shown(flow) for flow in watch.flows()],
        "dead": outbox.dead(),
        "late": watch.late_seconds(),
        "limit": settings.OUTBOX_ALARM_SECONDS,
        "payments": runs.last("reconcile_payments"),
    }
    return table.respond(request, listed, "supplier/outbox/list.html", context)


WAYS = {
    watch.TO_SUPPLIER: _("From the shops to us"),
    watch.TO_SHOP: _("From us to the shops"),
    watch.OUTSIDE: _("To the outside: payments and mail"),
}


def _shown(flow: watch.Flow) -> dict[str, Any]:
    """Give a way with its name and the bars of its last hour, the hour's peak among them."""
    return {"flow": flow, "name": WAYS[flow.way], "peak": max(flow.per_minute)}


class Skip(forms.Form):
    """Why an event is passed over."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


@supplier_role("support")
@require_safe
def page(request: Request, event_id: int) -> HttpResponse:
    """Show one event."""
    return _page(request, event_id, Skip())


def _page(request: Request, event_id: int, form: forms.Form) -> HttpResponse:
    event = outbox.find(event_id)
    context: dict[str, Any] = {
        "event": event,
        "title": event_words.words(event.topic),
        "state": STATES[event.state],
        "payload": json.dumps(event.payload, indent=2, ensure_ascii=False, sort_keys=True),
        "acted": outbox.acted(event),
        "behind": outbox.behind(event) if event.state == "dead" else 0,
        "shop": outbox.shops([event]).get(event.reseller_id),
        "form": form,
        "may_act": request.membership is not None and request.membership.role == "admin",
    }
    return render(request, "supplier/outbox/page.html", context, status=422 if form.errors else 200)


@supplier_role("admin")
@require_POST
def retry(request: Request, event_id: int) -> HttpResponse:
    """Let an event be handled again."""
    services.retry(event_id=event_id, actor=request.user)
    toast.add(request, gettext("It is tried again now"))
    return redirect("supply:outbox_event", event_id)


@supplier_role("admin")
@require_POST
def skip(request: Request, event_id: int) -> HttpResponse:
    """Pass over an event for good."""
    form = Skip(request.POST)
    if form.is_valid():
        try:
            services.skip(event_id=event_id, actor=request.user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            toast.add(request, gettext("Passed over; what waited behind it goes on"))
            return redirect("supply:outbox")
    return _page(request, event_id, form)
