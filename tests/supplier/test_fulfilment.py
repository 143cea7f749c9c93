"""The warehouse's work: picking by scan, packing, shipping, what is missing."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, connection, transaction

from s2b2c.kernel.errors import Refused, StateRefused
from s2b2c.outbox.models import OutboxEvent
from supplier.models import FulfilmentLine, FulfilmentOrder, OrderNote, Shipment
from supplier.selectors import audit, fulfilment
from supplier.services import picking, shipping, shortage
from tests import factories
from tests.supplier import office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def oak(settings):
    settings.SUPPLIER_MFA_REQUIRED = False
    factories.company()
    return factories.warehouse("OAK", priority=1, name_en="Oakland")


def variant_of(sku: str, barcode: str = "", *, stock: int = 50):
    made = factories.variant(factories.product(f"Product {sku}", variants=0), stock=0, sku=sku, barcode=barcode)
    factories.receive(made, stock, at=factories.warehouse("OAK"))
    return made


@pytest.fixture
def mug():
    return variant_of("MUG-1", "4006381333931")


@pytest.fixture
def tray():
    return variant_of("TRAY-1")


@pytest.fixture
def shop():
    return factories.reseller("juniper-row")


def only(order) -> FulfilmentOrder:
    return office.fulfilments(order)[0]


def picked(order) -> dict[str, int]:
    return dict(only(order).lines.values_list("variant__sku", "picked"))


def seen(client, address) -> str:
    return re.search(r'name="seen" value="(\d+)"', office.text(client.get(address)))[1]


def scan(client, address, **said):
    return client.post(address, {"seen": seen(client, address), **said})


# --- The queue and waves ---------------------------------------------------------------------------
def test_queue_shows_the_oldest_first_and_its_filters(mug, shop):
    first, second = office.order(shop, [(mug, 1)]), office.order(shop, [(mug, 2)])
    shown = office.text(office.client("warehouse").get("/fulfilment/?state=queued"))
    assert shown.index(only(first).number) < shown.index(only(second).number)
    for query, found in (
        ("?q=MUG-1", True),
        ("?q=maya", True),
        ("?from=OAK", True),
        ("?state=packed", False),
        ("?shop=x", False),
    ):
        assert (only(first).number in office.text(office.client().get(f"/fulfilment/{query}"))) is found, query


def test_list_of_all_shows_the_newest_first(mug, shop):
    first, second = office.order(shop, [(mug, 1)]), office.order(shop, [(mug, 2)])
    shown = office.text(office.client("warehouse").get("/fulfilment/"))
    assert shown.index(only(second).number) < shown.index(only(first).number)


def test_queue_takes_few_queries(mug, tray, shop):
    for _ in range(20):
        office.order(shop, [(mug, 1), (tray, 1)])
    reader = office.client("warehouse")
    answer, count = office.selects(lambda: reader.get("/fulfilment/?state=queued"))
    assert answer.status_code == 200
    assert count <= 12


def test_wave_starts_those_of_one_warehouse(mug, shop):
    ewr = factories.warehouse("EWR", priority=2)
    here = [office.order(shop, [(mug, 1)]) for _ in range(2)]
    far = variant_of("FAR-1", stock=1)
    factories.receive(far, 5, at=ewr)
    there = office.order(shop, [(far, 5)])
    rows = [only(order).pk for order in (*here, there)]
    answer = office.client("warehouse").post("/fulfilment/wave/", {"row": rows})
    assert answer.url == f"/fulfilment/pick/?n={only(here[0]).number}.{only(here[1]).number}"
    assert [only(order).state for order in (*here, there)] == ["picking", "picking", "queued"]


def test_wave_of_nothing_says_so(shop):
    assert (
        office.client("warehouse").post("/fulfilment/wave/", {"row": ["x", "99999999999999999999"]}).url
        == "/fulfilment/"
    )


def test_pick_list_sums_a_variant_over_orders(mug, tray, shop):
    first, second = office.order(shop, [(mug, 2), (tray, 1)]), office.order(shop, [(mug, 3)])
    numbers = f"{only(first).number}.{only(second).number}"
    wave = fulfilment.wave(numbers.split("."))
    assert [(stop.variant.sku, stop.wanted) for stop in wave.stops] == [("MUG-1", 5), ("TRAY-1", 1)]
    assert office.client("warehouse").get(f"/fulfilment/list/?n={numbers}").status_code == 200


@pytest.mark.parametrize("numbers", ["", "NOPE", "%00", "a" * 300, "...", "<b>"])
def test_wave_that_does_not_exist_is_not_found(shop, numbers):
    assert office.client("warehouse").get(f"/fulfilment/pick/?n={numbers}").status_code in (400, 404)


# --- Picking by scan -------------------------------------------------------------------------------
def test_scan_counts_one_piece_by_barcode_or_sku(mug, tray, shop):
    order, picker = office.order(shop, [(mug, 2), (tray, 1)]), office.client("warehouse")
    picking.start_picking(number=only(order).number, actor_id=None)
    address = f"/fulfilment/pick/?n={only(order).number}"
    for code in ("4006381333931", " tray-1 ", "mug-1"):
        assert scan(picker, address, code=code).status_code == 302
    assert picked(order) == {"MUG-1": 2, "TRAY-1": 1}
    assert "All taken" in office.text(picker.get(address))


def test_same_form_twice_counts_once(mug, shop):
    order, picker = office.order(shop, [(mug, 3)]), office.client("warehouse")
    address = f"/fulfilment/pick/?n={only(order).number}"
    for _ in range(2):
        picker.post(address, {"seen": "0", "code": "MUG-1"})
    assert picked(order) == {"MUG-1": 1}


def test_button_takes_all_and_a_number_takes_some(mug, tray, shop):
    order, picker = office.order(shop, [(mug, 12), (tray, 2)]), office.client("warehouse")
    address = f"/fulfilment/pick/?n={only(order).number}"
    scan(picker, address, code="10", all=str(mug.pk))
    assert picked(order) == {"MUG-1": 10, "TRAY-1": 0}
    scan(picker, f"{address}&at={mug.pk}", all=str(mug.pk))
    scan(picker, address, all=str(tray.pk))
    assert picked(order) == {"MUG-1": 12, "TRAY-1": 2}


def test_pieces_go_into_totes_in_turn(mug, shop):
    first, second = office.order(shop, [(mug, 2)]), office.order(shop, [(mug, 1)])
    address = f"/fulfilment/pick/?n={only(first).number}.{only(second).number}"
    picker = office.client("warehouse")
    for _ in range(3):
        scan(picker, address, code="MUG-1")
    assert (picked(first), picked(second)) == ({"MUG-1": 2}, {"MUG-1": 1})


@pytest.mark.parametrize("code", ["WRONG-1", "99", "", "0", "٣", "4006381333932"])
def test_wrong_code_is_told_and_counts_nothing(mug, shop, code):
    order, picker = office.order(shop, [(mug, 2)]), office.client("warehouse")
    answer = scan(picker, f"/fulfilment/pick/?n={only(order).number}", code=code)
    assert answer.status_code == 422
    assert 'role="alert"' in office.text(answer)
    assert picked(order) == {"MUG-1": 0}


def test_count_of_a_stop_can_be_undone_and_put_off(mug, tray, shop):
    order, picker = office.order(shop, [(mug, 2), (tray, 1)]), office.client("warehouse")
    address = f"/fulfilment/pick/?n={only(order).number}"
    later = office.text(picker.get(f"{address}&later={mug.pk}"))
    assert ">TRAY-1</h2>" in later
    scan(picker, address, all=str(mug.pk))
    scan(picker, address, undo=str(mug.pk))
    assert picked(order) == {"MUG-1": 0, "TRAY-1": 0}


def test_boxes_of_a_wave_are_packed_together(mug, shop):
    orders = [office.order(shop, [(mug, 1)]) for _ in range(2)]
    numbers = ".".join(only(order).number for order in orders)
    answer = office.client("warehouse").post(f"/fulfilment/wave/pack/?n={numbers}")
    assert answer.url == "/fulfilment/?state=packed"
    assert [only(order).state for order in orders] == ["packed", "packed"]


# --- Steps of one ----------------------------------------------------------------------------------
def test_steps_and_their_undo(mug, shop):
    order, packer = office.order(shop, [(mug, 2)]), office.client("warehouse")
    address = f"/fulfilment/{only(order).number}/"
    states = []
    for step in ("start", "put-back", "start", "pack", "unpack", "pack"):
        assert packer.post(f"{address}{step}/").status_code == 302
        states.append(only(order).state)
    assert states == ["picking", "queued", "picking", "packed", "picking", "packed"]
    assert packer.get(address).status_code == 200


def test_put_back_order_can_be_cancelled_again(mug, shop):
    order = office.order(shop, [(mug, 2)])
    picking.start_picking(number=only(order).number, actor_id=None)
    assert not fulfilment.lock_untouched(reseller_id=shop.pk, order_number=order.order_number)
    picking.put_back(number=only(order).number, actor_id=None)
    assert fulfilment.lock_untouched(reseller_id=shop.pk, order_number=order.order_number)


def test_step_that_is_over_is_refused(mug, shop):
    order = office.order(shop, [(mug, 2)])
    shipping.ship(number=only(order).number, carrier="PP", tracking="", request_key="k")
    for step in (picking.start_picking, picking.put_back, picking.unpack):
        with pytest.raises(StateRefused):
            step(number=only(order).number, actor_id=None)
    assert office.client("warehouse").post(f"/fulfilment/{only(order).number}/start/").status_code == 409


def test_start_that_comes_late_opens_no_packed_box_and_tells_the_shop_nothing(mug, shop):
    order = office.order(shop, [(mug, 2)])
    picking.start_picking(number=only(order).number, actor_id=None)
    picking.pack(number=only(order).number, actor_id=None)
    with pytest.raises(StateRefused):
        picking.start_picking(number=only(order).number, actor_id=None)
    assert only(order).state == "packed"
    assert OutboxEvent.objects.filter(topic="PickingStarted").count() == 1


def ship_form(order, pieces, **more):
    lines = {f"p{line.pk}": str(n) for line, n in zip(only(order).lines.order_by("id"), pieces, strict=True)}
    return {"carrier": "Pacific Parcel", "tracking": "PP 77", "key": "a-form", **lines, **more}


def test_parcels_go_one_by_one(mug, tray, shop):
    order, packer = office.order(shop, [(mug, 2), (tray, 1)]), office.client("warehouse")
    address = f"/fulfilment/{only(order).number}/ship/"
    packer.post(address, ship_form(order, [1, 1]))
    assert only(order).state == "part_shipped"
    form = ship_form(order, [1, 0], key="another")
    packer.post(address, form)
    assert only(order).state == "shipped"
    assert sorted(Shipment.objects.values_list("tracking", flat=True)) == ["PP 77", "PP 77"]
    assert [*audit.stock()] == []


def test_parcel_sent_twice_leaves_once(mug, shop):
    order, packer = office.order(shop, [(mug, 3)]), office.client("warehouse")
    form = ship_form(order, [2])
    for _ in range(2):
        answer = packer.post(f"/fulfilment/{only(order).number}/ship/", form)
        assert answer.status_code == 302
    assert Shipment.objects.count() == 1
    assert list(only(order).lines.values_list("shipped", flat=True)) == [2]


@pytest.mark.parametrize(
    "wrong",
    [
        {"carrier": ""},
        {"tracking_url": "javascript:alert(1)"},
        {"carrier": "x" * 61},
        {"tracking": "x" * 61},
        {"pieces": 4},
        {"pieces": -1},
        {"pieces": 0},
        {"pieces": 10**30},
    ],
)
def test_wrong_parcel_is_told_on_the_form(mug, shop, wrong):
    order, packer = office.order(shop, [(mug, 3)]), office.client("warehouse")
    pieces = wrong.pop("pieces", 1)
    answer = packer.post(f"/fulfilment/{only(order).number}/ship/", ship_form(order, [pieces], **wrong))
    assert answer.status_code == 422
    assert Shipment.objects.count() == 0
    assert "PP 77" in office.text(answer) or "x" * 60 in office.text(answer)


def test_short_pieces_are_cancelled_refunded_and_leave_stock(mug, shop, oak):
    order, packer = office.order(shop, [(mug, 3)]), office.client("warehouse")
    line = only(order).lines.get()
    form = {f"p{line.pk}": "1", "reason": "Damaged", "write_off": "on", "key": "s1"}
    for _ in range(2):
        assert packer.post(f"/fulfilment/{only(order).number}/short/", form).status_code == 302
    line.refresh_from_db()
    assert (line.cancelled, office.on_hand(mug, oak)) == (1, 49)
    assert OutboxEvent.objects.filter(topic="FulfilmentCancelled").count() == 1
    assert OrderNote.objects.filter(kind="short").count() == 1
    assert [*audit.stock()] == []


def test_short_pieces_that_are_still_there_can_be_sold(mug, shop, oak):
    order = office.order(shop, [(mug, 3)])
    line = only(order).lines.get()
    shortage.report_short(number=only(order).number, pieces={line.pk: 3}, reason="Too late", actor_id=None)
    assert (office.on_hand(mug, oak), mug.stock.get().available) == (50, 50)
    assert only(order).state == "cancelled"


def test_short_without_pieces_or_reason_is_told(mug, shop):
    order, packer = office.order(shop, [(mug, 3)]), office.client("warehouse")
    line = only(order).lines.get()
    for form in (
        {f"p{line.pk}": "0", "reason": "x"},
        {f"p{line.pk}": "1", "reason": ""},
        {f"p{line.pk}": "9", "reason": "x"},
    ):
        assert packer.post(f"/fulfilment/{only(order).number}/short/", form).status_code == 422
    assert OutboxEvent.objects.filter(topic="FulfilmentCancelled").count() == 0


def test_short_frees_what_its_own_warehouse_keeps(mug, shop):
    """Two warehouses hold the same variant for one order; missing pieces in one leave the other's alone."""
    factories.receive(mug, 10, at=factories.warehouse("EWR", priority=2))
    order = office.order(shop, [(mug, 55)])
    _first, second = office.fulfilments(order)
    line = second.lines.get()
    shortage.report_short(number=second.number, pieces={line.pk: 5}, reason="Lost", actor_id=None, write_off=True)
    shipping.ship(number=only(order).number, carrier="PP", tracking="", request_key="k")
    assert [*audit.stock()] == []


