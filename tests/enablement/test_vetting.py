"""Nobody orders from a vendor nobody approved; a vendor's score is counted from what a year showed."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image

from enablement.models import Complaint, Inspection, PaperFile, VendorPaper, Vetting
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


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def upload(content: bytes, name: str) -> io.BytesIO:
    made = io.BytesIO(content)
    made.name = name
    return made


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (300, 200), "olive").save(made, "JPEG", comment=b"secret")
    return made.getvalue()


def test_paper_is_kept_as_a_file_for_who_may_read_it(kiln, settings):
    settings.SUPPLIER_MFA_REQUIRED = False
    here, desk = f"/buying/vendors/{kiln.pk}/paper/", office.client("quality")
    told = {"kind": "audit", "name": "Audit 2026 / A", "valid_until": "2030-01-01"}
    assert desk.post(here, {**told, "file": upload(PDF, "audit.pdf")}).status_code == 302
    assert desk.post(here, {**told, "name": "Licence", "file": upload(picture(), "l.jpg")}).status_code == 302
    first, second = VendorPaper.objects.filter(file__isnull=False).order_by("id")
    answer = desk.get(f"{here}{first.pk}/")
    assert (answer.content, answer["Content-Type"], answer["Cache-Control"]) == (
        PDF,
        "application/pdf",
        "private, no-store",
    )
    assert answer["Content-Disposition"] == 'attachment; filename="Audit-2026---A.pdf"'
    shown = desk.get(f"{here}{second.pk}/")
    assert (shown["Content-Type"], shown.content[:4], b"secret" in shown.content) == ("image/webp", b"RIFF", False)
    assert f"{here}{first.pk}/" in desk.get(f"/buying/vendors/{kiln.pk}/standing/").content.decode()
    stranger = buying.vendor("Another")
    assert desk.get(f"/buying/vendors/{stranger.pk}/paper/{first.pk}/").status_code == 404
    assert office.client("support").get(f"{here}{first.pk}/").status_code == 403


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"<svg onload=alert(1)>", "not_a_paper"), (b"PK\x03\x04 macros", "not_a_paper"), (PDF[:30], "broken_paper"),
     (b"%PDF-" + b"x" * (8 * 1024 * 1024) + b"%%EOF", "too_large")],
)  # fmt: skip
def test_what_is_neither_pdf_nor_picture_is_refused(kiln, content, code):
    with buying.refuses(code):
        vetting.read_paper(io.BytesIO(content))
    assert PaperFile.objects.count() == 0


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
