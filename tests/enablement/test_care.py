"""Complaints to whom they concern, reviews over the network, and recalls that tell everybody once and make it good."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from enablement.models import Complaint, DeskCase, Recall, RecallOrder, Review
from enablement.services import complaints, desk, forgetting, recalls, reviews
from orders.models import Case, Order
from orders.services import cases
from s2b2c.kernel import clock, events, ids
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.outbox.models import OutboxEvent
from supplier.models import FulfilmentOrder, Lot, Product, ReturnOrder, SalesOrder, Shipment
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
RECORDS = {
    "complaint_goes": "DELETE FROM enablement_complaint",
    "complaint_of_another_shop": "UPDATE enablement_complaint SET order_number = 'X'",
    "complaint_leaves_its_case": "UPDATE enablement_complaint SET case_id = NULL",
    "closed_by_nobody": "UPDATE enablement_complaint SET state = 'closed', closed_at = now()",
    "answered_without_words": "UPDATE enablement_complaint SET state = 'answered', answered_at = now()",
    "open_and_closed": "UPDATE enablement_complaint SET closed_at = now(), closed_by = 'shop'",
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


@pytest.mark.parametrize("attack", RECORDS.values(), ids=RECORDS)
def test_database_keeps_records_of_complaints(shop, attack):
    complain(shop, sent(shop).number)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


# --- Complaints ------------------------------------------------------------------------------------
def complain(shop, number, problem="broken", **more):
    """Ask on the order's page, as c does, and give the record S's desk for quality has of it."""
    with factories.inside(shop):
        line = Order.objects.get(number=number).lines.get(variant_id=shop.variant.pk).pk
    facts = {"topic": "goods", "text": "It is chipped.", "key": "k", "line_id": line, **more}
    with factories.context.entered(shop):
        made = cases.open_case(order_number=number, problem=problem, **facts)
    factories.drain()
    return Complaint.objects.filter(key=f"case:{made.number}").first()


def quinn():
    return factories.staff("quality").pk


def test_case_about_goods_makes_the_record_of_its_line_lot_and_parcel_once(shop):
    with transaction.atomic():
        made = lot(shop.variant)
    order = sent(shop)
    asked = complain(shop, order.number)
    assert complain(shop, order.number) == asked
    assert (asked.variant, asked.lot, asked.problem, asked.state) == (shop.variant, made, "broken", "open")
    assert (asked.shipment, asked.case.number) == (Shipment.objects.get(), asked.key.removeprefix("case:"))
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize("problem", ["wrong", "missing"])
def test_what_is_missing_or_another_thing_says_nothing_of_a_lot(shop, problem):
    with transaction.atomic():
        lot(shop.variant)
    asked = complain(shop, sent(shop).number, problem)
    assert (asked.variant, asked.lot, asked.vendor) == (shop.variant, None, None)


def test_cases_about_anything_else_have_no_record(shop):
    assert complain(shop, sent(shop).number, "", topic="service") is None
    assert DeskCase.objects.get().entries == []


def test_answer_at_the_desk_for_quality_is_the_cases_and_one_mail(shop):
    order = sent(shop)
    asked = complain(shop, order.number)
    told = {"number": asked.number, "text": "We are sorry.", "justified": True, "key": "1", "actor_id": quinn()}
    complaints.answer(**told)
    complaints.answer(**told)
    factories.drain()
    [written] = mail.outbox
    assert ("We are sorry." in written.body, "Juniper Row" in written.from_email) == (True, True)
    asked.refresh_from_db()
    assert (asked.state, asked.answer, asked.justified) == ("answered", "We are sorry.", True)
    assert DeskCase.objects.get().state == "answered"
    with factories.inside(shop):
        assert Case.objects.get().state == "answered"


def test_answer_of_the_shop_or_the_desk_for_help_answers_the_record(shop):
    order = sent(shop)
    asked = complain(shop, order.number)
    desk.answer(pk=asked.case_id, text="Send us a photo, please.", key="1", actor_id=quinn())
    factories.drain()
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("answered", "Send us a photo, please.")
    mine, number = read(shop, order.number), asked.case.number
    with factories.context.entered(shop):
        cases.say(order=mine, number=number, text="Here it is.", key="2")
    factories.drain()
    asked.refresh_from_db()
    assert (asked.state, asked.answered_at) == ("open", None)
    with factories.context.entered(shop):
        cases.answer(number=number, text="A new one is coming.", actor="Bea", key="3")
    factories.drain()
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("answered", "A new one is coming.")


def test_closing_one_closes_the_other_and_says_why_to_the_shop_alone(shop):
    order = sent(shop)
    asked = complain(shop, order.number)
    with buying.refuses("required"):
        complaints.close(number=asked.number, cause="carrier", reason=" ", actor_id=None)
    complaints.close(number=asked.number, cause="carrier", reason="Crushed on the way", actor_id=quinn())
    factories.drain()
    asked.refresh_from_db()
    assert (asked.state, asked.closed_by, asked.reason) == ("closed", "supplier", "Crushed on the way")
    assert (DeskCase.objects.get().state, DeskCase.objects.get().cause) == ("closed", "carrier")
    with factories.inside(shop):
        case = Case.objects.get()
    assert case.state == "closed"
    assert [row["to"] for row in case.entries if row["text"] == "Crushed on the way"] == ["team"]


def test_customer_who_says_it_is_solved_closes_the_record_and_opens_it_again(shop):
    order = sent(shop)
    asked = complain(shop, order.number)
    mine = {"order": read(shop, order.number), "number": asked.case.number}
    with factories.context.entered(shop):
        cases.close(by="customer", actor="Maya", **mine)
    factories.drain()
    asked.refresh_from_db()
    assert (asked.state, asked.closed_by) == ("closed", "customer")
    with factories.context.entered(shop):
        cases.say(text="It cracked again.", key="2", **mine)
    factories.drain()
    asked.refresh_from_db()
    assert (asked.state, asked.closed_by, asked.closed_at) == ("open", "", None)


def test_same_case_told_again_changes_no_record(shop):
    asked = complain(shop, sent(shop).number)
    desk.answer(pk=asked.case_id, text="We are sorry.", key="1", actor_id=quinn())
    factories.drain()
    before = Complaint.objects.values().get()
    for row in OutboxEvent.objects.filter(topic="CaseMoved").order_by("id"):
        desk.note_moved(events.from_payload("CaseMoved", row.payload))
    assert Complaint.objects.values().get() == before


def test_complaint_names_only_a_lot_its_order_got(shop):
    with transaction.atomic():
        lot(shop.variant)
        stranger = lot(shop.variant, "B-1", 3)
    asked = complain(shop, sent(shop).number)
    with pytest.raises(NotFound):
        complaints.name_lot(number=asked.number, lot_id=stranger.pk, actor_id=None)


def test_line_of_another_order_is_refused(shop):
    order = sent(shop)
    with buying.refuses("line"):
        complain(shop, order.number, line_id=987_654)


def written_before(shop, number, about, **more):
    """A complaint as it was before there were cases."""
    variant = shop.variant if about == "goods" else None
    return Complaint.objects.create(
        number=ids.order_number(), reseller_id=shop.pk, order_number=number, key=f"form:{about}", about=about,
        variant=variant, text=f"About {about}", created_at=clock.now(), **more,
    )  # fmt: skip


def test_complaints_from_before_become_cases_and_nothing_is_lost(shop):
    order = sent(shop)
    goods = written_before(
        shop, order.number, "goods", state="answered", answer="Sorry", answered_at=clock.now(), justified=True
    )
    service = written_before(shop, order.number, "service")
    assert (cases.adopt_all(), cases.adopt_all()) == (2, 0)
    factories.drain()
    goods.refresh_from_db()
    service.refresh_from_db()
    assert (goods.state, goods.answer, goods.justified, goods.case.state) == ("answered", "Sorry", True, "answered")
    assert (service.text, service.state) == ("–", "closed")
    with factories.inside(shop):
        said = {each.topic: [row["text"] for row in each.entries] for each in Case.objects.all()}
    assert said == {"goods": ["About goods", "Sorry"], "service": ["About service"]}
    assert [each.subject for each in mail.outbox] == []


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
