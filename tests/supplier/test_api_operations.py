"""Stock and fulfilment over the API: what an ERP or a warehouse system sends and gets."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest

from s2b2c.kernel import clock
from supplier.models import Movement, Shipment
from supplier.selectors import audit
from supplier.services import picking
from tests import factories
from tests.api.conftest import ApiClient, make_key
from tests.supplier import office

pytestmark = pytest.mark.django_db
ALL = ("stock:read", "stock:write", "fulfilment:read", "fulfilment:write")
V1 = "/api/v1"


@pytest.fixture(autouse=True)
def oak():
    factories.company()
    return factories.warehouse("OAK", priority=1, name_en="Oakland")


@pytest.fixture
def api() -> ApiClient:
    return ApiClient(office.HOST, make_key(None, *ALL))


@pytest.fixture
def mug(oak):
    made = factories.variant(factories.product("Mug", variants=0), stock=0, sku="MUG-1", barcode="400")
    factories.receive(made, 50, at=oak)
    return made


@pytest.fixture
def order(mug):
    return office.order(factories.reseller("juniper-row"), [(mug, 3)])


def only(order):
    return office.fulfilments(order)[0]


def key() -> dict[str, str]:
    return {"Idempotency-Key": uuid.uuid4().hex}


# --- Stock -----------------------------------------------------------------------------------------
def test_stock_is_told_by_warehouse(api, mug, order):
    assert api.get(f"{V1}/stock/").json() == {
        "items": [
            {
                "sku": "MUG-1", "barcode": "400", "free": 47, "held": 3, "on_hand": 50, "bundle": False,
                "warehouses": [{"warehouse": "OAK", "free": 47, "held": 3, "on_hand": 50}],
            }
        ],
        "next": None,
    }  # fmt: skip
    assert api.get(f"{V1}/stock/MUG-1/").json()["free"] == 47
    assert api.get(f"{V1}/stock/NOPE/").status_code == 404


def test_stock_comes_in_pages_and_is_narrowed(api, mug, oak):
    for number in range(4):
        made = factories.variant(mug.product, stock=0, sku=f"TRAY-{number}")
        factories.receive(made, 1, at=factories.warehouse("EWR"))
    first = api.get(f"{V1}/stock/?limit=3").json()
    second = api.get(first["next"]).json()
    assert [len(first["items"]), len(second["items"]), second["next"]] == [3, 2, None]
    assert len(api.get(f"{V1}/stock/?sku=TRAY").json()["items"]) == 4
    assert len(api.get(f"{V1}/stock/?warehouse=OAK").json()["items"]) == 1


def test_stock_takes_few_queries(api, mug):
    for number in range(20):
        factories.variant(mug.product, stock=3, sku=f"S-{number}")
    _answer, count = office.selects(lambda: api.get(f"{V1}/stock/"))
    assert count <= 10


def test_receipt_is_booked_once(api, mug, oak):
    sent, headers = {"warehouse": "OAK", "reference": "DN 7", "lines": [{"sku": "MUG-1", "quantity": 12}]}, key()
    first = api.send("post", f"{V1}/stock/receipts/", sent, **headers)
    again = api.send("post", f"{V1}/stock/receipts/", sent, **headers)
    assert (first.status_code, first.json()) == (201, again.json())
    assert first.json()["items"][0] | {"id": 0, "at": ""} == {
        "id": 0, "sku": "MUG-1", "warehouse": "OAK", "quantity": 12, "kind": "receipt", "reason": "DN 7", "at": "",
    }  # fmt: skip
    assert office.on_hand(mug, oak) == 62
    assert [*audit.stock()] == []


def test_receipt_is_all_or_nothing(api, mug, oak):
    lines = [{"sku": "MUG-1", "quantity": 1}, {"sku": "NOPE", "quantity": 1}]
    answer = api.send("post", f"{V1}/stock/receipts/", {"warehouse": "OAK", "lines": lines})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "/lines/1/sku")
    assert office.on_hand(mug, oak) == 50


def test_adjustment_takes_only_what_is_free(api, mug, order, oak):
    def adjust(quantity):
        return api.send(
            "post",
            f"{V1}/stock/adjustments/",
            {"warehouse": "OAK", "reason": "Counted", "lines": [{"sku": "MUG-1", "quantity": quantity}]},
        )

    assert adjust(-47).status_code == 201
    refused = adjust(-1)
    assert (refused.status_code, refused.json()["error"]["code"], refused.json()["error"]["field"]) == (
        422,
        "not_free",
        "/lines/0/quantity",
    )
    assert adjust(0).json()["error"]["field"] == "/lines/0/quantity"
    assert Movement.objects.filter(kind="adjustment").count() == 1


@pytest.mark.parametrize(
    "sent",
    [
        None, [], "x", 7, {}, {"warehouse": "OAK"}, {"warehouse": "OAK", "lines": []},
        {"warehouse": "NOPE", "lines": [{"sku": "MUG-1", "quantity": 1}]},
        {"warehouse": "OAK", "lines": [{"sku": "MUG-1", "quantity": 10**40}]},
        {"warehouse": "OAK", "lines": [{"sku": "MUG-1", "quantity": -1}]},
        {"warehouse": "OAK", "lines": [{"sku": "MUG-1", "quantity": 1.5}]},
        {"warehouse": "OAK", "lines": [{"sku": "a\x00b", "quantity": 1}]},
        {"warehouse": "OAK", "lines": [{"sku": {"a": 1}, "quantity": True}]},
        {"warehouse": ["OAK"], "lines": "x"},
        {"warehouse": "OAK", "lines": [{"sku": "MUG-1", "quantity": 1}] * 201},
    ],
)  # fmt: skip
def test_nonsense_is_refused_and_moves_nothing(api, mug, sent):
    for path in ("receipts", "adjustments"):
        answer = api.send("post", f"{V1}/stock/{path}/", sent, **key())
        assert 400 <= answer.status_code < 500, answer.content
        assert set(answer.json()["error"]) == {"code", "message", "field", "params"}
    assert Movement.objects.count() == 1


# --- Fulfilment ------------------------------------------------------------------------------------
def test_fulfilment_order_tells_what_to_send_where_and_only_the_cash_to_collect(api, order):
    (told,) = api.get(f"{V1}/fulfilment-orders/").json()["items"]
    assert (told["number"], told["state"], told["warehouse"], told["reseller"]) == (
        only(order).number,
        "queued",
        "OAK",
        "juniper-row",
    )
    assert told["recipient"]["city"] == "Brooklyn"
    assert told["lines"] == [
        {
            "id": only(order).lines.get().pk,
            "sku": "MUG-1",
            "barcode": "400",
            "title": told["lines"][0]["title"],
            "quantity": 3,
            "picked": 0,
            "shipped": 0,
            "cancelled": 0,
            "waiting": 0,
            "bundle": None,
            "per_bundle": 1,
        }
    ]
    assert re.findall(r"\w*_minor", str(told)) == ["collect_minor"]  # what the carrier takes at the door, no more
    assert api.get(f"{V1}/fulfilment-orders/{only(order).number}/").json() == told


def test_fulfilment_orders_are_narrowed(api, mug, order):
    other = office.order(factories.reseller(), [(mug, 1)])
    picking.start_picking(number=only(other).number, actor_id=None)

    def numbers(**query):
        return [each["number"] for each in api.get(f"{V1}/fulfilment-orders/", query).json()["items"]]

    assert numbers() == [only(order).number, only(other).number]
    assert numbers(state="picking") == [only(other).number]
    assert numbers(warehouse="EWR") == []
    later = clock.now() + timedelta(minutes=5)
    assert numbers(updated_since=later.isoformat()) == []
    with clock.set_to(later):
        picking.pack(number=only(order).number, actor_id=None)
    assert numbers(updated_since=later.isoformat()) == [only(order).number]


@pytest.mark.parametrize(
    "query",
    [
        "state=x",
        "updated_since=yesterday",
        "updated_since=0001-01-01T00:00:00%2B14:00",
        "cursor=x",
        "limit=0",
        "warehouse=" + "x" * 99,
        "warehouse=%F0%9F%98%80",
    ],
)
def test_nonsense_in_the_query_is_no_error_of_ours(api, order, query):
    assert api.get(f"{V1}/fulfilment-orders/?{query}").status_code in (200, 422)


def test_fulfilment_orders_take_few_queries(api, mug, order):
    for _ in range(10):
        office.order(factories.reseller(), [(mug, 1)])
    _answer, count = office.selects(lambda: api.get(f"{V1}/fulfilment-orders/"))
    assert count <= 11


def test_picking_begins_and_packing_ends(api, order):
    path = f"{V1}/fulfilment-orders/{only(order).number}"
    assert api.send("post", f"{path}/picking/").json()["state"] == "picking"
    assert api.send("post", f"{path}/picking/").json()["state"] == "picking"
    assert api.send("post", f"{path}/packing/").json()["state"] == "packed"
    assert api.send("post", f"{V1}/fulfilment-orders/NOPE/picking/").status_code == 404


def test_parcel_needs_a_key_and_leaves_once(api, order):
    path, line = f"{V1}/fulfilment-orders/{only(order).number}/shipments/", only(order).lines.get().pk
    sent = {"carrier": "Pacific Parcel", "tracking": "PP 77", "lines": [{"line": line, "quantity": 2}]}
    refused = api.send("post", path, sent)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "idempotency_key")
    headers = key()
    first, again = (api.send("post", path, sent, **headers) for _ in range(2))
    assert (first.status_code, again.json()) == (201, first.json())
    assert Shipment.objects.count() == 1
    assert only(order).state == "part_shipped"
    rest = api.send("post", path, {"carrier": "Pacific Parcel"}, **key())
    assert rest.json()["lines"] == [{"line": line, "quantity": 1}]
    assert api.send("post", path, {"carrier": "Pacific Parcel"}, **key()).status_code == 409


def test_wrong_parcels_are_refused_and_nothing_leaves(api, order):
    path, line = f"{V1}/fulfilment-orders/{only(order).number}/shipments/", only(order).lines.get().pk
    for sent in (
        {},
        {"carrier": ""},
        {"carrier": "P", "lines": []},
        {"carrier": "P", "lines": [{"line": line, "quantity": 4}]},
        {"carrier": "P", "lines": [{"line": line, "quantity": 0}]},
        {"carrier": "P", "lines": [{"line": line, "quantity": 1}] * 2},
        {"carrier": "P", "lines": [{"line": 10**15, "quantity": 1}]},
        {"carrier": "P", "lines": [{"line": 10**40, "quantity": 1}]},
        {"carrier": "P" * 61},
        {"carrier": "P", "tracking_url": "javascript:x"},
        {"carrier": "P\x00"},
    ):
        answer = api.send("post", path, sent, **key())
        assert 400 <= answer.status_code < 500, (sent, answer.content)
    assert Shipment.objects.count() == 0


def test_shortage_is_reported_once(api, order, mug, oak):
    path, line = f"{V1}/fulfilment-orders/{only(order).number}/shortages/", only(order).lines.get().pk
    sent, headers = {"reason": "Damaged", "write_off": True, "lines": [{"line": line, "quantity": 1}]}, key()
    answers = [api.send("post", path, sent, **headers).json()["lines"][0]["cancelled"] for _ in range(2)]
    assert (answers, office.on_hand(mug, oak)) == ([1, 1], 49)
    assert [*audit.stock()] == []


# --- Who may ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("scope", ALL)
def test_each_scope_opens_its_own_door(mug, order, scope):
    holder, number = ApiClient(office.HOST, make_key(None, scope)), only(order).number
    lines = {"warehouse": "OAK", "lines": [{"sku": "MUG-1", "quantity": 1}]}
    doors = {
        "stock:read": holder.get(f"{V1}/stock/"),
        "stock:write": holder.send("post", f"{V1}/stock/receipts/", lines),
        "fulfilment:read": holder.get(f"{V1}/fulfilment-orders/"),
        "fulfilment:write": holder.send("post", f"{V1}/fulfilment-orders/{number}/picking/"),
    }
    assert {name for name, answer in doors.items() if answer.status_code < 400} == {scope}


def test_without_a_key_nothing_is_told(mug, order):
    nobody = ApiClient(office.HOST)
    assert [nobody.get(f"{V1}/{path}/").status_code for path in ("stock", "fulfilment-orders")] == [401, 401]
    shops = ApiClient(office.HOST, make_key(factories.reseller(), "orders:read"))
    assert shops.get(f"{V1}/stock/").status_code == 401


def test_schema_describes_every_path(api):
    schema = ApiClient(office.HOST).get(f"{V1}/schema/?format=json").json()
    for path in (
        "/stock/",
        "/stock/receipts/",
        "/stock/adjustments/",
        "/fulfilment-orders/",
        "/fulfilment-orders/{number}/shipments/",
    ):
        assert f"{V1}{path}" in schema["paths"], path
