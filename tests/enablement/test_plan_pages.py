"""The pages of purchase plans: begun, watched, read with reasons, put into drafts."""

from __future__ import annotations

import pytest

from enablement.models import PurchaseOrder, PurchasePlan
from enablement.services import plans
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
def buyer():
    return office.client("catalogue")


@pytest.fixture
def mug():
    made = buying.variant("MUG-1", stock=200)
    buying.offer(buying.vendor(), made, ((1, 900), (100, 800)))
    buying.offer(buying.vendor("Loom & Co", order_fee_minor=5_000), made, ((1, 1_000),))
    office.order(factories.reseller("rose"), [(made, 90)])
    office.order(factories.reseller("fern"), [(made, 60)])
    return made


def begun(buyer, world):
    return buyer.post("/buying/plans/start/", {"warehouse": world.pk, "shared": "50"}).headers["Location"]


def test_plan_is_begun_watched_read_and_put_into_drafts(buyer, world, mug):
    assert "No plans yet" in office.text(buyer.get("/buying/plans/"))
    address = begun(buyer, world)
    assert "Waits for a worker" in office.text(buyer.get(address))
    assert "HX-Refresh" not in buyer.get(f"{address}progress/").headers
    plans.run_due()
    assert buyer.get(f"{address}progress/").headers["HX-Refresh"] == "true"
    page = office.text(buyer.get(address))
    assert "Cheapest: next is Loom &amp; Co at $10.00." in page
    assert "The price is that from 100 pieces on." in page
    assert buyer.post(f"{address}order/").headers["Location"] == address
    assert PurchaseOrder.objects.get().number in office.text(buyer.get(address))


def test_division_of_the_saving_is_a_list_of_its_own(buyer, world, mug):
    address = begun(buyer, world)
    plans.run_due()
    page = office.text(buyer.get(f"{address}shops/"))
    assert "50 % of the saving goes to the shops" in page
    assert "rose" in page.lower()


def test_refusal_stands_on_the_form(buyer, world):
    answer = buyer.post("/buying/plans/start/", {"warehouse": world.pk, "shared": "50"})
    assert (answer.status_code, "Nothing has to be bought." in office.text(answer)) == (422, True)
    assert buyer.post("/buying/plans/start/", {"warehouse": world.pk, "shared": "101"}).status_code == 422


def test_prices_that_changed_are_said_on_the_page(buyer, world, mug):
    address = begun(buyer, world)
    plans.run_due()
    buying.offer(buying.Vendor.objects.get(name="Kiln & Sons"), mug, ((1, 950),))
    answer = buyer.post(f"{address}order/")
    assert (answer.status_code, "plan anew" in office.text(answer)) == (422, True)


def test_finance_reads_plans_and_does_not_make_them_the_warehouse_does_neither(buyer, world, mug):
    address = begun(buyer, world)
    finance, warehouse = office.client("finance"), office.client("warehouse")
    assert finance.get(address).status_code == 200
    assert finance.post("/buying/plans/start/", {}).status_code == 403
    assert finance.post(f"{address}order/").status_code == 403
    assert [warehouse.get(path).status_code for path in ("/buying/plans/", address, f"{address}shops/")] == [403] * 3


def test_plans_take_as_many_statements_for_many_lines(buyer, world, mug):
    first = begun(buyer, world)
    plans.run_due()
    plans.order(number=PurchasePlan.objects.get().number, actor_id=None)
    buyer.get(first)
    few = office.selects(lambda: buyer.get(first))[1]
    for number in range(5):
        pot = buying.variant(f"POT-{number}", stock=40)
        buying.offer(buying.vendor(f"Vendor {number}"), pot, ((1, 700),))
        office.order(factories.reseller(f"shop-{number}"), [(pot, 30)])
    second = begun(buyer, world)
    plans.run_due()
    plans.order(number=PurchasePlan.objects.order_by("-id")[0].number, actor_id=None)
    assert office.selects(lambda: buyer.get(second))[1] == few


def test_plans_are_there_in_chinese(buyer, world, mug):
    address = begun(buyer, world)
    plans.run_due()
    page = office.text(buyer.get(address, headers={"accept-language": "zh-hans"}))
    assert "最便宜" in page
    assert "各自采购" in page
