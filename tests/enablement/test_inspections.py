"""Lots that are received, inspected by plan, accepted or held in all shops; and what the database refuses."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from enablement.models import Inspection, InspectionPlan, LotOrigin
from enablement.selectors import inspections as selectors
from enablement.services import inspections, receiving
from enablement.services.lotting import Told
from s2b2c.kernel.errors import StateRefused
from supplier.models import Lot, Stock
from supplier.selectors import audit
from supplier.services import lots
from tests import factories
from tests.enablement import buying
from tests.supplier import office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def company():
    return factories.company()


@pytest.fixture
def mug():
    return buying.variant("MUG-1")


@pytest.fixture
def kiln(mug):
    made = buying.vendor()
    buying.offer(made, mug)
    return made


def plan(**more):
    facts = {
        "vendor_id": None,
        "variant_id": None,
        "level": "II",
        "aql_major": Decimal("2.5"),
        "aql_minor": Decimal("4.0"),
    }
    return inspections.write_plan(**{**facts, "reduced": True, "actor_id": None, **more})


def come(vendor, variant, pieces, *codes, **more):
    """Order pieces and receive all of them, with lots."""
    order = buying.sent(vendor, (variant, pieces))
    line = buying.line(order, variant)
    told = {line.pk: Told(codes, **more)} if codes else {}
    receiving.receive(number=order.number, pieces={line.pk: pieces}, key="k", actor_id=None, lots=told)
    return order


def row(variant):
    rows = Stock.objects.filter(variant=variant)
    return tuple(sum(getattr(each, name) for each in rows) for name in ("available", "held", "quarantined"))


def decide(inspection, critical=0, major=0, minor=0):
    return inspections.decide(inspection_id=inspection.pk, critical=critical, major=major, minor=minor, actor_id=None)


def test_delivery_without_a_plan_is_sold_at_once_and_its_lot_known(kiln, mug):
    order = come(kiln, mug, 40, "a-1")
    lot = Lot.objects.get()
    assert (lot.code, lot.state, lot.source) == ("A-1", "free", f"purchase:{order.number}")
    assert row(mug) == (40, 0, 0)
    assert LotOrigin.objects.get().vendor == kiln
    assert list(audit.stock()) == []


def test_planned_delivery_waits_for_its_inspection(kiln, mug):
    plan()
    order = come(kiln, mug, 1_000)
    due = Inspection.objects.get()
    assert due.lot.code.startswith(order.number)
    assert (due.letter, due.sample_major, due.accept_major, due.sample_minor, due.accept_minor) == ("J", 80, 5, 80, 7)
    assert row(mug) == (0, 0, 1_000)
    assert list(audit.stock()) == []


def test_accepted_lot_is_sold_rejected_one_held(kiln, mug):
    plan()
    come(kiln, mug, 1_000, "A")
    come(kiln, mug, 1_000, "B")
    good, bad = Inspection.objects.order_by("id")
    assert decide(good, major=5, minor=7).state == "accepted"
    assert row(mug) == (1_000, 0, 1_000)
    assert decide(bad, major=6).state == "rejected"
    assert Lot.objects.get(code="B").state == "held"
    assert row(mug) == (1_000, 0, 1_000)
    assert list(audit.stock()) == []


def test_why_a_lot_is_held_is_said_in_the_readers_language_whoever_inspected_it(kiln, mug, settings):
    settings.SUPPLIER_MFA_REQUIRED = False
    plan()
    come(kiln, mug, 50, "A")
    with translation.override("zh-hans"):
        decide(Inspection.objects.get(), critical=1)
    lot = Lot.objects.get()
    assert lot.held_reason == "Rejected at inspection"
    said = {
        language: office.client().get(f"/quality/lots/{lot.pk}/", headers={"Accept-Language": language})
        for language in ("en", "zh-hans")
    }
    assert "Rejected at inspection" in said["en"].content.decode()
    assert "检验不合格" in said["zh-hans"].content.decode()
    log = office.client().get("/settings/audit/", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert ("检验不合格" in log, "Rejected at inspection" in log) == (True, False)


def test_one_critical_defect_rejects(kiln, mug):
    plan()
    come(kiln, mug, 50, "A")
    assert decide(Inspection.objects.get(), critical=1).state == "rejected"


def test_decided_once(kiln, mug):
    plan()
    come(kiln, mug, 50, "A")
    due = Inspection.objects.get()
    decide(due)
    assert decide(due).state == "accepted"
    with pytest.raises(StateRefused):
        decide(due, major=3)


def test_more_of_a_lot_that_waits_makes_one_larger_sample(kiln, mug):
    plan()
    come(kiln, mug, 100, "A")
    come(kiln, mug, 900, "A")
    due = Inspection.objects.get()
    assert (due.lot_size, due.sample_major) == (1_000, 80)


def test_orders_that_wait_get_nothing_of_a_lot_that_waits(kiln, mug):
    plan()
    shop = factories.reseller(name="Juniper Row")
    factories.receive(mug, 2)
    order = office.order(shop, [(mug, 2)])
    from supplier.models import FulfilmentLine
    from supplier.services import backorders

    line = FulfilmentLine.objects.select_related("fulfilment").get(fulfilment__order=order)
    backorders.delay(number=line.fulfilment.number, pieces={line.pk: 2}, reason="Broken", actor_id=None)
    come(kiln, mug, 50, "A")
    assert row(mug) == (0, 0, 50)
    decide(Inspection.objects.get())
    assert row(mug) == (48, 2, 0)


def test_serial_numbers_are_sampled_by_those_drawn_and_decided_together(kiln, mug):
    plan()
    codes = [f"S{n:03}" for n in range(100)]
    come(kiln, mug, 100, *codes)
    due = Inspection.objects.get()
    assert (due.lot_size, len(due.serials), set(due.serials) <= set(codes)) == (100, due.sample, True)
    assert (Lot.objects.filter(state="checking").count(), row(mug)) == (100, (0, 0, 100))
    decide(due)
    assert (Lot.objects.filter(state="free").count(), row(mug)) == (100, (100, 0, 0))
    assert list(audit.stock()) == []
    assert list(selectors.matching(selectors.listed(), "S099")) == [Inspection.objects.get()]


def test_serial_numbers_with_a_critical_defect_among_those_drawn_are_all_held(kiln, mug):
    plan()
    come(kiln, mug, 3, "S1", "S2", "S3")
    decide(Inspection.objects.get(), critical=1)
    assert (Lot.objects.filter(state="held").count(), row(mug)) == (3, (0, 0, 3))
    assert list(audit.stock()) == []


def test_serial_numbers_are_a_lot_each(kiln, mug):
    come(kiln, mug, 3, "S1", "S2", "S3")
    assert sorted(Lot.objects.filter(serial=True).values_list("code", flat=True)) == ["S1", "S2", "S3"]
    with buying.refuses("serials"):
        come(kiln, mug, 3, "S4", "S5")


def test_plan_that_names_most_is_the_one_used(kiln, mug):
    every, of_vendor = plan(), plan(vendor_id=kiln.pk, level="III")
    assert selectors.covering(vendor_id=kiln.pk, variant_id=mug.pk) == of_vendor
    exact = plan(vendor_id=kiln.pk, variant_id=mug.pk, level="I")
    assert selectors.covering(vendor_id=kiln.pk, variant_id=mug.pk) == exact
    assert selectors.covering(vendor_id=None, variant_id=mug.pk) == every
    inspections.end_plan(plan_id=exact.pk, actor_id=None)
    assert selectors.covering(vendor_id=kiln.pk, variant_id=mug.pk) is None
    assert InspectionPlan.objects.count() == 3


def test_two_bad_lots_make_the_next_one_stricter(kiln, mug):
    plan()
    for code in ("A", "B"):
        come(kiln, mug, 1_000, code)
        decide(Inspection.objects.get(lot__code=code), major=6)
    come(kiln, mug, 1_000, "C")
    due = Inspection.objects.get(lot__code="C")
    assert (due.severity, due.sample_major, due.accept_major) == ("tightened", 80, 3)


def test_held_lot_can_be_looked_at_again_without_counting_twice(kiln, mug):
    plan()
    come(kiln, mug, 1_000, "A")
    decide(Inspection.objects.get(), major=6)
    again = inspections.look_again(lot_id=Lot.objects.get().pk, actor_id=None)
    assert not again.original
    decide(again)
    assert Lot.objects.get().state == "held"
    lots.free(lot_id=Lot.objects.get().pk, reason="Sorted out by hand", actor_id=None)
    assert row(mug) == (1_000, 0, 0)


ATTACKS = {
    "accepted_with_too_many": "UPDATE enablement_inspection SET state = 'accepted', major = 6, decided_at = now()",
    "accepted_with_a_critical_one": "UPDATE enablement_inspection SET state = 'accepted', critical = 1, decided_at = now()",
    "rejected_without_a_defect": "UPDATE enablement_inspection SET state = 'rejected', decided_at = now()",
    "numbers_bent_while_deciding": "UPDATE enablement_inspection SET state = 'accepted', major = 6, accept_major = 9, decided_at = now()",
    "taken_away": "DELETE FROM enablement_inspection",
    "origin_changed": "UPDATE enablement_lotorigin SET quantity = 1",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_database_refuses(kiln, mug, attack):
    plan()
    come(kiln, mug, 1_000, "A")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


def test_decided_inspection_is_not_undone(kiln, mug):
    plan()
    come(kiln, mug, 1_000, "A")
    decide(Inspection.objects.get(), major=6)
    with pytest.raises(IntegrityError), transaction.atomic():
        Inspection.objects.update(state="due", decided_at=None)


# --- Pages -----------------------------------------------------------------------------------------
def test_lot_is_inspected_on_the_page(kiln, mug):
    plan()
    come(kiln, mug, 1_000, "A")
    due = Inspection.objects.get()
    desk = office.client("quality")
    assert "80" in desk.get(f"/quality/inspections/{due.pk}/").content.decode()
    answer = desk.post(f"/quality/inspections/{due.pk}/", {"critical": 0, "major": 6, "minor": 0, "note": "Cracks"})
    assert answer.status_code == 302
    due.refresh_from_db()
    assert (due.state, due.note) == ("rejected", "Cracks")
    assert "Cracks" in desk.get(f"/quality/inspections/{due.pk}/").content.decode()


def test_other_roles_look_but_do_not_decide(kiln, mug):
    plan()
    come(kiln, mug, 50, "A")
    due = Inspection.objects.get()
    answer = office.client("warehouse").post(
        f"/quality/inspections/{due.pk}/", {"critical": 0, "major": 0, "minor": 0}
    )
    assert answer.status_code == 403
    assert Inspection.objects.get().state == "due"


def test_plan_is_written_and_ended_on_its_page(kiln, mug):
    desk = office.client("quality")
    told = {"vendor": kiln.pk, "sku": "mug-1", "level": "II", "aql_major": "1.0", "aql_minor": "4.0"}
    assert desk.post("/quality/plans/", told).status_code == 302
    made = InspectionPlan.objects.get()
    assert (made.vendor, made.variant, made.aql_major) == (kiln, mug, Decimal("1.0"))
    assert "MUG-1" in desk.get("/quality/plans/").content.decode()
    desk.post(f"/quality/plans/{made.pk}/end/")
    assert not InspectionPlan.objects.get().active


def test_lots_and_days_are_typed_where_a_delivery_is_received(kiln, mug):
    order = buying.sent(kiln, (mug, 10))
    line = buying.line(order, mug)
    told = {f"line-{line.pk}": "10", f"lots-{line.pk}": "tea-7", f"expires-{line.pk}": "2030-05-01", "key": "k"}
    office.client("warehouse").post(f"/buying/orders/{order.number}/receive/", told)
    lot = Lot.objects.get()
    assert (lot.code, str(lot.expires_on)) == ("TEA-7", "2030-05-01")
    page = office.client("quality").get(f"/quality/lots/{lot.pk}/").content.decode()
    assert order.number in page
