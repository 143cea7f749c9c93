"""Stock in the office: levels, why they are so, receiving, correcting, warehouses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from s2b2c.accounts.models import AuditEntry
from s2b2c.kernel import clock
from supplier.models import Movement, Warehouse
from supplier.selectors import audit, stock
from supplier.services import shipping
from supplier.services import stock as services
from tests import factories
from tests.supplier import office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def oak(settings):
    settings.SUPPLIER_MFA_REQUIRED = False
    factories.company()
    return factories.warehouse("OAK", priority=1, name_en="Oakland")


@pytest.fixture
def mug(oak):
    product = factories.product("Tidewater Mug", variants=0)
    made = factories.variant(product, stock=0, sku="MUG-1", barcode="400")
    factories.receive(made, 50, at=oak)
    return made


@pytest.fixture
def shop():
    return factories.reseller("juniper-row")


def test_list_shows_free_held_and_on_hand(mug, shop):
    factories.receive(mug, 9, at=factories.warehouse("EWR", priority=2))
    office.order(shop, [(mug, 3)])
    rows = b"".join(office.client().get("/stock/?csv=1").streaming_content).decode("utf-8-sig").splitlines()
    assert rows == [
        "SKU,Product,Free,Held,On hand,OAK,EWR",
        "MUG-1,Tidewater Mug No. " + mug.label_en[4:] + ",56,3,59,47,9",
    ]
    assert "MUG-1" in office.text(office.client("catalogue").get("/stock/"))


@pytest.mark.parametrize(
    ("query", "found"),
    [("?q=mug", True), ("?q=400", True), ("?q=tidewater", True), ("?q=zzz", False), ("?free=free", True),
     ("?free=none", False), ("?free=held", False), ("?free=none&free=held", False), ("?in=OAK", True), ("?in=EWR", False), ("?status=withdrawn", False)],
)  # fmt: skip
def test_list_is_narrowed(mug, query, found):
    factories.warehouse("EWR", priority=2)
    assert ("MUG-1" in office.text(office.client().get(f"/stock/{query}"))) is found


def test_list_takes_few_queries(mug):
    for number in range(20):
        factories.variant(mug.product, stock=3, sku=f"S-{number}")
    reader = office.client()
    answer, count = office.selects(lambda: reader.get("/stock/"))
    assert answer.status_code == 200
    assert count <= 12


def test_page_tells_why_there_are_so_many(mug, shop, oak):
    order = office.order(shop, [(mug, 3)])
    shipping.ship(number=office.fulfilments(order)[0].number, carrier="P", tracking="", request_key="k")
    office.order(shop, [(mug, 4)])
    services.adjust(variant_id=mug.pk, warehouse_id=oak.pk, quantity=-2, reason="Dropped")
    shown = office.text(office.client().get(f"/stock/{mug.pk}/"))
    for word in ("Why 45 on hand?", "Dropped", "−3", "−2", "+50", ">47<", "Held for"):
        assert word in shown, word


def test_on_hand_as_of_a_day(mug, oak):
    with clock.set_to(clock.now() - timedelta(days=9)):
        services.receive(variant_id=mug.pk, warehouse_id=oak.pk, quantity=7)
    past = clock.now() - timedelta(days=5)
    assert stock.on_hand_as_of(mug, past) == {oak.pk: 7}
    assert "<b>7</b>" in office.text(office.client().get(f"/stock/{mug.pk}/?day={past:%Y-%m-%d}"))


def test_running_total_goes_on_over_pages(mug, oak):
    for _ in range(40):
        services.receive(variant_id=mug.pk, warehouse_id=oak.pk, quantity=1)
    rows = list(stock.movements(mug).order_by("-id"))
    assert [stock.on_hand_upto(rows[0]), stock.on_hand_upto(rows[35]), stock.on_hand_upto(rows[-1])] == [90, 55, 50]


@pytest.mark.parametrize(
    "query", ["?day=x", "?day=0001-01-01", "?day=9999-12-31", "?after=x", "?kind=x", "?at_from=2999-12-31"]
)
def test_page_survives_nonsense(mug, query):
    assert office.client().get(f"/stock/{mug.pk}/{query}").status_code == 200


def test_receiving_the_same_form_twice_receives_once(mug, oak):
    form = {"warehouse": oak.pk, "quantity": "12", "reason": "DN 7", "key": "a-form"}
    person = office.client("warehouse")
    for _ in range(2):
        assert person.post(f"/stock/{mug.pk}/receive/", form).status_code == 302
    assert office.on_hand(mug, oak) == 62
    assert Movement.objects.filter(reason="DN 7").get().actor is not None
    assert [*audit.stock()] == []


def test_correction_needs_a_reason_and_free_pieces(mug, oak, shop):
    office.order(shop, [(mug, 48)])
    person = office.client("warehouse")
    for form in (
        {"quantity": "-1", "reason": ""},
        {"quantity": "0", "reason": "x"},
        {"quantity": "-3", "reason": "x"},
        {"quantity": str(10**30), "reason": "x"},
        {"quantity": "x", "reason": "x"},
        {"quantity": "1", "reason": "x", "warehouse": "999"},
    ):
        answer = person.post(f"/stock/{mug.pk}/adjust/", {"warehouse": oak.pk, **form})
        assert answer.status_code == 422, form
        assert "aria-invalid" in office.text(answer), form
    assert (
        person.post(
            f"/stock/{mug.pk}/adjust/", {"warehouse": oak.pk, "quantity": "-2", "reason": "Broken"}
        ).status_code
        == 302
    )
    assert office.on_hand(mug, oak) == 48


@pytest.mark.parametrize(
    ("role", "look", "act"),
    [("warehouse", 200, 302), ("catalogue", 200, 403), ("support", 200, 403), ("finance", 403, 403)],
)
def test_roles_at_the_door(mug, oak, role, look, act):
    person, form = office.client(role), {"warehouse": oak.pk, "quantity": "1", "reason": "x"}
    assert person.get(f"/stock/{mug.pk}/").status_code == look
    assert person.post(f"/stock/{mug.pk}/receive/", form).status_code == act


# --- Warehouses ------------------------------------------------------------------------------------
NEW = {
    "code": "mem",
    "name_en": "Memphis",
    "name_zh": "孟菲斯",
    "city": "Memphis",
    "country": "US",
    "priority": "2",
    "active": "on",
}


def test_warehouse_is_added_and_changed(oak):
    person = office.client("warehouse")
    assert person.post("/warehouses/", NEW).status_code == 302
    made = Warehouse.objects.get(code="MEM")
    assert (made.country, made.priority, made.active) == ("US", 2, True)
    assert person.post(f"/warehouses/{made.pk}/", {**NEW, "name_en": "Memphis South", "active": ""}).status_code == 302
    made.refresh_from_db()
    assert (made.code, made.name_en, made.active) == ("MEM", "Memphis South", False)
    assert list(AuditEntry.objects.filter(action__startswith="warehouse").values_list("action", flat=True)) == [
        "warehouse.added",
        "warehouse.changed",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "oak"},
        {"code": ""},
        {"code": "a b"},
        {"name_en": " "},
        {"country": "USA"},
        {"priority": "-1"},
        {"priority": str(10**20)},
    ],
)
def test_wrong_warehouse_is_told_on_the_form(oak, wrong):
    answer = office.client("warehouse").post("/warehouses/", {**NEW, **wrong})
    assert answer.status_code == 422
    assert Warehouse.objects.count() == 1


def test_inactive_warehouse_serves_no_new_order(mug, oak, shop):
    ewr = factories.warehouse("EWR", priority=2)
    factories.receive(mug, 5, at=ewr)
    office.client("warehouse").post(f"/warehouses/{oak.pk}/", {"name_en": "Oakland", "priority": "1"})
    order = office.order(shop, [(mug, 2)])
    assert [each.warehouse_id for each in office.fulfilments(order)] == [ewr.pk]


def test_warehouses_are_for_the_warehouse(oak):
    assert [office.client(role).get("/warehouses/").status_code for role in ("warehouse", "finance")] == [200, 403]
    assert office.client().get("/warehouses/999/").status_code == 404
