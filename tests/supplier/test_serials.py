"""Serial numbers: each piece of a marked variant has one, in stock, in totes, in parcels and back again."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused
from supplier.models import FulfilmentLine, LotMovement, LotPick, LotStock, Shipment, Stock, Variant
from supplier.selectors import audit
from supplier.services import lots, picking, returns, shipping, shortage, stock, variants
from supplier.services.returns import Found, Serials
from tests import factories
from tests.enablement.buying import refuses
from tests.supplier import catalogue_world as world
from tests.supplier import imports_world as files
from tests.supplier import office
from tests.supplier.test_lots import box, ship

pytestmark = pytest.mark.django_db


@transaction.atomic
def come(variant, *codes, at=None):
    """Receive a piece for each number."""
    place = at or factories.warehouse()
    stock.receive(variant_id=variant.pk, warehouse_id=place.pk, quantity=len(codes), told=True)
    made = [lots.enter(variant_id=variant.pk, code=code, serial=True) for code in codes]
    for each in made:
        lots.put(lot=each, warehouse_id=place.pk, quantity=1, cause="test", actor_id=None, aside=False)
    return made


@pytest.fixture
def variant():
    factories.company()
    return factories.variant(factories.product("Lamp", variants=0), stock=0, sku="LAMP-1", serials=True)


@pytest.fixture
def shop():
    return factories.reseller(name="Juniper Row")


def take(order, *numbers):
    """Pick pieces by their numbers."""
    line = FulfilmentLine.objects.get(fulfilment__order=order)
    for place, each in enumerate(numbers, 1):
        picking.record_pick(number=box(order).number, line_id=line.pk, picked=place, actor_id=None, lot_id=each.pk)
    return line


def test_box_is_not_closed_before_each_number_is_told(shop, variant):
    one, two, _three = come(variant, "S1", "S2", "S3")
    order = office.order(shop, [(variant, 2)])
    with refuses("serials_missing"):
        picking.pack(number=box(order).number, actor_id=None)
    with refuses("serials_missing"):
        ship(order)
    take(order, one)
    with refuses("serials_missing"):
        shipping.ship_whole(numbers=[box(order).number], carrier="DHL", request_key="k")
    take(order, one, two)
    picking.pack(number=box(order).number, actor_id=None)
    parcel = ship(order)
    assert sorted(LotPick.objects.filter(shipment=parcel).values_list("lot__code", flat=True)) == ["S1", "S2"]
    assert (list(audit.stock()), Shipment.objects.count()) == ([], 1)


def test_box_that_lost_a_piece_is_told_anew_which_number_it_holds(shop, variant):
    one, two = come(variant, "S1", "S2")
    order = office.order(shop, [(variant, 2)])
    line = take(order, one, two)
    shortage.report_short(number=box(order).number, pieces={line.pk: 1}, reason="Broken", actor_id=None)
    with refuses("serials_missing"):
        ship(order)
    take(order, two)
    assert [*LotPick.objects.filter(shipment=ship(order)).values_list("lot__code", flat=True)] == ["S2"]
    assert not LotPick.objects.filter(shipment=None).exists()


def test_piece_is_told_by_its_number_not_by_rule(shop, variant):
    come(variant, "S1")
    order = office.order(shop, [(variant, 1)])
    line = FulfilmentLine.objects.get(fulfilment__order=order)
    with refuses("serial_needed"):
        picking.record_pick(number=box(order).number, line_id=line.pk, picked=1, actor_id=None)
    assert not LotPick.objects.exists()


def test_number_lies_in_one_tote(shop, variant):
    one, two = come(variant, "S1", "S2")
    first, second = office.order(shop, [(variant, 1)]), office.order(shop, [(variant, 1)])
    take(first, one)
    with pytest.raises(Refused, match="Serial number S1 is not here"):
        take(second, one)
    line = FulfilmentLine.objects.get(fulfilment__order=second)
    for facts in ({"lot": one, "quantity": 1}, {"lot": two, "quantity": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            LotPick.objects.create(line=line, **facts)
    assert LotPick.objects.get().lot == one


def test_database_refuses_pieces_without_a_number(variant):
    come(variant, "S1")
    place, plain = factories.warehouse(), factories.variant(factories.product("Mug", variants=0), stock=3)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS movement_tells_serials IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        stock.receive(variant_id=variant.pk, warehouse_id=place.pk, quantity=1, told=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Variant.objects.filter(pk=plain.pk).update(serials=True)
    assert Stock.objects.get(variant=variant).available == 1


def test_number_is_not_at_two_places(variant):
    (one,) = come(variant, "S1")
    other = factories.warehouse("TWO")
    with pytest.raises(IntegrityError), transaction.atomic():
        LotMovement.objects.create(lot=one, warehouse=other, quantity=1, kind="return", at=clock.now())
    with pytest.raises(Refused), transaction.atomic():
        come(variant, "s1", at=other)
    assert LotStock.objects.get(pieces=1).warehouse == factories.warehouse()


def test_pieces_without_numbers_are_refused_in_words(variant):
    place, mug = factories.warehouse(), factories.variant(factories.product("Mug", variants=0), stock=3, sku="MUG")
    facts = {"variant_id": variant.pk, "warehouse_id": place.pk, "quantity": 2}
    with refuses("serials_untold"):
        stock.receive(**facts)
    with refuses("serials_untold"):
        stock.adjust(reason="Found", **facts)
    with pytest.raises(Refused, match="MUG"):
        variants.update(product_id=mug.product_id, changes={mug.pk: {"serials": True}})
    mug.refresh_from_db()
    assert mug.serials is False


def test_return_asks_which_number_came_back(shop, variant):
    one, two, three = come(variant, "S1", "S2", "S3")
    order = office.order(shop, [(variant, 2)])
    take(order, one, two)
    ship(order)
    with transaction.atomic():
        back = returns.expect_refused(order)
    line = back.lines.get().pk
    facts = {"number": back.number, "fault": "carrier", "actor_id": None}
    facts["found"] = {line: Found(restocked=1, scrapped=1)}
    for told, code in (
        (Serials(("S1",)), "serials_missing"),
        (Serials(("S3",), ("S2",)), "serial_other"),
        (Serials(("ZZ",), ("S2",)), "serial_other"),
        (Serials(("S2",), ("S2",)), "serial_twice"),
    ):
        with refuses(code), transaction.atomic():
            returns.inspect(serials={line: told}, **facts)
    returns.inspect(serials={line: Serials(("s2",), ("S1",))}, **facts)
    there = LotStock.objects.filter(pieces__gt=0).values_list("lot__code", flat=True)
    assert (sorted(there), list(audit.stock())) == (["S2", three.code], [])


def test_audit_sees_a_piece_whose_number_is_gone(variant):
    come(variant, "S1", "S2")
    rows = Stock.objects.filter(variant=variant)
    rows.update(available=3)
    assert "numbered_pieces_each_have_their_number" in {each.check for each in audit.stock()}
    rows.update(available=2)
    assert list(audit.stock()) == []


def test_import_sets_the_mark_where_no_piece_is_without_a_number(variant):
    world.category("Mugs", name_zh="杯")
    mug = factories.variant(factories.product("Mug", variants=0), stock=3, sku="MUG")
    headings = ("SKU", "Serial numbers", "Warehouse", "Qty")
    place = factories.warehouse().code
    rows = [("LAMP-1", "no", "", ""), ("MUG", "yes", "", ""), ("BAD", "maybe", "", "")]
    job = files.applied(files.text(*rows, headings=headings))
    assert [fault for fault in files.faults(job) if fault[0] < 4] == [(3, "serials", "serials_stocked")]
    assert (4, "serials", "yes_no") in files.faults(job)
    assert [Variant.objects.get(pk=each.pk).serials for each in (variant, mug)] == [False, False]
    files.applied(files.text(("LAMP-1", "是", "", ""), headings=headings))
    variant.refresh_from_db()
    counted = files.checked(files.text(("LAMP-1", "", place, 4), headings=headings))
    assert (variant.serials, files.faults(counted)) == (True, [(2, "on_hand", "serials_counted")])
