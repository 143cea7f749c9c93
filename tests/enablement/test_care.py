"""Complaints to whom they concern, reviews over the network, and recalls that tell everybody once and make it good."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from enablement.models import Complaint, Recall, RecallOrder, Review
from enablement.services import complaints, forgetting, recalls, reviews
from orders.models import Order
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused
from supplier.models import FulfilmentOrder, Lot, Product, ReturnOrder, SalesOrder
from supplier.selectors import audit
from supplier.services import cash, lots, shipping, stock
from tests import factories
from tests.enablement import buying

pytestmark = pytest.mark.django_db(transaction=True)


def lot(variant, code="A-7", pieces=20):
    made = lots.enter(variant_id=variant.pk, code=code)
    place = factories.warehouse()
    stock.receive(variant_id=variant.pk, warehouse_id=place.pk, quantity=pieces)
    lots.put(lot=made, warehouse_id=place.pk, quantity=pieces, cause="test", actor_id=None, aside=False)
    return made


def sent(shop, pieces=2):
    """An order of the shop, sent, paid at the door, and known to everybody."""
    order = factories.buy(shop, shop.variant, pieces)
    box = FulfilmentOrder.objects.get(order__order_number=order.number)
    shipping.ship(number=box.number, carrier="DHL", tracking="", request_key=order.number)
    factories.drain()
    cash.settle(order_id=box.order_id, outcome="collected", actor_id=None)
    factories.drain()
    mail.outbox.clear()
    return order


def recall(*chosen, remedy="refund", **more):
    made = recalls.draft(
        lot_ids=[each.pk for each in chosen], remedy=remedy, reason_en="The glaze may chip.", reason_zh="釉面可能剥落。",
        advice_en="Stop using it.", advice_zh="请停止使用。", actor_id=None, **more,
    )  # fmt: skip
    return recalls.start(number=made.number, actor_id=None)


def read(shop, number):
    with factories.inside(shop):
        return Order.objects.get(number=number)


# --- Recalls ---------------------------------------------------------------------------------------
def test_recall_withdraws_tells_and_gives_back(shop, other):
    with transaction.atomic():
        made = lot(shop.variant)
    order = sent(shop)
    bystander = sent(other)
    started = recall(made)
    assert Lot.objects.get().state == "recalled"
    assert (started.state, RecallOrder.objects.count()) == ("running", 1)
    assert recalls.carry_on() == 1
    factories.drain()
    assert Recall.objects.get().state == "done"
    told = [each for each in mail.outbox if "called back" in each.subject]
    assert len(told) == 1
    assert "Juniper Row" in told[0].from_email
    assert [word in told[0].body for word in ("The glaze may chip.", "Stop using it.", "Harbour & Loom")] == [True] * 3
    back = ReturnOrder.objects.get()
    assert (back.number, back.fault, back.state) == (RecallOrder.objects.get().return_number, "supplier", "closed")
    assert read(shop, order.number).refunded_minor > 0
    assert read(other, bystander.number).refunded_minor == 0
    assert list(audit.stock()) == []


def test_recall_told_again_tells_nobody_twice(shop):
    with transaction.atomic():
        made = lot(shop.variant)
    order = sent(shop)
    recall(made)
    recalls.carry_on()
    assert recalls.carry_on() == 0
    factories.drain()
    before = read(shop, order.number).refunded_minor
    recalls.start(number=Recall.objects.get().number, actor_id=None)
    recalls.carry_on()
    factories.drain()
    assert read(shop, order.number).refunded_minor == before
    assert len([each for each in mail.outbox if "called back" in each.subject]) == 1


def test_recall_killed_between_batches_goes_on(shop, monkeypatch):
    with transaction.atomic():
        made = lot(shop.variant)
    for _ in range(3):
        sent(shop, 1)
    recall(made, remedy="none")
    real = recalls._close
    monkeypatch.setattr(recalls, "_close", lambda _id: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        recalls.carry_on(batch=2)
    monkeypatch.setattr(recalls, "_close", real)
    recalls.carry_on(batch=2)
    factories.drain()
    assert Recall.objects.get().state == "done"
    assert len([each for each in mail.outbox if "called back" in each.subject]) == 3


def test_exchange_sends_a_new_one_of_another_lot(shop):
    with transaction.atomic():
        made = lot(shop.variant)
    sent(shop, 1)
    recall(made, remedy="exchange")
    recalls.carry_on()
    factories.drain()
    orders = list(SalesOrder.objects.order_by("id"))
    assert len(orders) == 2
    box = FulfilmentOrder.objects.get(order=orders[1])
    parcel = shipping.ship(number=box.number, carrier="DHL", tracking="", request_key="new")
    assert not parcel.lots.exists()


def test_message_is_in_the_language_of_the_order(shop):
    with transaction.atomic():
        made = lot(shop.variant)
    order = sent(shop, 1)
    with factories.inside(shop):
        Order.objects.filter(number=order.number).update(language="zh-hans")
    recall(made, remedy="none")
    recalls.carry_on()
    factories.drain()
    [told] = mail.outbox
    assert [word in told.body for word in ("釉面可能剥落。", "请停止使用。")] == [True, True]


def test_draft_says_what_is_missing(shop):
    with buying.refuses("lots"):
        recalls.draft(lot_ids=[], remedy="refund", reason_en="x", advice_en="x", actor_id=None)


ATTACKS = {
    "told_again": "UPDATE enablement_recallorder SET state = 'waiting'",
    "told_another": "UPDATE enablement_recallorder SET order_number = 'X'",
    "forgotten": "DELETE FROM enablement_recallorder",
    "says_something_else": "UPDATE enablement_recall SET reason_en = 'Nothing happened'",
    "undone": "UPDATE enablement_recall SET state = 'draft'",
    "of_fewer_lots": "DELETE FROM enablement_recall_lots",
    "lot_is_free_again": "UPDATE supplier_lot SET state = 'free'",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_database_refuses(shop, attack):
    with transaction.atomic():
        made = lot(shop.variant)
    sent(shop, 1)
    recall(made, remedy="none")
    recalls.carry_on()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


# --- Complaints ------------------------------------------------------------------------------------
def complain(shop, number, about="goods", **more):
    facts = {"text": "It is chipped.", "key": "k", "variant_id": shop.variant.pk, **more}
    return complaints.complain(reseller_id=shop.pk, order_number=number, about=about, **facts)


def test_complaint_about_goods_knows_its_lot_and_is_answered_in_the_shops_name(shop):
    with transaction.atomic():
        made = lot(shop.variant)
    order = sent(shop)
    asked = complain(shop, order.number)
    assert complain(shop, order.number) == asked
    assert (asked.lot, asked.state) == (made, "open")
    complaints.answer(number=asked.number, text="We are sorry.", justified=True, about="goods", actor_id=None)
    factories.drain()
    [told] = mail.outbox
    assert "We are sorry." in told.body
    assert "Juniper Row" in told.from_email
    assert Complaint.objects.get().justified is True


def test_complaint_about_service_is_not_the_suppliers_to_answer(shop):
    order = sent(shop)
    asked = complain(shop, order.number, about="service", variant_id=None)
    assert asked.lot is None
    with pytest.raises(NotFound):
        complaints.answer(number=asked.number, text="x", justified=None, about="goods", actor_id=None)


def test_complaint_names_only_a_lot_its_order_got(shop):
    with transaction.atomic():
        lot(shop.variant)
        stranger = lot(shop.variant, "B-1", 3)
    order = sent(shop)
    asked = complain(shop, order.number)
    with pytest.raises(NotFound):
        complaints.name_lot(number=asked.number, lot_id=stranger.pk, actor_id=None)


# --- Reviews ---------------------------------------------------------------------------------------
def review(shop, number, product_id, **more):
    facts = {"stars": 4, "text": "Lovely blue.", "name": "Maya", "language": "en", **more}
    return reviews.write(reseller_id=shop.pk, order_number=number, product_id=product_id, **facts)


def test_review_is_shown_in_every_shop_without_saying_where_it_was_bought(shop, other):
    factories.listing(other, Product.objects.get(variants=shop.variant))
    order = sent(shop)
    product = Product.objects.get(variants=shop.variant)
    made = review(shop, order.number, product.pk)
    assert Product.objects.get(pk=product.pk).quality == {}
    reviews.decide(review_id=made.pk, show=True, actor_id=None)
    card = Product.objects.get(pk=product.pk).quality
    day = clock.now().date().isoformat()
    assert card == {
        "reviews": 1, "stars": 40,
        "said": [{"stars": 4, "text": "Lovely blue.", "by": "Maya", "on": day, "in": "en"}],
    }  # fmt: skip
    from django.test import Client

    shown = Client(HTTP_HOST=f"{other.slug}.localhost").get(f"/p/{product.slug}/").content.decode()
    assert "Lovely blue." in shown
    assert f"{shop.slug}" not in shown


def test_who_is_forgotten_leaves_stars_and_no_words(shop):
    order = sent(shop)
    product = Product.objects.get(variants=shop.variant)
    made = review(shop, order.number, product.pk)
    reviews.decide(review_id=made.pk, show=True, actor_id=None)
    complain(shop, order.number)
    with transaction.atomic():
        forgetting.forget(reseller_id=shop.pk, order_numbers=[order.number])
    assert (Review.objects.get().text, Review.objects.get().name, Complaint.objects.get().text) == ("", "", "–")
    assert Product.objects.get(pk=product.pk).quality == {"reviews": 1, "stars": 40, "said": []}


def test_only_what_was_sent_is_reviewed_and_once(shop, other):
    order = sent(shop)
    product = Product.objects.get(variants=shop.variant)
    with pytest.raises(Refused):
        review(other, order.number, product.pk)
    made = review(shop, order.number, product.pk)
    assert review(shop, order.number, product.pk, stars=2).pk == made.pk
    reviews.decide(review_id=made.pk, show=False, reason="Names a person", actor_id=None)
    with buying.refuses("reviewed"):
        review(shop, order.number, product.pk)
    assert (Review.objects.get().stars, Product.objects.get(pk=product.pk).quality) == (2, {})
