"""Forecasts of each night: made once, in batches, of what was really wanted; used for buying, shown with their record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from enablement.models import Forecast, ForecastRun, PastForecast
from enablement.selectors import alerts, forecasts, replenishment
from enablement.services import forecasts as services
from enablement.web.replenishment import why
from s2b2c.kernel import clock
from tests import factories
from tests.enablement import buying, telling
from tests.supplier import office as supplier_office

pytestmark = pytest.mark.django_db
TWO_A_DAY = [2] * 91


@pytest.fixture
def mug(shop):
    telling.daily(shop.pk, shop.variant, TWO_A_DAY)
    return shop.variant


@pytest.fixture
def made(mug, shop, other) -> None:
    telling.daily(other.pk, mug, [1] * 60)
    telling.daily(other.pk, other.variant, [3] * 20)
    services.run()


def test_a_variant_is_foretold_of_all_shops_and_of_each(made, mug, shop, other) -> None:
    found = {(f.reseller_id, f.variant_id): round(f.ahead) for f in Forecast.objects.filter(variant_id__gt=0)}
    assert set(found) == {
        (0, mug.pk),
        (shop.pk, mug.pk),
        (other.pk, mug.pk),
        (0, other.variant.pk),
        (other.pk, other.variant.pk),
    }
    assert found[0, mug.pk] == pytest.approx(84, abs=3)
    assert found[shop.pk, mug.pk] == pytest.approx(56, abs=3)


def test_what_was_called_off_was_not_wanted_but_what_came_back_was(mug, shop) -> None:
    for ago in range(1, 60):
        telling.sold(shop.pk, mug, ago, -1, kind="refunded")
        telling.sold(shop.pk, mug, ago, -1, kind="returned")
    services.run()
    assert Forecast.objects.get(reseller_id=0, variant_id=mug.pk).sold == 28


def test_a_night_is_made_once_and_carries_on_where_it_stopped(made, monkeypatch) -> None:
    before = list(Forecast.objects.order_by("pk").values())
    assert services.run() == 0
    ForecastRun.objects.all().delete()
    monkeypatch.setattr(services, "BATCH", 1)
    assert services.run(batches=1) in (2, 3)
    assert ForecastRun.objects.get().finished_at is None
    services.run()
    night = ForecastRun.objects.get()
    assert (night.series, night.finished_at is not None) == (8, True)  # five of variants; together, and of two shops
    assert len(before) == Forecast.objects.count()


def test_what_no_longer_sells_is_forgotten_the_next_night(made, mug, other) -> None:
    type(mug).objects.filter(pk=mug.pk).update(status="withdrawn")
    with clock.set_to(clock.now() + timedelta(days=1)):
        services.run()
    assert set(Forecast.objects.values_list("variant_id", flat=True)) == {0, other.variant.pk}


def test_a_week_of_sales_is_too_little(shop) -> None:
    telling.daily(shop.pk, shop.variant, [5] * 7)
    assert (services.run(), Forecast.objects.count()) == (0, 0)


@pytest.mark.parametrize("wrong", [{"low": [1] * 3}, {"inside": 1.5}])
def test_database_refuses_what_is_no_forecast(made, wrong) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Forecast.objects.filter(reseller_id=0).update(**wrong)


def test_days_between_the_known_sums_lie_between_them(made, mug) -> None:
    forecast = forecasts.of([mug.pk])[mug.pk]
    ahead = [forecasts.ahead(forecast, days) for days in (3, 7, 10, 14, 20, 28, 60)]
    assert [each.expected for each in ahead] == sorted(each.expected for each in ahead)
    assert all(
        each.low <= each.expected <= each.high <= each.enough + 1e-6 or each.high >= each.expected for each in ahead
    )
    assert (ahead[1].expected, ahead[5].enough) == (forecast.sums[0][0], forecast.sums[2][3])


def test_buying_goes_by_the_forecast_and_says_so(made, mug) -> None:
    buying.offer(buying.vendor(lead_days=14), mug, ((1, 900),))
    [need] = [each for each in replenishment.needs([mug.pk]) if each.variant_id == mug.pk]
    ahead = forecasts.ahead(need.forecast, 14)
    assert need.point == pytest.approx(ahead.enough, abs=2)
    assert need.wanted == pytest.approx(need.point + 84 - 50, abs=3)
    assert f"{need.forecast.ahead:.0f} expected in the next 28 days, four times of five between" in why(need)


def test_an_old_forecast_is_not_believed(made, mug) -> None:
    with clock.set_to(clock.now() + timedelta(days=forecasts.KEPT + 1)):
        assert forecasts.of([mug.pk]) == {}


def test_supplier_sees_forecasts_with_band_reason_and_record(made, mug) -> None:
    client = supplier_office.client("finance")
    listed = client.get("/insights/forecasts/").content.decode()
    assert (mug.sku in listed, "erred at least a tenth less" in listed) == (True, True)
    page = client.get(f"/insights/forecasts/{mug.pk}/").content.decode()
    assert [
        word for word in ("four times of five", "On days it did not see", "days of sales") if word not in page
    ] == []
    assert client.get("/insights/forecasts/999999/").status_code == 404


def test_reseller_sees_what_its_own_shop_will_sell(made, shop, other) -> None:
    client = Client(HTTP_HOST="office.localhost")
    client.force_login(factories.member(shop, "owner"))
    page = client.get(f"/{shop.slug}/insights/")
    assert [(row["variant"].pk, row["forecast"].reseller_id) for row in page.context["next"]] == [
        (shop.variant.pk, shop.pk)
    ]


def nights(days: int) -> None:
    """Make the forecasts of some nights up to today's."""
    for ago in range(days, -1, -1):
        with clock.set_to(clock.now() - timedelta(days=ago)):
            services.run()


