"""Serial numbers where a delivery is received: one for each piece, from a scanner, a paste or a file."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from enablement.models import LotOrigin, Receipt
from supplier.models import Lot
from supplier.selectors import audit
from tests.enablement import buying
from tests.enablement.test_inspections import come, plan
from tests.supplier import office

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp():
    return buying.variant("LAMP-1", serials=True)


@pytest.fixture
def kiln(lamp):
    made = buying.vendor()
    buying.offer(made, lamp)
    return made


def test_each_piece_needs_its_number(kiln, lamp):
    for codes, code in (((), "serials"), (("S1",), "serials"), (("S1", "s1"), "serial_twice")):
        with buying.refuses(code):
            come(kiln, lamp, 2, *codes)
    come(kiln, lamp, 1, "S1")
    assert (Lot.objects.get().serial, LotOrigin.objects.count(), list(audit.stock())) == (True, 1, [])


def test_number_received_before_is_refused(kiln, lamp):
    come(kiln, lamp, 2, "S1", "S2")
    with buying.refuses("serial_twice"):
        come(kiln, lamp, 2, "S3", "S2")
    assert (Receipt.objects.count(), Lot.objects.count()) == (1, 2)


def test_plan_of_inspection_holds_numbers_and_makes_none_up(kiln, lamp):
    plan()
    with buying.refuses("serials"):
        come(kiln, lamp, 3)
    come(kiln, lamp, 3, "S1", "S2", "S3")
    assert set(Lot.objects.values_list("state", flat=True)) == {"checking"}


def test_numbers_come_from_a_file_beside_those_scanned(kiln, lamp):
    order = buying.sent(kiln, (lamp, 3))
    line = buying.line(order, lamp).pk
    client, told = office.client("warehouse"), {f"line-{line}": "3", "key": "k", f"lots-{line}": "S1"}
    wrong = client.post(f"/buying/orders/{order.number}/receive/", told)
    assert (wrong.status_code, "1 serial numbers are written" in wrong.content.decode()) == (422, True)
    file = SimpleUploadedFile("numbers.csv", "\ufeffSerial number;Colour\nS2;red\n\nS3;blue\n".encode())
    done = client.post(f"/buying/orders/{order.number}/receive/", {**told, f"numbers-{line}": file})
    assert done.status_code == 302
    assert sorted(Lot.objects.values_list("code", flat=True)) == ["S1", "S2", "S3"]
