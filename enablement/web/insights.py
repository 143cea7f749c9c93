"""Insights: how sales go, of the network for S, of its own shop for b. Every figure leads to the list behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from enablement.selectors import benchmark, insights, visits
from enablement.selectors import forecasts as foretold
from enablement.selectors.insights import Figures, Grain, Span
from enablement.services import benchmark as made
from enablement.web import forecasts, shown
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role, supplier_role
from s2b2c.kernel import clock, texts
from s2b2c.kernel.money import exponent
from s2b2c.tenancy.models import Reseller
from s2b2c.ui import figures
from supplier.models import Company, Variant

NEXT = 6
Link = Callable[[date, date], str]


@supplier_role("finance", "support")
@require_safe
def supply(request: Request) -> HttpResponse:
    """Show S the sales of the network."""
    home = Company.objects.values_list("currency", flat=True).first() or "USD"
    span, currency, choices = _asked(request, home)
    now, was = insights.by_day(span, currency), insights.by_day(span.before, currency)
    orders, returns = reverse("supply:orders"), reverse("supply:returns")
    context = {
        **_common(span, currency, choices, now, was, lambda first, last: f"{orders}?{_placed(first, last)}"),
        "came": _came(span),
        "returns_url": f"{returns}?{urlencode({'since_from': span.first, 'since_to': span.last})}",
        "tabs": forecasts.tabs("sales"),
        "tops": [_resellers(span, currency), _products(span, currency), _categories(span, currency)],
    }
    return render(request, "supplier/insights.html", context)


@reseller_role("manager")
@require_safe
def office(request: Request) -> HttpResponse:
    """Show b the sales of its own shop."""
    assert request.reseller is not None
    shop = request.reseller
    span, currency, choices = _asked(request, shop.currency, shop.pk)
    now, was = (insights.by_day(each, currency, shop.pk) for each in (span, span.before))
    orders, lines = (reverse(f"office:{name}", kwargs={"shop": shop.slug}) for name in ("orders", "money_lines"))
    context = {
        **_common(span, currency, choices, now, was, lambda first, last: f"{orders}?{_placed(first, last)}"),
        "came": _came(span, shop.pk),
        "returns_url": f"{lines}?{urlencode({'kind': 'back', 'at_from': span.first, 'at_to': span.last})}",
        "money_url": lines,
        "best": _best(shop, span, currency),
        "next": _next(shop),
        "beside": _beside(shop),
        "record": foretold.record(shop.pk),
    }
    return render(request, "office/insights.html", context)


def _asked(request: Request, home: str, reseller_id: int | None = None) -> tuple[Span, str, list[str]]:
    """Read period and currency from the address; what is not offered is the default."""
    choices = insights.currencies(reseller_id)
    currency = request.GET.get("currency", "")
    if currency not in choices:
        currency = home if home in choices or not choices else choices[0]
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(each) for each in insights.SPANS} else 28
    return Span(clock.now().date(), days), currency, choices


def _placed(first: date, last: date) -> str:
    return urlencode({"placed_from": first, "placed_to": last})


_ByDay = dict[date, Figures]


def _common(
    span: Span, currency: str, choices: list[str], now: _ByDay, was: _ByDay, link: Link
) -> dict[str, Any]:  # fmt: skip
    total, before = insights.total(now.values()), insights.total(was.values())
    return {
        "span": span,
        "currency": currency,
        "currencies": choices,
        "spans": [(days, _words(days)) for days in insights.SPANS],
        "total": total,
        "before": before,
        "changes": {name: figures_change(total, before, name) for name in ("sales_minor", "orders", "margin_minor")},
        "orders_url": link(span.first, span.last),
        "days": [_day(day, before_day, now, was, link) for day, before_day in _pairs(span)],
        "summed_at": insights.summed_at(),
        "chart": _chart(span, currency, now, was),
        "any": bool(now or was),
    }


def _words(days: int) -> str:
    return {7: _("7 days"), 28: _("4 weeks"), 91: _("13 weeks")}[days]


def _came(span: Span, reseller_id: int | None = None) -> dict[str, Any]:
    """Give visits and what they became, beside the period before."""
    now, was = visits.conversion(span, reseller_id), visits.conversion(span.before, reseller_id)
    return {
        "now": now,
        "was": was,
        "change": _percent(now.visits, was.visits) if was.since == span.before.first else "",
        "late": now.since is not None and now.since > span.first,
    }


def _pairs(span: Span) -> list[tuple[date, date]]:
    return list(zip(span.each(), span.before.each(), strict=True))


def _day(day: date, before: date, now: _ByDay, was: _ByDay, link: Link) -> dict[str, Any]:
    return {"on": day, "url": link(day, day), "now": now.get(day, Figures()), "was": was.get(before, Figures())}


def figures_change(total: Figures, before: Figures, name: str) -> str:
    """Say by how much a figure changed, in percent; nothing where there is nothing to compare with."""
    return _percent(getattr(total, name), getattr(before, name))


def _percent(here: int, there: int) -> str:
    if there <= 0:
        return ""
    percent = (here - there) * 100 / there
    return f"{'+' if percent >= 0 else figures.MINUS}{abs(percent):.1f} %"


def _chart(span: Span, currency: str, now: _ByDay, was: _ByDay) -> dict[str, Any]:
    """Give what the script draws: the same figures as the table."""
    pairs, none = _pairs(span), Figures()
    return {
        "labels": [date_format(day, "MONTH_DAY_FORMAT") for day, _before in pairs],
        "series": [
            {"name": _("Sales"), "values": [now.get(day, none).sales_minor for day, _before in pairs]},
            {"name": _("The period before"), "values": [was.get(before, none).sales_minor for _day, before in pairs]},
        ],
        "currency": currency,
        "decimals": exponent(currency),
    }


def _rows(
    found: Iterable[tuple[Any, Figures]], name: Callable[[Any], str], url: Callable[[Any], str]
) -> list[dict[str, Any]]:  # fmt: skip
    listed = list(found)
    most = max((each.sales_minor for _thing, each in listed), default=0)
    return [
        {"thing": thing, "name": name(thing), "url": url(thing), "figures": each,
         "share": max(each.sales_minor, 0) * 100 // most if most > 0 else 0}
        for thing, each in listed
    ]  # fmt: skip


def _name(thing: Any) -> str:
    return texts.local(thing, "name")


def _resellers(span: Span, currency: str) -> dict[str, Any]:
    orders = reverse("supply:orders")
    rows = _rows(
        insights.top(Grain.RESELLER, span, currency),
        lambda shop: shop.name,
        lambda shop: f"{orders}?shop={shop.slug}&{_placed(span.first, span.last)}",
    )
    return {"title": _("Top resellers"), "head": _("Shop"), "counted": _("Orders"), "rows": rows}


def _products(span: Span, currency: str) -> dict[str, Any]:
    rows = _rows(
        insights.top(Grain.PRODUCT, span, currency),
        _name,
        lambda product: reverse("supply:product", args=[product.pk]),
    )
    _add_sell_through(rows)
    _add_views(rows, span)
    return {"title": _("Top products"), "head": _("Product"), "rows": rows, "goods": True}


def _categories(span: Span, currency: str) -> dict[str, Any]:
    catalogue = reverse("supply:catalogue")
    rows = _rows(insights.top(Grain.CATEGORY, span, currency), _name, lambda each: f"{catalogue}?category={each.slug}")
    return {"title": _("Top categories"), "head": _("Category"), "rows": rows}


def _best(shop: Reseller, span: Span, currency: str) -> list[dict[str, Any]]:
    products = reverse("office:products", kwargs={"shop": shop.slug})
    found = insights.best_of(shop.pk, span, currency)
    rows = _rows(found, _name, lambda product: f"{products}?{urlencode({'q': product.code})}")
    _add_views(rows, span, shop.pk)
    return rows


def _beside(shop: Reseller) -> dict[str, Any] | None:
    """Give the shop's last month beside the shops it is compared with."""
    found = benchmark.of_shop(shop.pk)
    if found is None or not found[1]:
        return None
    month, compared = found
    rows = [
        {"title": _FIGURES[each.figure], "money": each.figure == "basket", "part": each.figure in ("margin", "back"),
         "own": made.value_of(each.figure, each.own), "low": each.low, "middle": each.middle, "high": each.high}
        for each in compared
    ]  # fmt: skip
    return {
        "month": month,
        "rows": [_shown(row, compared[0].currency) for row in rows],
        "others": min(each.members for each in compared) - 1,
    }


