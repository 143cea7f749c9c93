"""Settings of the supplier office that are about people and machines."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.models import AuditEntry
from s2b2c.accounts.permissions import step_up, step_up_to_write, supplier_role
from s2b2c.accounts.selectors import audit as audit_selectors
from s2b2c.accounts.web import actions
from s2b2c.accounts.web import staff as staff_pages
from s2b2c.api.web import keys
from s2b2c.ui.table import Choice, Column, DateRange, Empty, Table, Text, date_column, respond


@never_cache
@supplier_role("admin")
@require_http_methods(["GET", "HEAD", "POST"])
@step_up_to_write
def staff(request: Request) -> HttpResponse:
    """Who works for S, in which role."""
    return staff_pages.page(request)


@never_cache
@supplier_role("admin")
@require_http_methods(["GET", "HEAD", "POST"])
@step_up
def api_keys(request: Request) -> HttpResponse:
    """Keys for S's own systems."""
    return keys.page(request)


@never_cache
@supplier_role("admin")
@require_safe
def audit(request: Request) -> HttpResponseBase:
    """Who did what, when; nothing in it can be changed."""
    return respond(request, AuditTable(request, audit_selectors.entries()), "account/audit.html")


# Beginnings of actions, for the filter.
_KINDS: list[tuple[str, str | Promise]] = [
    ("staff", _("Staff")),
    ("api_key", _("API keys")),
    ("account", _("User accounts")),
    ("reseller", _("Resellers")),
    ("product", _("Catalogue")),
    ("stock", _("Stock")),
    ("order", _("Orders")),
    ("import", _("Imports")),
]


def _of_kind(rows: Any, asked: list[str]) -> Any:
    return rows.filter(action__regex=rf"^({'|'.join(asked)})\.")


def _detail(entry: AuditEntry) -> SafeString:
    return format_html('<span class="mut">{}</span>', actions.details(entry.detail))


class AuditTable(Table):
    id = "audit"
    caption = _("Audit log")
    order = "-id"
    columns = (
        date_column("at", _("When"), card=4, fixed=True),
        Column("actor", _("Who"), value=lambda entry: str(entry.actor or _("The system")), card=3),
        Column(
            "action",
            _("What"),
            value=lambda entry: actions.words(entry.action),
            export=lambda entry: entry.action,
            card=1,
        ),
        Column(
            "subject",
            _("On what"),
            value=lambda entry: actions.subject(entry.subject),
            export=lambda entry: entry.subject,
            card=5,
        ),
        Column("reseller", _("Shop"), value="reseller.name"),
        Column("detail", _("Details"), cell=_detail, export=lambda entry: entry.detail, wrap=True),
    )
    filters = (
        Text(fields=("subject__icontains", "actor__email__icontains", "actor__name__icontains")),
        Choice("kind", _("Kind"), choices=_KINDS, apply=_of_kind),
        DateRange("at", _("Day")),
    )
    search_hint = _("Person or thing")
    empty = Empty(
        _("Nothing has been written down yet"), _("Every change that matters leaves a line here."), "history"
    )
