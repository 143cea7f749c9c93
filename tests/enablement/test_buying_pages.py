"""The pages of buying: who sees and does what, in both languages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from enablement.models import PurchaseLine, PurchaseOrder, Vendor, VendorOffer
from enablement.services import receiving
from supplier.models import Arrival
from supplier.selectors import stock
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
    return buying.variant("MUG-1")


@pytest.fixture
def kiln(mug):
    made = buying.vendor()
    buying.offer(made, mug)
    return made


def vendor_form(**more):
    return {"name": "Loom & Co", "currency": "EUR", "rate": "1.08", "lead_days": "21", "language": "en", "order_fee": "90", "minimum": "800.50", **more}  # fmt: skip


def test_vendor_is_added_changed_and_archived(buyer):
    assert "No vendors yet" in office.text(buyer.get("/buying/vendors/"))
    address = buyer.post("/buying/vendors/new/", vendor_form()).headers["Location"]
    made = Vendor.objects.get()
    assert (made.rate, made.order_fee_minor, made.minimum_minor) == (Decimal("1.08"), 9_000, 80_050)
    assert buyer.post(address, vendor_form(lead_days="30")).status_code == 302
    assert Vendor.objects.get().lead_days == 30
    buyer.post(f"{address}archive/", {"active": "0"})
    assert "Loom &amp; Co" in office.text(buyer.get("/buying/vendors/?active=False"))
    assert "Loom &amp; Co" not in office.text(buyer.get("/buying/vendors/?active=True"))


@pytest.mark.parametrize("wrong", [{"name": ""}, {"rate": ""}, {"order_fee": "ten"}, {"lead_days": "400"}])
def test_vendor_that_can_not_be_is_shown_again_with_what_was_typed(buyer, wrong):
    answer = buyer.post("/buying/vendors/new/", vendor_form(contact="Dana", **wrong))
    assert (answer.status_code, Vendor.objects.count()) == (422, 0)
    assert "Dana" in office.text(answer)


def test_offer_is_written_with_its_ladder(buyer, kiln, mug):
    pot = buying.variant("POT-1")
    form = {
        "sku": "pot-1",
        "minimum": "6",
        "pack": "6",
        "from_1": "1",
        "unit_1": "9.50",
        "from_2": "60",
        "unit_2": "9",
    }
    buyer.post(f"/buying/vendors/{kiln.pk}/offers/new/", form)
    made = VendorOffer.objects.get(variant=pot)
    assert [(each.quantity, each.unit_minor) for each in made.breaks.order_by("quantity")] == [(1, 950), (60, 900)]
    page = office.text(buyer.get(f"/buying/vendors/{kiln.pk}/"))
    assert "POT-1" in page
    assert "60: 9.00" in page
    refused = buyer.post(f"/buying/offers/{made.pk}/", {**form, "unit_2": "10"})
    assert refused.status_code == 422
    assert "A piece does not get dearer" in office.text(refused)
    buyer.post(f"/buying/offers/{made.pk}/remove/")
    assert not VendorOffer.objects.filter(variant=pot).exists()


def test_line_a_stale_page_does_not_know_stays(buyer, kiln, mug, world):
    pot = buying.variant("POT-1")
    buying.offer(kiln, pot)
    address = buyer.post("/buying/new/", {"vendor": kiln.pk, "warehouse": world.pk}).headers["Location"]
    buyer.post(f"{address}add/", {"sku": mug.sku, "quantity": "50"})
    shown = PurchaseLine.objects.get()
    buyer.post(f"{address}add/", {"sku": pot.sku, "quantity": "50"})
    buyer.post(f"{address}lines/", {f"line-{shown.pk}": "120"})
    assert sorted(PurchaseLine.objects.values_list("variant_id", "quantity")) == sorted([(mug.pk, 120), (pot.pk, 50)])


def test_delivery_without_its_key_is_refused(buyer, kiln, mug, world):
    address = buyer.post("/buying/new/", {"vendor": kiln.pk, "warehouse": world.pk}).headers["Location"]
    buyer.post(f"{address}add/", {"sku": mug.sku, "quantity": "50"})
    buyer.post(f"{address}send/", {"expected_on": "2031-03-05"})
    answer = office.client("warehouse").post(f"{address}receive/", {f"line-{PurchaseLine.objects.get().pk}": "50"})
    assert answer.status_code == 422
    assert stock.total(stock.find(mug.pk)).free == 0


def test_order_goes_from_draft_to_the_shelf(buyer, kiln, mug, world):
    address = buyer.post("/buying/new/", {"vendor": kiln.pk, "warehouse": world.pk}).headers["Location"]
    buyer.post(f"{address}add/", {"sku": "MUG-1", "quantity": "50"})
    line = PurchaseLine.objects.get()
    buyer.post(f"{address}lines/", {f"line-{line.pk}": "120"})
    for _ in range(2):
        assert buyer.post(f"{address}send/", {"expected_on": "2031-03-05"}).status_code == 302
    assert (Arrival.objects.get().quantity, Arrival.objects.get().arrives_on.isoformat()) == (120, "2031-03-05")
    desk = office.client("warehouse")
    number = PurchaseOrder.objects.get().number
    assert f'href="{address}"' in office.text(desk.get("/stock/arrivals/"))
    page = office.text(desk.get(f"/stock/{mug.pk}/"))
    assert f'href="{address}"' in page
    assert "No longer expected" not in page
    form = {f"line-{line.pk}": "100", "key": "a", "slip": "LS 7", "difference": "", "close": "1"}
    refused = desk.post(f"{address}receive/", form)
    assert refused.status_code == 422
    assert "Pieces are missing" in office.text(refused)
    assert "LS 7" in office.text(refused)
    for _ in range(2):
        desk.post(f"{address}receive/", {**form, "difference": "box was open"})
    assert stock.total(stock.find(mug.pk)).free == 100
    page = office.text(buyer.get(address))
    assert "box was open" in page
    assert "20 cancelled" in page
    assert number in page
    assert "8.00" in office.text(buyer.get("/buying/costs/"))


def test_paper_is_in_the_vendors_language_whatever_the_readers(buyer, kiln, mug):
    Vendor.objects.update(language="zh-hans")
    order = buying.sent(kiln, (mug, 120))
    path = f"/buying/orders/{order.number}/paper/"
    page = office.text(buyer.get(path))
    assert "请在送货单上注明本采购单号" in page
    assert "Paper for the vendor" in page
    assert "Please write the number of this order" in office.text(buyer.get(f"{path}?language=en"))
    assert buyer.get(f"{path}?language=xx").status_code == 200


def test_roles_do_their_own_part(kiln, mug):
    order = buying.sent(kiln, (mug, 120))
    path = f"/buying/orders/{order.number}/"
    asked = {
        "catalogue": {path: 200, "/buying/costs/": 200, "/buying/new/": 200, f"{path}receive/": 403},
        "warehouse": {path: 200, "/buying/costs/": 403, "/buying/new/": 403, f"{path}cancel/": 403},
        "finance": {path: 200, "/buying/costs/": 200, f"{path}receive/": 403, f"{path}send/": 403},
        "support": {path: 403, "/buying/vendors/": 403},
    }
    for role, pages in asked.items():
        person = office.client(role)
        wrong = {
            page: (answer.status_code, wanted)
            for page, wanted in pages.items()
            if (answer := person.post(page) if page.count("/") > 4 else person.get(page)).status_code != wanted
        }
        assert wrong == {}, role
    assert office.client("warehouse").post(f"/buying/vendors/{kiln.pk}/", vendor_form()).status_code == 403
    assert Vendor.objects.get().name == kiln.name


def test_needs_say_why_and_go_into_a_draft(buyer, kiln):
    pot = buying.variant("POT-1", stock=40)
    office.order(factories.reseller("rose"), [(pot, 28)])
    page = office.text(buyer.get("/buying/needs/"))
    assert "28 sold in 28 days." in page
    assert "Nobody offers it" in page
    buying.offer(kiln, pot, ((1, 900),))
    page = office.text(buyer.get("/buying/needs/"))
    assert "Due at 16 or fewer: 10 days’ delivery, 6 for safety." in page
    form = {"action": "supply.needs.order", "row": [pot.pk], "key": "k1", "back": "/buying/needs/"}
    for _ in range(2):
        buyer.post("/jobs/start/", form)
    assert [(line.variant_id, line.quantity) for line in PurchaseLine.objects.all()] == [(pot.pk, 32)]
    assert "Nothing has to be bought" in office.text(buyer.get("/buying/needs/"))


@pytest.mark.parametrize("path", ["/buying/", "/buying/needs/", "/buying/vendors/", "/buying/costs/"])
def test_lists_take_as_many_statements_for_many_rows(buyer, kiln, mug, path):
    rose = factories.reseller("rose")

    def fill(numbers):
        for number in numbers:
            each = buying.variant(f"POT-{number}", stock=40)
            office.order(rose, [(each, 28)])
            buying.offer(kiln, each, ((1, 900),))
            buying.vendor(f"Vendor {number}")
            order = buying.sent(kiln, (mug, 10))
            receiving.receive(number=order.number, pieces={order.lines.get().pk: 10}, key="k", actor_id=None)
            if path == "/buying/costs/":
                other = buying.sent(kiln, (each, 40))
                receiving.receive(number=other.number, pieces={other.lines.get().pk: 40}, key="k", actor_id=None)

    fill(range(2))
    buyer.get(path)
    first = office.selects(lambda: buyer.get(path))[1]
    fill(range(2, 7))
    assert office.selects(lambda: buyer.get(path))[1] == first


def test_pages_are_there_in_chinese(buyer, kiln, mug):
    order = buying.sent(kiln, (mug, 120))
    chinese = {"headers": {"accept-language": "zh-hans"}}
    assert "采购单" in office.text(buyer.get("/buying/", **chinese))
    assert "已发出" in office.text(buyer.get(f"/buying/orders/{order.number}/", **chinese))


def test_costs_stay_closed_to_the_warehouse(buyer, kiln, mug):
    order = buying.sent(kiln, (mug, 120))
    receiving.receive(number=order.number, pieces={order.lines.get().pk: 100}, key="k", actor_id=None)
    paths = [f"/buying/orders/{order.number}/", "/buying/", f"/buying/vendors/{kiln.pk}/"]
    warehouse = office.client("warehouse")
    for path in paths:
        assert "960.00" in office.text(buyer.get(path)) or "8.00" in office.text(buyer.get(path))
        seen = office.text(warehouse.get(path))
        assert ("960.00" in seen, "8.00" in seen, "9.00" in seen) == (False, False, False)
    assert warehouse.get(f"/buying/orders/{order.number}/paper/").status_code == 403


def test_ladder_of_seven_steps_is_kept_by_its_form(buyer, kiln, mug):
    steps = [(10**n, 900 - n) for n in range(7)]
    buying.offer(kiln, mug, steps)
    offer = VendorOffer.objects.get()
    page = buyer.get(f"/buying/offers/{offer.pk}/")
    form = {name: page.context["form"].initial.get(name) or "" for name in page.context["form"].fields}
    buyer.post(f"/buying/offers/{offer.pk}/", form)
    assert list(offer.breaks.order_by("quantity").values_list("quantity", "unit_minor")) == steps
