"""The desks of the warehouse: damaged pieces, arrivals, transfers, counts, and the history as a file."""

from __future__ import annotations

import re

import pytest

from supplier.models import Arrival, StockCount, StockTransfer
from supplier.selectors import audit, stock
from supplier.services import shipping
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
    made = factories.variant(factories.product("Tidewater Mug", variants=0), stock=0, sku="MUG-1")
    factories.receive(made, 50, at=oak)
    return made


@pytest.fixture
def desk():
    return office.client("warehouse")


def level(variant, place):
    return stock.levels(stock.find(variant.id))[place.id]


def test_damaged_pieces_are_set_aside_and_thrown_away(mug, oak, desk):
    form = {"warehouse": oak.id, "quantity": 3, "reason": "fell", "key": "a", "what": "damage"}
    for _ in range(2):  # sent twice by an impatient finger
        assert desk.post(f"/stock/{mug.id}/damage/", form).status_code == 302
    assert (level(mug, oak).free, level(mug, oak).damaged) == (47, 3)
    desk.post(f"/stock/{mug.id}/damage/", {**form, "what": "scrap", "key": "b"})
    assert level(mug, oak).on_hand == 47
    page = office.text(desk.get(f"/stock/{mug.id}/"))
    assert "Why 47 on hand?" in page
    refused = desk.post(f"/stock/{mug.id}/damage/", {**form, "what": "repair", "key": "c"})
    assert refused.status_code == 422
    assert "Only 0 pieces are damaged here." in office.text(refused)


def test_an_arrival_is_announced_shown_and_received(mug, oak, desk):
    form = {"warehouse": oak.id, "quantity": 12, "arrives_on": "2031-03-05", "reason": "PO 88"}
    assert desk.post(f"/stock/{mug.id}/announce/", form).status_code == 302
    assert "PO 88" in office.text(desk.get(f"/stock/{mug.id}/"))
    assert "MUG-1" in office.text(desk.get("/stock/arrivals/"))
    made = Arrival.objects.get()
    for _ in range(2):
        desk.post(f"/stock/arrivals/{made.id}/receive/", {"quantity": 12, "key": "k"})
    assert level(mug, oak).free == 62
    assert Arrival.objects.get().state == "received"


def test_a_transfer_goes_from_draft_over_transit_to_the_shelf(mug, oak, desk):
    far = factories.warehouse("EWR", priority=2)
    form = {"source": oak.id, "target": far.id, "pieces": "MUG-1 10\n", "note": "spring"}
    address = desk.post("/stock/transfers/new/", form).headers["Location"]
    assert "spring" in office.text(desk.get(address))
    desk.post(f"{address}send/")
    assert "OAK → EWR" in office.text(desk.get(f"/stock/{mug.id}/"))
    line = StockTransfer.objects.get().lines.get()
    refused = desk.post(f"{address}receive/", {f"line-{line.id}": 9})
    assert refused.status_code == 422
    desk.post(f"{address}receive/", {f"line-{line.id}": 9, "shortage": "box was open"})
    assert (level(mug, oak).free, level(mug, far).free) == (40, 9)
    assert "box was open" in office.text(desk.get(address))
    assert StockTransfer.objects.get().number in office.text(desk.get("/stock/transfers/"))
    assert [*audit.stock()] == []


def test_a_new_transfer_starts_between_two_places(oak, desk):
    far = factories.warehouse("EWR", priority=2)
    page = office.text(desk.get("/stock/transfers/new/"))
    assert re.findall(r'<option value="(\d+)" selected', page) == [str(far.id)]  # From stands at the first, Oakland


@pytest.mark.parametrize("pieces", ["", "NONE-1 3", "MUG-1", "MUG-1 0", "MUG-1 x"])
def test_a_transfer_of_what_is_not_there_is_refused_on_its_form(mug, oak, desk, pieces):
    form = {"source": oak.id, "target": factories.warehouse("EWR").id, "pieces": pieces}
    assert desk.post("/stock/transfers/new/", form).status_code == 422
    assert not StockTransfer.objects.exists()


def test_a_blind_count_hides_what_is_expected_until_it_is_posted(mug, oak, desk):
    address = desk.post("/stock/counts/new/", {"warehouse": oak.id, "blind": "on"}).headers["Location"]
    line = StockCount.objects.get().lines.get()
    desk.post(address, {f"line-{line.id}": "47"})
    assert '<th scope="col" class="n">Expected</th>' not in desk.get(address).content.decode()
    assert desk.post(f"{address}post/", {"reason": ""}).status_code == 422
    desk.post(f"{address}post/", {"reason": "cycle count"})
    assert level(mug, oak).free == 47
    assert '<th scope="col" class="n">Expected</th>' in desk.get(address).content.decode()
    assert "Posted" in office.text(desk.get("/stock/counts/"))
    assert [*audit.stock()] == []


def test_history_names_every_cause_with_running_sums(mug, oak, desk):
    order = office.order(factories.reseller("juniper-row"), [(mug, 3)])
    fulfilment = order.fulfilments.get()
    shipping.ship(number=fulfilment.number, carrier="UPS", tracking="1Z", request_key="s")
    rows = b"".join(desk.get(f"/stock/{mug.id}/why.csv").streaming_content).decode("utf-8-sig").splitlines()
    assert [row.split(",")[-3:] for row in rows[1:]] == [["50", "50", "50"], ["-3", "47", "47"]]
    page = desk.get(f"/stock/{mug.id}/").content.decode()
    assert f'href="/fulfilment/{fulfilment.number}/"' in page
    assert "Why 47 on hand?" in office.text(desk.get(f"/stock/{mug.id}/"))
    before = desk.get(f"/stock/{mug.id}/why.csv?day=2001-01-01")
    assert len(b"".join(before.streaming_content).decode().splitlines()) == 1


def test_readers_look_and_do_not_move(mug, oak):
    reader = office.client("support")
    for path in ("/stock/transfers/", "/stock/counts/", "/stock/arrivals/", f"/stock/{mug.id}/"):
        assert reader.get(path).status_code == 200
    assert reader.get("/stock/transfers/new/").status_code == 403
