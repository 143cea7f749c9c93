"""Forecasts as S sees them: all of them, and one with its band, why it is as it is, and how well it did."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from enablement.models import Forecast, PastForecast
from enablement.selectors import forecasts
from enablement.web import shown
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel import clock
from s2b2c.ui import figures, table
from supplier.models import Variant
from supplier.selectors import stock

DAYS = 28
SHOWN = 56  # days before
READERS = ("finance", "support", "catalogue", "warehouse")
_MODELS = {
    "level": (_("Steady"), _("Sells steadily: the mean of past days, later ones weighing more.")),
    "trend": (_("Trend"), _("Rises or falls: level and trend are smoothed, and the trend is taken to die away.")),
    "theta": (_("Half a trend"), _("Rises or falls a little: the level, and half of the last 13 weeks’ slope for two weeks.")),
    "rare": (_("Now and then"), _("Sells now and then: how often and how many at a time are smoothed apart.")),
    "slow": (_("Long mean"), _("Jumps about: the plain mean of 13 weeks erred least.")),
    "mixed": (_("Mixed"), _("No single way was clearly better: the mean of three ways.")),
}  # fmt: skip


def model_words(forecast: Forecast) -> str:
    """Say in a sentence how it was forecast."""
    return str(_MODELS[forecast.model][1])


def between(forecast: Forecast, days: int = DAYS) -> str:
    """Write the band of so many days: "20 – 39"."""
    ahead = forecasts.ahead(forecast, days)
    return f"{ahead.low:,.0f} – {ahead.high:,.0f}"


def past(forecast: Forecast) -> str:
    """Say how well it did on days it did not see."""
    if forecast.error is None or forecast.naive is None or forecast.inside is None:
        return gettext("Sold for too short a time to test it on days that are over.")
    return gettext(
        "On days it did not see it was off by %(error)s pieces a day; “the same as a week before” by %(naive)s. %(inside)s %% of those days lay in its band; it aims at 80 %%."
    ) % {"error": f"{forecast.error:.1f}", "naive": f"{forecast.naive:.1f}", "inside": f"{forecast.inside * 100:.0f}"}


def came(variant_id: int | None) -> str:
    """Say what of the last four weeks' days had been foretold: of a variant, 0 all together, None each; nothing before."""
    found = forecasts.outcome(variant_id)
    if not found.days:
        return ""
    told = {"n": f"{found.days:,}", "inside": f"{found.inside:,}", "percent": found.inside_percent,
            "expected": f"{found.expected:,.0f}", "sold": f"{found.sold:,}"}  # fmt: skip
    return (
        ngettext(
            "Of %(n)s day foretold the night before, %(inside)s lay in the band (%(percent)s %%; it aims at 80 %%): %(expected)s pieces expected, %(sold)s sold.",
            "Of %(n)s days foretold the night before, %(inside)s lay in the band (%(percent)s %%; it aims at 80 %%): %(expected)s pieces expected, %(sold)s sold.",
            found.days,
        )
        % told
    )


def against(forecast: Forecast) -> str:
    """Write by how much it erred less than "the same as a week before"; nothing where that was never wrong."""
    if forecast.error is None or not forecast.naive:
        return ""
    percent = round((forecast.error / forecast.naive - 1) * 100)
    return f"{'+' if percent > 0 else figures.MINUS if percent else ''}{abs(percent)} %"


class Forecasts(table.Table):
    """What is expected of each variant, what sells most at the top."""

    id, caption, order, csv_name = "forecasts", _("Forecasts"), "-ahead", "forecasts"
    filters = [table.Text(apply=stock.matching)]
    search_hint = _("SKU, barcode, name")
    empty = table.Empty(
        _("No forecasts yet"),
        _("They are made each night from the sales of all shops, once there are two weeks of them."),
        "chart-line",
    )

    def __init__(self, request: HttpRequest, **more: Any) -> None:
        self.found = {each.variant_id: each for each in forecasts.fresh()}
        self.columns = [
            table.Column("sku", _("SKU"), link=lambda each: reverse("supply:forecast", args=[each.pk]), card=1, fixed=True),
            table.Column("product", _("Product"), value=shown.title, cell=shown.named, card=3, clip=True),
            table.Column("sold", _("Sold, 28 days"), value=lambda each: self.of(each).sold, align="end"),
            table.Column("ahead", _("Next 28 days"), value=lambda each: round(each.ahead), sort="ahead", align="end", card=2),
            table.Column("band", _("Four times of five"), value=lambda each: between(self.of(each)), align="end", card=4),
            table.Column("model", pgettext_lazy("forecast", "How"), value=lambda each: str(_MODELS[self.of(each).model][0]), muted=True),
            table.Column("against", _("Error against last week"), value=lambda each: against(self.of(each)), align="end"),
            table.Column("inside", _("In band"), value=lambda each: _percent(self.of(each).inside), align="end"),
        ]  # fmt: skip
        ahead = Subquery(forecasts.fresh().filter(variant_id=OuterRef("pk")).values("ahead")[:1])
        rows = Variant.objects.filter(pk__in=self.found).select_related("product")
        super().__init__(request, rows.prefetch_related("product__media", "media").annotate(ahead=ahead), **more)

    def of(self, variant: Variant) -> Forecast:
        """Give the forecast of a row."""
        return self.found[variant.pk]


