"""Bundles on the supplier's pages: put together, read, picked, packed and sent."""

from __future__ import annotations

import pytest
from django.test import Client

from supplier.models import Bundle, BundlePart
from supplier.services import bundles, picking, shipping, stock
from tests import factories
from tests.supplier import catalogue_world as world
from tests.supplier import office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.SUPPLIER_MFA_REQUIRED = False


@pytest.fixture
def client():
    return signed_in("admin")


def signed_in(role):
    client = Client(HTTP_HOST="supply.localhost", raise_request_exception=False)
    client.force_login(factories.staff(role))
    return client


@pytest.fixture
def parts(db):
    """A mug of which seven are there, and a tray of which three are."""
    factories.company()
    place = world.warehouse()
    for code, name, pieces in (("MUG", "Mug", 7), ("TRAY", "Tray", 3)):
        world.product(code, skus=(f"{code}-1",), name_en=name, on_sale=True)
        stock.receive(variant_id=world.variant(f"{code}-1").id, warehouse_id=place.id, quantity=pieces)
    return world.variant("MUG-1"), world.variant("TRAY-1")


@pytest.fixture
def breakfast(parts):
    """A variant that is to be a bundle."""
    world.product("SET", skus=("SET-1",), name_en="Breakfast set", on_sale=True)
    return world.variant("SET-1")


@pytest.fixture
def made(breakfast, parts):
    bundles.put(variant_id=breakfast.id, parts={parts[0].id: 2, parts[1].id: 1})
    return breakfast


def address(variant, more=""):
    return f"/catalogue/{variant.product_id}/variants/{variant.id}/bundle/{more}"


def inside(variant):
    return dict(BundlePart.objects.filter(bundle=variant.id).values_list("component__sku", "pieces"))


# --- Putting one together ----------------------------------------------------------------------------
def test_a_bundle_is_put_together_by_search_and_nothing_is_kept_before_it_is_saved(client, breakfast, parts):
    mug, tray = parts
    found = client.post(address(breakfast), {"q": "mug", "find": "1"})
    assert [row.variant for row in found.context["found"]] == [mug]
    client.post(address(breakfast), {"q": "mug", "add": mug.id})
    added = client.post(address(breakfast), {f"n-{mug.id}": "2", "q": "tray", "add": tray.id})
    assert [(row.variant, row.typed) for row in added.context["rows"]] == [(mug, "2"), (tray, "1")]
    assert not Bundle.objects.exists()
    saved = client.post(address(breakfast), {f"n-{mug.id}": "2", f"n-{tray.id}": "1", "save": "1"})
    assert saved["Location"] == f"/catalogue/{breakfast.product_id}/#bundles"
    assert inside(breakfast) == {"MUG-1": 2, "TRAY-1": 1}