def _shown(row: dict[str, Any], currency: str) -> dict[str, Any]:
    """Write the figures of a row as its kind asks."""

    def word(value: float | None) -> str:
        if value is None:
            return "–"
        if row["money"]:
            return figures.amount(round(value), currency)
        return f"{value / 100:.1f} %" if row["part"] else f"{value:,.0f}"

    return {"title": row["title"], **{name: word(row[name]) for name in ("own", "low", "middle", "high")}}


_FIGURES = {
    "orders": _lazy("Orders"),
    "basket": _lazy("Average order"),
    "margin": _lazy("Kept of sales"),
    "back": _lazy("Went back"),
}


def _next(shop: Reseller) -> list[dict[str, Any]]:
    """Give what the shop is to sell most in the next four weeks."""
    listed = list(foretold.fresh(shop.pk).order_by("-ahead", "variant_id")[:NEXT])
    variants = Variant.objects.select_related("product").in_bulk([each.variant_id for each in listed])
    products = reverse("office:products", kwargs={"shop": shop.slug})
    return [
        {"variant": variant, "title": shown.title(variant), "forecast": each, "band": forecasts.between(each),
         "url": f"{products}?{urlencode({'q': variant.product.code})}", "past": forecasts.past(each),
         "why": forecasts.model_words(each)}
        for each in listed
        if (variant := variants.get(each.variant_id)) and each.ahead >= 0.5
    ]  # fmt: skip


def _add_views(rows: list[dict[str, Any]], span: Span, reseller_id: int | None = None) -> None:
    """Add how often each product's page was opened; None where nothing was counted."""
    opened = visits.of_products([row["thing"].pk for row in rows], span, reseller_id)
    for row in rows:
        row["views"] = opened.get(row["thing"].pk)


def _add_sell_through(rows: list[dict[str, Any]]) -> None:
    pieces = {row["thing"].pk: row["figures"].pieces for row in rows}
    rates = insights.sell_through(pieces, pieces)
    for row in rows:
        row["through"] = rates.get(row["thing"].pk)
