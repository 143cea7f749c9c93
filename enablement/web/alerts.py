"""Days that were unlike others, as the first page of S's office loads them, and as a page of their own."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from enablement.selectors import alerts
from enablement.selectors.alerts import Alert, Beyond
from enablement.web import forecasts, shown
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role


@supplier_role()
@require_safe
def index(request: Request) -> HttpResponse:
    """Tell what was unlike other days yesterday, and what was far from its forecast: of all shops and of single things."""
    unlike = alerts.of_network()
    rows = [{"title": _title(each), "words": words(each), "more": each.more, "url": _url(each)} for each in unlike]
    told = {each.reseller.pk if each.reseller else 0 for each in unlike}
    rows += [
        {"title": _thing(each), "words": _beyond(each), "more": each.more, "url": _where(each)}
        for each in alerts.beyond()
        if each.variant is not None or each.told.reseller_id not in told
    ]
    context: dict[str, Any] = {"alerts": rows, "tabs": forecasts.tabs("alerts")}
    part = bool(request.headers.get("HX-Request"))
    return render(request, "supplier/_alerts.html" if part else "supplier/alerts.html", context)


def _title(alert: Alert) -> str:
    return alert.reseller.name if alert.reseller is not None else _("All shops")


def words(alert: Alert) -> str:
    """Say what was unlike, and against what."""
    return _("%(orders)s orders on %(on)s. On the eight such weekdays before it was %(usual)s, mostly %(low)s to %(high)s.") % {
        "orders": alert.orders, "on": date_format(alert.on, "WEEKDAY_FORMAT"), "usual": f"{alert.usual:g}",
        "low": alert.low, "high": alert.high,
    }  # fmt: skip


def _url(alert: Alert) -> str:
    asked = {
        "placed_from": alert.on,
        "placed_to": alert.on,
        **({"shop": alert.reseller.slug} if alert.reseller else {}),
    }
    return f"{reverse('supply:orders')}?{urlencode(asked)}"


def _thing(each: Beyond) -> str:
    if each.variant is not None:
        return shown.title(each.variant)
    return each.reseller.name if each.reseller is not None else _("All shops")


def _beyond(each: Beyond) -> str:
    """Say what was sold, and what had been foretold."""
    told = each.told
    return _("%(sold)s pieces on %(on)s. Foretold the night before: %(expected)s, four times of five %(low)s to %(high)s.") % {
        "sold": told.sold, "on": date_format(told.day, "WEEKDAY_FORMAT"), "expected": f"{told.expected:.1f}",
        "low": told.low, "high": told.high,
    }  # fmt: skip


def _where(each: Beyond) -> str:
    """Give the forecast of a variant, else the day's orders."""
    if each.variant is not None:
        return reverse("supply:forecast", args=[each.variant.pk])
    asked = {"placed_from": each.told.day, "placed_to": each.told.day}
    if each.reseller is not None:
        asked["shop"] = each.reseller.slug  # type: ignore[assignment]
    return f"{reverse('supply:orders')}?{urlencode(asked)}"
