"""What the database itself refuses, whoever asks."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from enablement.models import PurchaseLine, PurchaseNote, PurchaseOrder, Receipt, ReceiptLine
from enablement.services import purchases, receiving
from s2b2c.kernel import clock
from tests import factories
from tests.enablement import buying

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug():
    factories.company()
    return buying.variant("MUG-1")


@pytest.fixture
def kiln(mug):
    made = buying.vendor()
    buying.offer(made, mug)
    return made


def refused(attack):
    with pytest.raises(IntegrityError):
        _committed(attack)


@transaction.atomic
def _committed(attack):
    attack()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def received(kiln, mug, pieces=10):
    order = buying.sent(kiln, (mug, 10))
    line = buying.line(order, mug)
    receiving.receive(number=order.number, pieces={line.pk: pieces}, key="k", actor_id=None)
    return order


@pytest.mark.parametrize("wanted", ["draft", "part", "received", "cancelled"])
def test_only_declared_steps_are_taken(kiln, mug, wanted):
    order = received(kiln, mug) if wanted != "received" else buying.draft(kiln, (mug, 10))
    refused(lambda: PurchaseOrder.objects.filter(pk=order.pk).update(state=wanted))


def test_partly_received_order_is_not_cancelled(kiln, mug):
    order = received(kiln, mug, 4)
    refused(lambda: PurchaseOrder.objects.filter(pk=order.pk).update(state="cancelled"))


def test_cancelled_order_stays_cancelled(kiln, mug):
    order = buying.draft(kiln, (mug, 10))
    purchases.cancel(number=order.number, actor_id=None)
    refused(lambda: PurchaseOrder.objects.filter(pk=order.pk).update(state="sent"))


@pytest.mark.parametrize(
    "change", [{"rate": 2}, {"currency": "EUR"}, {"order_fee_minor": 1}, {"sent_at": None}, {"number": "X"}]
)
def test_sent_order_keeps_what_was_agreed(kiln, mug, change):
    order = buying.sent(kiln, (mug, 10))
    refused(lambda: PurchaseOrder.objects.filter(pk=order.pk).update(**change))


@pytest.mark.parametrize("change", [{"quantity": 11}, {"unit_minor": 1}])
def test_sent_line_keeps_quantity_and_cost(kiln, mug, change):
    order = buying.sent(kiln, (mug, 10))
    refused(lambda: PurchaseLine.objects.filter(order=order).update(**change))


def test_sent_order_gets_and_loses_no_lines(kiln, mug):
    order = buying.sent(kiln, (mug, 10))
    other = buying.variant("POT-1")
    refused(lambda: PurchaseLine.objects.create(order=order, variant=other, quantity=1, unit_minor=1))
    refused(lambda: PurchaseLine.objects.filter(order=order).delete())


def test_order_is_not_deleted(kiln, mug):
    order = buying.draft(kiln)
    refused(lambda: PurchaseOrder.objects.filter(pk=order.pk)._raw_delete("default"))


def test_received_is_what_the_receipts_say(kiln, mug):
    order = received(kiln, mug, 4)
    refused(lambda: PurchaseLine.objects.filter(order=order).update(received=5))
    refused(lambda: PurchaseLine.objects.filter(order=order).update(received=3))


def test_receipt_without_its_pieces_on_the_line_is_not_kept(kiln, mug):
    order = received(kiln, mug, 4)
    line, receipt = buying.line(order, mug), Receipt.objects.get()
    other = Receipt.objects.create(order=order, key="z", at=clock.now())
    facts = {
        "line": line,
        "variant": mug,
        "quantity": 3,
        "unit_minor": 900,
        "cost_minor": 900,
        "on_hand": 0,
        "average_minor": 900,
    }
    refused(lambda: ReceiptLine.objects.create(receipt=other, **facts))
    refused(lambda: ReceiptLine.objects.create(receipt=other, **{**facts, "unit_minor": 1}))
    refused(lambda: ReceiptLine.objects.create(receipt=receipt, **facts))


def test_receipt_is_of_its_own_order(kiln, mug):
    first, second = received(kiln, mug, 4), buying.sent(kiln, (mug, 10))
    facts = {
        "line": buying.line(second, mug),
        "variant": mug,
        "quantity": 3,
        "unit_minor": 900,
        "cost_minor": 900,
        "on_hand": 0,
        "average_minor": 900,
    }
    refused(lambda: ReceiptLine.objects.create(receipt=first.receipts.get(), **facts))


@pytest.mark.parametrize("table", [PurchaseNote, Receipt, ReceiptLine])
def test_history_and_receipts_are_only_added(kiln, mug, table):
    received(kiln, mug)
    row = table.objects.last()
    refused(lambda: table.objects.filter(pk=row.pk).update(id=row.pk))
    refused(lambda: table.objects.filter(pk=row.pk)._raw_delete("default"))
