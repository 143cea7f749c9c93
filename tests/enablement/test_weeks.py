"""Whole weeks and single days: what sold most in a span is the same as if every fact of it had been added up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.models import Sum

from enablement.models import SalesFact, SalesWeek
from enablement.selectors import audit, insights
from enablement.services import partitions, sums
from s2b2c.kernel import clock
from tests import factories
from tests.enablement import summing

pytestmark = pytest.mark.django_db(transaction=True)
DAYS = 120


@pytest.fixture
def sold(shop) -> date:
    """Sell one to three pieces of it each day, each day another sum; give the last day."""
    last, product = clock.now().date(), shop.variant.product
    days = [last - timedelta(days=number) for number in range(DAYS)]
    partitions.ensure(days)
    SalesFact.objects.bulk_create(
        SalesFact(
            day=day, cause=f"sale:{shop.pk}:N{number}", line_id=1, kind="sold", reseller_id=shop.pk,
            order_number=f"N{number}", variant_id=shop.variant.pk, product_id=product.pk, category_id=product.category_id,
            currency="USD", pieces=1 + number % 3, sales_minor=100 + number**2, paid_minor=100 + number**2,
            margin_minor=100 + number**2, tx=3,
        )
        for number, day in enumerate(days)
    )  # fmt: skip
    summing.refresh()
    return last


@pytest.mark.parametrize("days", [1, 6, 7, 13, *insights.SPANS])
def test_span_of_weeks_and_days_is_the_sum_of_its_facts(shop, sold, days) -> None:
    for back in range(8):  # a span may end on any day of the week
        span = insights.Span(sold - timedelta(days=back), days)
        facts = SalesFact.objects.filter(day__range=(span.first, span.last))
        assert [(thing.pk, figures.sales_minor, figures.pieces) for thing, figures in
                insights.top("product", span, "USD")] == [
            (shop.variant.product_id, *facts.aggregate(s=Sum("sales_minor"), p=Sum("pieces")).values())
        ]  # fmt: skip


def test_weeks_that_differ_from_their_days_are_found(shop, sold) -> None:
    assert "weeks_are_their_days" not in {each.check for each in audit.mart()}
    week = SalesWeek.objects.filter(grain="product").latest("day")
    SalesWeek.objects.filter(pk=week.pk).update(pieces=week.pieces + 1)
    assert [each.check for each in audit.mart() if "week" in each.check] == ["weeks_are_their_days"]
    sums.anew()
    assert "weeks_are_their_days" not in {each.check for each in audit.mart()}


def test_the_best_come_first_and_no_more_than_asked(shop, sold) -> None:
    other = factories.reseller("better")
    SalesFact.objects.filter(day__gte=sold - timedelta(days=20)).update(reseller_id=other.pk)
    sums.anew()
    span = insights.Span(sold, 28)
    assert [thing.pk for thing, _each in insights.top("reseller", span, "USD")] == [other.pk, shop.pk]
    assert [thing.pk for thing, _each in insights.top("reseller", span, "USD", limit=1)] == [other.pk]
