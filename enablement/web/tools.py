"""Tools in the supplier's office: which shops use which, and what changed with them."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from enablement.selectors import tools
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel import texts
from s2b2c.ui import table
from supplier.models import Company

READERS = ("support", "catalogue", "finance")
TIPS = {
    "share": _("Show your shop to people who know you"),
    "sold_out": _("Put things on your front page that can be sent"),
    "kit": _("Take on a kit"),
    "quiet": _("Give a reason to come back"),
    "words": _("Own words for a best seller"),
    "course": _("Take a course"),
}


def _yes(value: bool) -> str:
    return gettext("Yes") if value else ""


def _change(each: Any) -> str:
    found = tools.percent(each.then_minor, each.now_minor)
    return "" if found is None else signed(found)


def signed(percent: int) -> str:
    """Give a change with its sign."""
    return f"{'+' if percent > 0 else '−' if percent < 0 else '±'}{abs(percent)} %"


class Shops(table.Table):
    """The open shops and what each uses."""

    id, caption, order, csv_name = "tools", _("Shops and their tools"), "name", "tools"
    columns = [
        table.Column("name", _("Shop"), link=lambda each: reverse("supply:reseller", args=[each.slug]), sort="name", card=1, fixed=True),
        table.Column("score", _("Score"), value=lambda each: "" if each.score < 0 else each.score, align="end", sort="score", card=4, headed=True),
        table.Column("kits", _("Kits"), align="end", sort="kits"),
        table.Column("courses", _("Courses passed"), align="end", sort="courses"),
        table.Column("partner", _("Partner shop"), value=lambda each: _yes(each.partner)),
        table.Column("unread", _("Must-reads not read"), align="end", sort="unread", card=3, headed=True),
        table.Column("own_address", _("Own address"), value=lambda each: _yes(each.own_address)),
        table.Column("followed", _("Tips followed"), align="end", sort="followed"),
        table.money_column("now_minor", _("Sales, 4 weeks"), currency="currency", sort="now_minor", card=2),
        table.Column("change", _("Against the 4 before"), value=_change, align="end", card=5, headed=True),
    ]  # fmt: skip
    filters = [table.Text(fields=["name__icontains", "slug__istartswith"])]
    search_hint = _("Shop")
    empty = table.Empty(_("No open shops yet"), _("What they use stands here."), "store")


@supplier_role(*READERS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """Show who uses what, and what changed with it."""
    currency = Company.objects.values_list("currency", flat=True).first() or "USD"
    used = tools.adoption()
    listed = Shops(request, tools.shops())
    context: dict[str, Any] = {
        "currency": currency,
        "used": [
            (word, getattr(used, name), used.shops)
            for name, word in (
                ("kits", _("have a kit on")), ("courses", _("passed a course")), ("read_all", _("have read all they must")),
                ("tipped", _("followed a tip")), ("addresses", _("use their own address")),
            )
        ],
        "changed": [(each, texts.local(each.kit, "title"), *_both(each)) for each in tools.changed(currency)],
        "tips": [{**each, "word": TIPS.get(each["code"], each["code"])} for each in tools.tips()],
        "table": listed,
    }  # fmt: skip
    return table.respond(request, listed, "supplier/tools/tools.html", context)


def _both(each: tools.Changed) -> tuple[str, str]:
    return tuple("" if found is None else signed(found) for found in (each.change, each.others_change))  # type: ignore[return-value]
