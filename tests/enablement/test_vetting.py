"""Nobody orders from a vendor nobody approved; a vendor's score is counted from what a year showed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from enablement.models import Complaint, Inspection, VendorPaper, Vetting
from enablement.selectors import scores
from enablement.services import purchases, receiving, vetting
from s2b2c.kernel import clock
from tests import factories
from tests.enablement import buying
from tests.enablement.test_inspections import come, decide, plan
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


def points(vendor):
    return {part.name: part.points for part in scores.of(vendor).parts}


def test_nothing_is_ordered_from_a_vendor_nobody_approved(kiln, mug):
    Vetting.objects.all().delete()
    order = buying.draft(kiln, (mug, 10))
    with buying.refuses("not_vetted"):
        purchases.send(number=order.number, actor_id=None)
    assert buying.state(order) == "draft"
    with buying.refuses("papers"):
        vetting.decide(vendor_id=kiln.pk, approve=True, actor_id=None)
    vetting.add_paper(vendor_id=kiln.pk, kind="licence", name="ME-1", valid_until=None, actor_id=None)
    vetting.decide(vendor_id=kiln.pk, approve=True, actor_id=None)
    purchases.send(number=order.number, actor_id=None)
    assert buying.state(order) == "sent"


def test_paper_that_expired_approves_nobody(kiln):
    past = clock.now().date() - timedelta(days=1)
    vetting.add_paper(vendor_id=kiln.pk, kind="licence", name="ME-1", valid_until=past, actor_id=None)
    with buying.refuses("papers"):
        vetting.decide(vendor_id=kiln.pk, approve=True, actor_id=None)


def test_score_is_counted_from_deliveries_inspections_and_complaints(kiln, mug):
    assert scores.of(kiln).points is None
    plan()
    come(kiln, mug, 1_000, "A")
    come(kiln, mug, 1_000, "B")
    decide(Inspection.objects.get(lot__code="A"))
    decide(Inspection.objects.get(lot__code="B"), major=6)
    shop = factories.reseller(name="Juniper Row")
    Complaint.objects.create(
        number="C1", reseller=shop, order_number="N", key="k", about="goods", vendor=kiln, text="x", justified=True,
        created_at=clock.now(),
    )  # fmt: skip
    assert points(kiln) == {"time": 100, "whole": 100, "inspected": 50, "complaints": 95}
    assert scores.of(kiln).points == round((30 * 100 + 20 * 100 + 30 * 50 + 20 * 95) / 100)


def test_late_and_missing_pieces_cost_points(kiln, mug):
    with clock.set_to(clock.now() - timedelta(days=30)):
        order = buying.sent(kiln, (mug, 100))
    receiving.receive(
        number=order.number, pieces={buying.line(order, mug).pk: 80}, key="k", difference="Broken", close=True,
        actor_id=None,
    )  # fmt: skip
    assert points(kiln) == {"time": 0, "whole": 80, "inspected": None, "complaints": 100}


def test_page_shows_how_the_score_is_counted_and_takes_papers(kiln):
    desk = office.client("quality")
    address = f"/buying/vendors/{kiln.pk}"
    desk.post(f"{address}/paper/", {"kind": "audit", "name": "SA-8000", "valid_until": "2099-01-01"})
    desk.post(f"{address}/origin/", {"origin_en": "Bennington", "published": "1"})
    assert VendorPaper.objects.get().name == "SA-8000"
    shown = desk.get(f"{address}/standing/").content.decode()
    assert [word in shown for word in ("SA-8000", "Bennington", "Pieces that came on time")] == [True] * 3
    desk.post(f"{address}/vet/", {"reason": "Nobody answers"})
    assert Vetting.objects.get(vendor=kiln).state == "refused"