def _percent(part: float | None) -> str:
    return "–" if part is None else f"{part * 100:.0f} %"


def tabs(here: str) -> list[tuple[str, Any, bool]]:
    """Give the pages of the supplier's insights."""
    return [
        (reverse("supply:insights"), _("Sales"), here == "sales"),
        (reverse("supply:forecasts"), _("Forecasts"), here == "forecasts"),
        (reverse("supply:advice"), _("Product advice"), here == "advice"),
        (reverse("supply:alerts"), _("Unlike other days"), here == "alerts"),
    ]


@supplier_role(*READERS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List what is expected of each variant."""
    more: dict[str, Any] = {"tabs": tabs("forecasts"), "record": forecasts.record(), "night": forecasts.last_run()}
    if (together := forecasts.of_all()) is not None:
        days = _days(together)
        more |= {"days": days, "chart": _chart(together, days), "came": came(0), "each_came": came(None)}
    return table.respond(request, Forecasts(request), "supplier/forecasts/list.html", more)


@supplier_role(*READERS)
@require_safe
def page(request: Request, variant_id: int) -> HttpResponse:
    """Show the forecast of a variant beside what was sold."""
    variant = get_object_or_404(Variant.objects.select_related("product"), pk=variant_id)
    forecast = forecasts.of([variant_id]).get(variant_id)
    if forecast is None:
        raise Http404
    spans = [(_span(days), forecasts.ahead(forecast, days)) for days in forecasts.SPANS]
    days = _days(forecast)
    context = {
        "variant": variant, "title": shown.title(variant), "forecast": forecast, "spans": spans, "days": days,
        "why": model_words(forecast), "past": past(forecast), "against": against(forecast), "chart": _chart(forecast, days),
        "came": came(variant_id),
        "week": [each for each in days if each["on"] >= forecast.made_on][:7],
    }  # fmt: skip
    return render(request, "supplier/forecasts/page.html", context)


def _span(days: int) -> str:
    return ngettext("Next %(n)s day", "Next %(n)s days", days) % {"n": days}


def _days(forecast: Forecast) -> list[dict[str, Any]]:
    """Give the days before and after the forecast was made: what was sold, what was and is expected."""
    first, last = forecast.made_on - timedelta(days=SHOWN), forecast.made_on + timedelta(days=DAYS - 1)
    sold = forecasts.sold_by_day(forecast.variant_id, first, last)
    known = min(clock.now().date(), last + timedelta(days=1))
    kept = forecasts.past(forecast.variant_id, first, forecast.made_on - timedelta(days=1))
    listed = []
    for number in range(SHOWN + DAYS):
        on = first + timedelta(days=number)
        listed.append(
            {
                "on": on,
                "sold": sold.get(on, 0) if on < known else None,
                **_foretold(forecast, number - SHOWN, kept.get(on)),
            }
        )
    return listed


def _foretold(forecast: Forecast, at: int, kept: PastForecast | None) -> dict[str, Any]:
    """Give what is foretold of a day; of one that is over, what had been the night before."""
    if at < 0:
        return {name: getattr(kept, name, None) for name in ("expected", "low", "high")}
    return {"expected": forecast.expected[at], "low": forecast.low[at], "high": forecast.high[at]}


def _chart(forecast: Forecast, days: list[dict[str, Any]]) -> dict[str, Any]:
    """Give what the script draws: the same figures as the table."""

    def of(name: str) -> list[Any]:
        return [each[name] for each in days]

    return {
        "labels": [_short(each["on"]) for each in days],
        "series": [
            {"name": gettext("Sold"), "values": of("sold")},
            {"name": pgettext("forecast", "Expected"), "values": of("expected"), "dashed": True},
            {"name": gettext("At least, four times of five"), "values": of("low"), "edge": True},
            {"name": gettext("At most, four times of five"), "values": of("high"), "band": True},
        ],
        "decimals": 0,
    }


def _short(on: date) -> str:
    return date_format(on, "MONTH_DAY_FORMAT")
