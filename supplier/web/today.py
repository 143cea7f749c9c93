"""Today: what waits for us, and how the day is going."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel import clock
from s2b2c.kernel.money import format_minor
from s2b2c.ui.figures import MINUS
from supplier.selectors import today
from supplier.selectors.today import Compared, Figures
from supplier.web import orders, shown

# name, label, URL name, query, who sees it, how long one may wait
QUEUES = [
    ("queued", _("To pick"), "supply:fulfilment", "state=queued", ("warehouse", "support"), timedelta(hours=24)),
    ("picking", _("Being picked"), "supply:fulfilment", "state=picking", ("warehouse", "support"), timedelta(hours=4)),
    ("packed", _("Packed, to hand over"), "supply:fulfilment", "state=packed", ("warehouse", "support"), timedelta(hours=8)),
    ("part_shipped", _("Part shipped"), "supply:fulfilment", "state=part_shipped", ("warehouse", "support"), timedelta(days=2)),
    ("held_lots", _("Orders that wait for a lot"), "supply:held_orders", "", ("warehouse", "support", "quality"), timedelta(hours=24)),
    ("short", _("Short in the last 7 days"), "supply:orders", "short=1", ("warehouse", "support", "finance"), None),
    ("applied", _("Applications of resellers"), "supply:resellers", "status=applied", ("support", "finance"), timedelta(days=2)),
    ("provider", _("Lines of the payment provider that fit nothing"), "supply:provider", "state=open", ("finance",), timedelta(0)),
    ("payouts_unresolved", _("Payouts nobody knows of"), "supply:payouts", "state=unresolved", ("finance",), timedelta(hours=1)),
    ("payouts_bank", _("Payouts for the bank"), "supply:payouts", "state=created&method=bank", ("finance",), timedelta(days=2)),
    ("settlements", _("Settlement runs to review or release"), "supply:settlements", "state=draft&state=reviewed", ("finance",), timedelta(days=2)),
    ("late", _("Events that wait for too long"), "supply:outbox", "", ("support",), timedelta(0)),
    ("dead", _("Events that failed"), "supply:outbox", "", ("support",), timedelta(0)),
]  # fmt: skip


@supplier_role()
@require_safe
def index(request: Request) -> HttpResponse:
    """Show queues, figures and the last orders."""
    by_week = request.GET.get("period") == "week"
    currency, now = orders.home_currency(), clock.now()
    compared = (today.week if by_week else today.today)(now, currency)
    role = request.membership.role if request.membership else ""
    may_see_orders = role in ("admin", *orders.READERS)
    context = {
        "by_week": by_week,
        "day": timezone.localdate(),
        "base": _base(compared),
        "stats": _stats(compared, currency),
        "queues": _queues(role),
        "loads": _loads() if role in ("admin", "warehouse", "support") else [],
        "recent": [_row(order) for order in today.recent()] if may_see_orders else [],
        "may_see_orders": may_see_orders,
        "may_pick": role in ("admin", "warehouse"),
    }
    return render(request, "supplier/today/page.html", context)


def _queues(role: str) -> list[dict[str, Any]]:
    found = today.queues()
    shown_queues = []
    for name, label, url, query, roles, limit in QUEUES:
        queue = found.get(name)
        if queue is None or not queue.count or role not in ("admin", *roles):
            continue
        shown_queues.append(
            {
                "count": queue.count,
                "label": label,
                "url": reverse(url) + (f"?{query}" if query else ""),
                "age": shown.age(queue.oldest_at),
                "over": limit is not None and shown.is_over(queue.oldest_at, limit),
            }
        )
    return shown_queues


def _loads() -> list[dict[str, Any]]:
    return [
        {"code": each.warehouse.code, "name": shown.local(each.warehouse), "queued": each.queued, "picking": each.picking, "packed": each.packed}
        for each in today.loads()
    ]  # fmt: skip


def _base(compared: Compared) -> str:
    """Name what the figures are compared with."""
    until = timezone.localtime(compared.until)
    if compared.by_hour:
        return gettext("%(day)s to %(time)s") % {
            "day": date_format(until, "WEEKDAY_FORMAT"),
            "time": date_format(until, "H:i"),
        }
    since = timezone.localtime(compared.since)
    return gettext("%(from)s to %(until)s, %(time)s") % {
        "from": date_format(since, "MONTH_DAY_FORMAT"),
        "until": date_format(until, "MONTH_DAY_FORMAT"),
        "time": date_format(until, "H:i"),
    }


def _stats(compared: Compared, currency: str) -> list[dict[str, Any]]:
    now, was, base = compared.now, compared.was, _base(compared)
    sales = format_minor(now.sales[currency], currency)
    rest = " + ".join(format_minor(minor, each) for each, minor in sorted(now.sales.items()) if each != currency)
    rows: list[tuple[Any, Any, int, int, Any]] = [
        (_("Sales"), f"{sales} + {rest}" if rest else sales, now.sales[currency], was.sales[currency], format_minor(was.sales[currency], currency)),
        (_("Orders"), f"{now.orders:,}", now.orders, was.orders, f"{was.orders:,}"),
        (_("Units"), f"{now.units:,}", now.units, was.units, f"{was.units:,}"),
    ]  # fmt: skip
    return [
        {
            "label": label,
            "value": value,
            **_change(here, there),
            "note": f"{base}: {before}",
            "now": _line(compared.now, compared, index, upto_now=True),
            "was": _line(compared.full, compared, index, upto_now=False),
        }
        for index, (label, value, here, there, before) in enumerate(rows)
    ]


def _change(now: int, was: int) -> dict[str, str]:
    """Say by how much a figure changed; nothing where there is nothing to compare with."""
    if not was:
        return {"change": "", "tone": "ok"}
    percent = (now - was) * 100 / was
    sign = "+" if percent >= 0 else MINUS
    return {"change": f"{sign}{abs(percent):.1f} %", "tone": "ok" if percent >= 0 else "warn"}


def _line(figures: Figures, compared: Compared, index: int, *, upto_now: bool) -> list[int]:
    """Give one figure per hour or day; of the present span only as far as it has come."""
    last = compared.slots
    if upto_now:
        until: datetime = timezone.localtime(compared.until)
        last = until.hour + 1 if compared.by_hour else 7
    return [figures.slots.get(slot, (0, 0, 0))[index] for slot in range(last)]


def _row(order: Any) -> dict[str, Any]:
    lines = list(order.lines.all())
    first = shown.local(lines[0].variant.product) if lines else ""
    more = len({line.variant_id for line in lines}) - 1
    return {
        "order": order,
        "url": orders.address(order),
        "items": gettext("%(first)s and %(n)s more") % {"first": first, "n": more} if more > 0 else first,
        "from": ", ".join(each.warehouse.code for each in order.fulfilments.all()),
        "state": shown.STEPS[orders.orders.step(order)],
    }