def test_short_keeps_what_is_picked_of_the_rest(mug, shop):
    order = office.order(shop, [(mug, 3)])
    line = only(order).lines.get()
    picking.record_pick(number=only(order).number, line_id=line.pk, picked=2, actor_id=None)
    shortage.report_short(number=only(order).number, pieces={line.pk: 1}, reason="Lost", actor_id=None)
    assert picked(order) == {"MUG-1": 2}


def test_pieces_of_another_order_are_not_sent(mug, shop):
    order, other = office.order(shop, [(mug, 1)]), office.order(shop, [(mug, 1)])
    with pytest.raises(Refused):
        shipping.ship(
            number=only(order).number,
            carrier="PP",
            tracking="",
            request_key="k",
            pieces={only(other).lines.get().pk: 1},
        )
    assert Shipment.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "look", "act"),
    [("warehouse", 200, 302), ("support", 200, 403), ("finance", 403, 403), ("catalogue", 403, 403)],
)
def test_roles_at_the_door(mug, shop, role, look, act):
    order, person = office.order(shop, [(mug, 1)]), office.client(role)
    address = f"/fulfilment/{only(order).number}/"
    assert (person.get(address).status_code, person.post(f"{address}start/").status_code) == (look, act)
    assert "Start picking" not in office.text(person.get(address)) or role == "warehouse"


def test_line_to_send_of_another_variant_than_was_sold_is_refused_by_the_database(shop, mug, tray):
    line = only(office.order(shop, [(mug, 1)])).lines.get()
    FulfilmentLine.objects.filter(id=line.id).update(variant=tray)
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.check_constraints()
    FulfilmentLine.objects.filter(id=line.id).update(variant=mug)
