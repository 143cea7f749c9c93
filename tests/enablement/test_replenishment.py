"""What should be bought, from whom, and into which draft."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from enablement.models import PurchaseLine, PurchaseOrder
from enablement.selectors import replenishment
from enablement.services import purchases
from enablement.services import replenishment as services
from s2b2c.kernel import clock
from s2b2c.kernel.errors import StateRefused
from supplier.models import Variant
from tests import factories
from tests.enablement import buying
from tests.supplier import office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world():
    factories.company()
    factories.warehouse()


@pytest.fixture
def shop():
    return factories.reseller("rose")


@pytest.fixture
def mug(shop):
    """28 sold in 28 days, 12 left."""
    made = buying.variant("MUG-1", stock=40)
    office.order(shop, [(made, 28)])
    return made


def test_need_is_explained_by_its_numbers(mug):
    buying.offer(buying.vendor(lead_days=10), mug, ((1, 900),))
    [need] = replenishment.needs()
    # one a day: 10 over the lead time, 1.65 × √10 → 6 for safety; 16 + 28 − 12 free
    assert (need.position.sold, need.position.free, need.safety, need.point, need.wanted) == (28, 12, 6, 16, 32)
    assert (need.quantity, need.unit_minor, need.cover_days) == (32, 900, 12)


def test_what_lasts_until_delivery_is_not_bought(mug):
    buying.offer(buying.vendor(lead_days=3), mug)
    assert replenishment.needs() == []  # 3 + 3 for safety, and 12 are there


def test_what_was_sold_long_ago_or_is_withdrawn_is_not_bought(mug):
    buying.offer(buying.vendor(lead_days=10), mug)
    with clock.set_to(clock.now() + timedelta(days=40)):
        assert replenishment.needs() == []
    Variant.objects.filter(pk=mug.pk).update(status="withdrawn")
    assert replenishment.needs() == []


def test_what_is_on_its_way_or_drafted_counts(mug):
    kiln = buying.vendor(lead_days=10)
    buying.offer(kiln, mug, ((1, 900),))
    order = buying.draft(kiln, (mug, 3))
    assert [each.wanted for each in replenishment.needs()] == [29]
    purchases.send(number=order.number, actor_id=None)
    assert [each.wanted for each in replenishment.needs()] == [29]
    buying.sent(kiln, (mug, 5))
    assert replenishment.needs() == []  # 12 + 3 + 5 are above 16


def test_cheapest_vendor_for_the_quantity_is_chosen(mug):
    buying.offer(buying.vendor("Small"), mug, ((1, 850),))
    buying.offer(buying.vendor("Large"), mug, ((1, 990), (30, 700)))
    buying.offer(buying.vendor("Abroad", currency="EUR", rate=Decimal("1.5")), mug, ((1, 500),))
    gone = buying.vendor("Gone")
    buying.offer(gone, mug, ((1, 1),))
    type(gone).objects.filter(pk=gone.pk).update(active=False)
    [need] = replenishment.needs()
    assert (need.offer.vendor.name, need.unit_minor) == ("Large", 700)


def test_packs_and_steps_make_it_more(mug):
    buying.offer(buying.vendor(), mug, ((1, 900), (36, 790)), pack=12)
    [need] = replenishment.needs()
    assert (need.wanted, need.quantity) == (32, 36)


def test_reorder_puts_it_into_one_draft_a_vendor_and_once(mug, shop):
    pot = buying.variant("POT-1", stock=40)
    office.order(shop, [(pot, 28)])
    kiln = buying.vendor()
    for each in (mug, pot):
        buying.offer(kiln, each, ((1, 900),))
        services.reorder(variant_id=each.pk, actor_id=None)
        assert services.reorder(variant_id=each.pk, actor_id=None) is None
    assert list(PurchaseLine.objects.order_by("variant__sku").values_list("variant__sku", "quantity")) == [
        ("MUG-1", 32),
        ("POT-1", 32),
    ]
    assert PurchaseOrder.objects.count() == 1


def test_reorder_without_a_vendor_is_refused(mug):
    with buying.refuses("no_vendor"):
        services.reorder(variant_id=mug.pk, actor_id=None)


def test_reorder_is_taken_back_while_it_is_a_draft(mug):
    kiln = buying.vendor()
    buying.offer(kiln, mug, ((1, 900),))
    buying.draft(kiln, (mug, 2))
    line, quantity = services.reorder(variant_id=mug.pk, actor_id=None)
    services.take_back(number=line.order.number, variant_id=mug.pk, quantity=quantity)
    assert PurchaseLine.objects.get().quantity == 2
    line, quantity = services.reorder(variant_id=mug.pk, actor_id=None)
    purchases.send(number=line.order.number, actor_id=None)
    with pytest.raises(StateRefused):
        services.take_back(number=line.order.number, variant_id=mug.pk, quantity=quantity)


def test_needs_take_the_same_statements_however_many(mug, shop, django_assert_max_num_queries):
    kiln = buying.vendor()
    for number in range(6):
        each = buying.variant(f"POT-{number}", stock=40)
        office.order(shop, [(each, 28)])
        buying.offer(kiln, each)
    with django_assert_max_num_queries(10):
        assert len(replenishment.needs()) == 7