def test_all_variants_together_are_foretold_of_all_shops_and_of_each(made, shop, other) -> None:
    together = {f.reseller_id: (round(f.ahead), len(f.expected)) for f in Forecast.objects.filter(variant_id=0)}
    assert together[0][0] == pytest.approx(sum(together[each.pk][0] for each in (shop, other)), rel=0.15)
    assert {length for _ahead, length in together.values()} == {28}
    assert forecasts.of_all().reseller_id == 0
    assert 0 not in {each.variant_id for each in forecasts.fresh()}


def test_what_was_foretold_stays_and_what_came_is_written_beside_it(mug, shop) -> None:
    nights(3)
    kept = list(PastForecast.objects.filter(variant_id=mug.pk).order_by("day").values_list("expected", "sold"))
    assert [sold for _expected, sold in kept] == [2, 2, 2, None]
    assert [expected for expected, _sold in kept] == pytest.approx([2.0] * 4, abs=0.2)
    telling.sold(shop.pk, mug, 1, 7)
    telling.sold(shop.pk, mug, 1, -1, kind="refunded")
    ForecastRun.objects.all().delete()
    services.run()
    again = list(PastForecast.objects.filter(variant_id=mug.pk).order_by("day").values_list("expected", "sold"))
    assert ([each[0] for each in again], again[2][1]) == ([each[0] for each in kept], 8)
    assert PastForecast.objects.get(variant_id=0, reseller_id=shop.pk, sold=8).day == clock.now().date() - timedelta(
        days=1
    )


def test_outcome_counts_days_in_the_band_and_pieces(mug, shop) -> None:
    telling.sold(shop.pk, mug, 1, 30)
    nights(3)
    found = forecasts.outcome(mug.pk)
    assert (found.days, found.inside, found.sold, round(found.expected)) == (3, 2, 36, 6)
    assert forecasts.outcome() == found


def test_a_day_far_outside_its_band_is_told_and_one_just_outside_is_not(mug, shop) -> None:
    nights(1)
    told = PastForecast.objects.filter(sold__isnull=False)
    assert (told.count(), alerts.beyond()) == (3, [])
    told.update(expected=4, low=1, high=8, sold=9)
    assert alerts.beyond() == []
    told.update(expected=0.1, low=0, high=0, sold=2)  # of so few pieces chance makes that
    assert alerts.beyond() == []
    told.update(expected=4, low=1, high=8, sold=15)
    assert [(each.reseller, each.variant, each.more) for each in alerts.beyond()] == [
        (None, None, True),
        (shop, None, True),
        (None, mug, True),
    ]
    told.update(low=20, expected=30, high=44, sold=5)
    assert [each.more for each in alerts.beyond()] == [False] * 3
    page = supplier_office.client("finance").get("/insights/alerts/").content.decode()
    assert "5 pieces on" in page
    assert f"/insights/forecasts/{mug.pk}/" in page


def test_forecast_page_holds_nights_against_what_was_sold(mug, shop) -> None:
    nights(5)
    client = supplier_office.client("finance")
    one, listed = (
        client.get(path).content.decode() for path in (f"/insights/forecasts/{mug.pk}/", "/insights/forecasts/")
    )
    told = (
        "Of 5 days foretold the night before, 5 lay in the band (100 %; it aims at 80 %): 10 pieces expected, 10 sold."
    )
    assert (told in one, told in listed) == (True, True)


def test_database_keeps_no_band_upside_down(made) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PastForecast.objects.update(low=5, high=4)