def test_a_part_is_removed_and_the_rest_stays_as_typed(client, made, parts):
    mug, tray = parts
    shown = client.post(address(made), {f"n-{mug.id}": "4", f"n-{tray.id}": "1", "remove": tray.id})
    assert [(row.variant, row.typed) for row in shown.context["rows"]] == [(mug, "4")]


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({}, "at least one thing"),
        ({"MUG-1": "0"}, "Between 1 and 99 pieces"),
        ({"MUG-1": "two"}, "Between 1 and 99 pieces"),
        ({"SET-1": "1"}, "cannot be put into itself"),
        ({"MUG-1": "1", "OTHER-1": "1"}, "cannot be put into a bundle"),
        ({"GONE-1": "1"}, "Withdrawn, so not for a bundle: GONE-1"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason_and_what_was_typed_stays(client, breakfast, numbers, words):
    world.product("OTHER", skus=("OTHER-1",))
    bundles.put(variant_id=world.variant("OTHER-1").id, parts={world.variant("TRAY-1").id: 1})
    world.product("GONE", skus=("GONE-1",))
    type(breakfast).objects.filter(sku="GONE-1").update(status="withdrawn")
    fields = {f"n-{world.variant(sku).id}": number for sku, number in numbers.items()}
    answer = client.post(address(breakfast), {**fields, "save": "1"})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert [row.typed for row in answer.context["rows"]] == list(numbers.values())
    assert not Bundle.objects.filter(variant=breakfast.id).exists()


def test_what_has_stock_says_why_it_cannot_be_a_bundle(client, parts):
    assert "has stock of its own or was sold already" in client.get(address(parts[0])).content.decode()


def test_an_ordered_bundle_is_shown_and_not_to_be_changed(client, made):
    office.order(factories.reseller("juniper-row"), [(made, 1)])
    page = client.get(address(made)).content.decode()
    assert "what is in it stays" in page
    assert 'name="save"' not in page


def test_a_bundle_that_was_never_ordered_is_undone(client, made):
    client.post(address(made, "drop/"))
    assert not Bundle.objects.exists()


def test_only_who_writes_the_catalogue_puts_bundles_together(made):
    assert signed_in("warehouse").post(address(made), {"save": "1"}).status_code == 403
    assert signed_in("warehouse").get(f"/catalogue/{made.product_id}/").status_code == 200


# --- Reading -----------------------------------------------------------------------------------------
def test_product_pages_tell_what_is_in_it_and_what_it_is_in(client, made, parts):
    page = client.get(f"/catalogue/{made.product_id}/")
    assert [(variant, content.free) for variant, content in page.context["made"]] == [(made, 3)]
    part = client.get(f"/catalogue/{parts[0].product_id}/")
    assert [(each.bundle.variant, each.pieces) for each in part.context["inside_of"]] == [(made, 2)]


def test_lists_mark_bundles_and_count_what_can_be_had(client, made):
    listed = client.get("/catalogue/?bundle=made")
    assert [(row.code, row.free) for row in listed.context["table"].page.rows] == [("SET", 3)]
    assert [row.code for row in client.get("/catalogue/?bundle=parts").context["table"].page.rows] == ["TRAY", "MUG"]
    assert "Bundle" in client.get("/stock/?q=SET-1").content.decode()
    assert [row.sku for row in client.get("/stock/?free=none").context["table"].page.rows] == []


def test_stock_of_a_bundle_names_the_part_that_limits_it(client, made, parts):
    stock.receive(variant_id=parts[0].id, warehouse_id=world.Warehouse.objects.get().id, quantity=1)
    page = client.get(f"/stock/{made.id}/")
    content = page.context["content"]
    assert [(part.variant, part.limits) for part in content.parts] == [(parts[0], False), (parts[1], True)]
    refused = client.post(f"/stock/{made.id}/receive/", {"warehouse": "1", "quantity": "1"})
    assert refused.status_code == 422


# --- The warehouse -----------------------------------------------------------------------------------
@pytest.fixture
def parcel(made, parts):
    """Two sets, and a mug by itself, of one order."""
    order = office.order(factories.reseller("juniper-row"), [(made, 2), (parts[0], 1)])
    return office.fulfilments(order)[0]


def test_pickers_see_parts_and_what_they_are_for(client, parcel):
    stops = client.get(f"/fulfilment/pick/?n={parcel.number}").context["wave"].stops
    assert [(stop.variant.sku, stop.wanted, stop.loose) for stop in stops] == [
        ("MUG-1", 5, True),
        ("TRAY-1", 2, False),
    ]
    page = client.get(f"/fulfilment/pick/?n={parcel.number}")
    assert [count for _place, _each, count in page.context["totes"]] == [5]
    assert "for Breakfast set, and by itself" in " ".join(page.content.decode().split())
    paper = client.get(f"/fulfilment/list/?n={parcel.number}").content.decode()
    assert "for Breakfast set, and by itself" in " ".join(paper.split())


def test_packers_send_whole_bundles_of_what_was_picked(client, parcel, parts):
    lines = {(line.variant_id, line.bundle_id is not None): line for line in parcel.lines.all()}
    actor = factories.staff("warehouse").pk
    for line, picked in ((lines[parts[0].id, True], 3), (lines[parts[1].id, True], 2)):
        picking.record_pick(number=parcel.number, line_id=line.id, picked=picked, actor_id=actor)
    page = client.get(f"/fulfilment/{parcel.number}/")
    usual = {line.variant.sku: field.value() for line, field, _left in page.context["parcel"].rows if line.bundle_id}
    assert usual == {"MUG-1": 2, "TRAY-1": 1}
    fields = {f"p{lines[parts[0].id, True].id}": 3, f"p{lines[parts[1].id, True].id}": 1}
    refused = client.post(f"/fulfilment/{parcel.number}/ship/", {"carrier": "UPS", "key": "k", **fields})
    assert "A bundle is sent whole" in refused.content.decode()


def test_the_order_shows_the_bundle_with_its_money_above_its_parts(client, parcel):
    page = client.get(f"/orders/juniper-row/{parcel.order.order_number}/")
    shown = page.content.decode()
    assert "Breakfast set" in shown
    served = page.context["fulfilments"][0]
    assert [(piece.row.variant.sku, piece.retail_minor > 0) for piece in served["pieces"]] == [
        ("MUG-1", True), ("TRAY-1", False), ("MUG-1", True)
    ]  # fmt: skip


def test_the_packing_slip_says_what_the_pieces_are_for(client, parcel):
    sent = shipping.ship(number=parcel.number, carrier="UPS", tracking="", request_key="slip")
    slip = " ".join(client.get(f"/fulfilment/parcels/{sent.number}/").content.decode().split())
    assert slip.count("for Breakfast set") == 2
