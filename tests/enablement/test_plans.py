"""Purchase plans from what shops sold to drafts, and the saving from what came to the books."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from enablement.models import PlanLine, PlanPart, PlanShare, PurchaseOrder, PurchasePlan
from enablement.selectors import audit_buying
from enablement.selectors import plans as selectors
from enablement.services import plans, purchases, receiving, sharing, vendors
from s2b2c.tenancy.models import Reseller
from supplier.models import Journal
from supplier.selectors import audit
from tests import factories
from tests.enablement import buying
from tests.supplier import office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world(settings):
    settings.SUPPLIER_MFA_REQUIRED = False
    factories.company()
    return factories.warehouse("OAK", name_en="Oakland")


@pytest.fixture
def mug():
    made = buying.variant("MUG-1", stock=200)
    kiln = buying.vendor(order_fee_minor=1_000)
    buying.offer(kiln, made, ((1, 900), (100, 800)))
    for name, pieces in (("rose", 90), ("fern", 60), ("moss", 30)):
        office.order(factories.reseller(name), [(made, pieces)])
    return made


@pytest.fixture
def plan(world, mug):
    started(world)
    plans.run_due()
    return PurchasePlan.objects.get()


def started(world, shared=10_000):
    return plans.start(warehouse_id=world.pk, shared_bps=shared, actor_id=None)


def ordered(plan):
    return [
        purchases.send(number=each.number, actor_id=None) for each in plans.order(number=plan.number, actor_id=None)
    ]


def come(order, pieces, close=False):
    line = order.lines.get()
    receiving.receive(
        number=order.number, pieces={line.pk: pieces}, key="k", difference="short", close=close, actor_id=None
    )


def credited():
    return dict(PlanShare.objects.values_list("reseller__slug", "credited_minor"))


def test_plan_says_what_each_alone_would_have_paid_and_divides_the_saving(plan):
    wanted = sum(PlanPart.objects.values_list("wanted", flat=True))
    line = PlanLine.objects.get()
    assert (plan.state, plan.method, line.quantity >= wanted, line.unit_minor) == ("done", "exact", True, 800)
    assert plan.cost_minor == line.quantity * 800 + 1_000
    assert plan.saving_minor == plan.alone_minor - plan.cost_minor == plan.shared_minor > 0
    assert sum(PlanShare.objects.values_list("share_minor", flat=True)) == plan.shared_minor


def test_shops_want_what_they_sold_in_proportion(plan):
    wanted = dict(PlanPart.objects.values_list("reseller__slug", "wanted"))
    assert wanted["rose"] > wanted["fern"] > wanted["moss"] > 0


def test_part_of_the_saving_that_is_shared_is_rounded_down(world, mug):
    started(world, 3_333)
    plans.run_due()
    made = PurchasePlan.objects.get()
    assert made.shared_minor == made.saving_minor * 3_333 // 10_000


def test_plan_is_begun_once_at_a_time_and_not_for_nothing(world, mug):
    started(world)
    with buying.refuses("plan_open"):
        started(world)
    plans.run_due()
    plans.order(number=PurchasePlan.objects.get().number, actor_id=None)
    with buying.refuses("nothing"):
        started(world)


def test_plan_whose_worker_died_is_worked_out_by_another(world, mug):
    made = started(world)
    assert plans._claimed() == made.number
    assert plans.run_due() == 0
    PurchasePlan.objects.update(worked_at=made.created_at - plans.LEASE)
    assert plans.run_due() == 1
    assert PurchasePlan.objects.get().state == "done"


def test_plan_that_kills_each_worker_is_given_up(world, mug):
    made = started(world)
    for _ in range(plans.TRIES + 1):
        plans._claimed()
        PurchasePlan.objects.update(worked_at=made.created_at - plans.LEASE)
    assert PurchasePlan.objects.get().state == "failed"


def test_plan_worked_out_twice_is_written_once(plan):
    again = plans.work(number=plan.number)
    assert (again.finished_at, PlanLine.objects.count()) == (plan.finished_at, 1)


def test_plan_goes_into_drafts_once(plan, mug):
    first = plans.order(number=plan.number, actor_id=None)
    again = plans.order(number=plan.number, actor_id=None)
    assert [each.number for each in first] == [each.number for each in again]
    assert (PurchaseOrder.objects.count(), buying.line(first[0], mug).quantity) == (1, PlanLine.objects.get().quantity)


def test_plan_is_not_ordered_at_prices_that_changed(plan, mug):
    vendor = PlanLine.objects.get().vendor
    vendors.put_offer(vendor_id=vendor.pk, variant_id=mug.pk, steps=[(1, 950)], actor_id=None)
    with buying.refuses("changed"):
        plans.order(number=plan.number, actor_id=None)
    assert (PurchaseOrder.objects.count(), PurchasePlan.objects.get().state) == (0, "done")


def test_saving_is_credited_when_all_has_come(plan):
    (order,) = ordered(plan)
    assert sharing.run_due() == 0
    come(order, order.lines.get().quantity)
    assert (sharing.run_due(), sharing.run_due()) == (1, 0)
    shares = dict(PlanShare.objects.values_list("reseller__slug", "share_minor"))
    assert credited() == shares
    booked = Journal.objects.filter(kind="buying_saving")
    assert {(each.reseller.slug, each.transfers.get().amount_minor) for each in booked} == set(shares.items())
    assert not [*audit.books(), *audit_buying.books()]


def test_what_is_short_is_borne_by_all_and_none_of_the_saving_is_lost(plan):
    (order,) = ordered(plan)
    wanted = sum(PlanPart.objects.values_list("got", flat=True))
    come(order, wanted // 2, close=True)
    sharing.run_due()
    parts = list(PlanPart.objects.values_list("got", "came"))
    assert sum(came for _got, came in parts) == wanted // 2
    assert all(abs(came - got / 2) <= 1 for got, came in parts)
    assert plan.shared_minor * 48 // 100 < sum(credited().values()) <= plan.shared_minor // 2


def test_shop_that_counts_in_another_currency_is_bought_for_but_credited_nothing(world, mug):
    lune = factories.reseller("lune", currency="EUR", country="FR")
    office.order(lune, [(mug, 15)])
    started(world)
    plans.run_due()
    made = PurchasePlan.objects.get()
    shares = dict(PlanShare.objects.values_list("reseller__slug", "share_minor"))
    alone = dict(PlanShare.objects.values_list("reseller__slug", "alone_minor"))
    assert (shares["lune"], alone["lune"] > 0) == (0, True)
    assert abs(made.shared_minor - made.saving_minor * (made.alone_minor - alone["lune"]) // made.alone_minor) <= 3
    (order,) = ordered(made)
    come(order, order.lines.get().quantity)
    sharing.run_due()
    assert credited() == shares
    assert not Journal.objects.filter(kind="buying_saving", reseller=lune).exists()
    assert not [*audit.books(), *audit_buying.books()]


def test_shop_that_came_to_count_otherwise_meanwhile_is_credited_nothing(plan):
    (order,) = ordered(plan)
    Reseller.objects.filter(slug="rose").update(currency="EUR")
    come(order, order.lines.get().quantity)
    sharing.run_due()
    shares = dict(PlanShare.objects.values_list("reseller__slug", "share_minor"))
    assert credited() == {**shares, "rose": 0}
    assert not [*audit_buying.books()]


def test_nothing_is_credited_where_nothing_came(plan):
    for each in plans.order(number=plan.number, actor_id=None):
        purchases.cancel(number=each.number, actor_id=None)
    sharing.run_due()
    assert (set(credited().values()), Journal.objects.filter(kind="buying_saving").count()) == ({0}, 0)


def test_nobody_delivers_what_nobody_offers(world):
    pot = buying.variant("POT-1", stock=100)
    office.order(factories.reseller("rose"), [(pot, 90)])
    started(world)
    plans.run_due()
    line = PlanLine.objects.get()
    assert (line.vendor, line.reason, selectors.missing(PurchasePlan.objects.get())) == (
        None,
        {"code": "nobody"},
        line.quantity,
    )


# --- What the database refuses ---------------------------------------------------------------------------
def attack(sql):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{sql}; SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE enablement_planshare SET share_minor = share_minor - 1",
        "UPDATE enablement_planshare SET credited_minor = 1",
        "DELETE FROM enablement_planshare",
        "UPDATE enablement_planpart SET came = 1",
        "UPDATE enablement_planline SET quantity = quantity + 1",
        "UPDATE enablement_purchaseplan SET shared_minor = shared_minor - 1",
        "UPDATE enablement_purchaseplan SET state = 'settled'",
        "UPDATE enablement_purchaseplan SET state = 'waiting'",
        "DELETE FROM enablement_purchaseplan",
    ],
)
def test_what_was_planned_stays(plan, sql):
    attack(sql)


def test_share_is_credited_once_and_never_above_itself(plan):
    (order,) = ordered(plan)
    attack("UPDATE enablement_planshare SET credited_minor = share_minor + 1")
    attack("UPDATE enablement_purchaseplan SET state = 'settled'")
    come(order, order.lines.get().quantity)
    sharing.run_due()
    attack("UPDATE enablement_planshare SET credited_minor = 0")


def test_shares_that_do_not_sum_to_what_is_shared_are_refused(world, mug):
    started(world)
    plans._claimed()
    attack("UPDATE enablement_purchaseplan SET state = 'done', alone_minor = 5, saving_minor = 5, shared_minor = 5")
