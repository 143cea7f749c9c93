"""A parcel that was delivered is a fact: S, a carrier's list, an API or c says so, and whoever erred takes it back."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from orders.models import Order, OrderEvent
from orders.selectors import returns as selectors
from orders.services import delivery
from s2b2c.kernel import clock, events
from s2b2c.kernel.errors import NotFound, StateRefused
from s2b2c.outbox.models import OutboxEvent
from supplier.models import OrderNote, SalesOrder, Shipment
from supplier.services import deliveries
from supplier.services.settlement import due
from tests import factories
from tests.api.conftest import ApiClient, make_key
from tests.orders import buying, returning
from tests.orders.conftest import provider, shop
from tests.supplier import office

__all__ = ["provider", "shop"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(shop, provider) -> Order:
    return returning.sent(shop, provider)


def today():
    return clock.now().date()


def note(on, **more) -> Shipment:
    made = deliveries.note(number=Shipment.objects.get().number, delivered_on=on, **more)
    buying.drain()
    return made


def told(shop, order) -> list[tuple[str, str]]:
    with factories.inside(shop):
        rows = OrderEvent.objects.filter(order=order, kind__startswith="deliver").order_by("id")
        return [(row.kind, row.data.get("on", "")) for row in rows]


def until(shop, order):
    with factories.inside(shop):
        return selectors.until(Order.objects.get(id=order.id))


def have(shop, order) -> None:
    with factories.context.entered(shop):
        delivery.confirm(order_number=order.number)
    buying.drain()


def mails() -> int:
    return OutboxEvent.objects.filter(topic="MailRequested", payload__kind="delivered").count()


def test_supplier_notes_the_day_and_the_shop_hears_of_it_once(shop, order):
    for _ in range(2):
        note(today())
    assert told(shop, order) == [("delivered", today().isoformat())]
    assert (Shipment.objects.get().said_by, OrderNote.objects.filter(kind="delivered").count()) == ("supplier", 1)
    assert mails() == 0


def test_wrong_day_is_replaced_and_taken_back(shop, order):
    yesterday = today() - timedelta(days=1)
    note(today()), note(yesterday), note(None), note(None)
    assert told(shop, order) == [
        ("delivered", today().isoformat()), ("delivered", yesterday.isoformat()), ("delivery_undone", "")
    ]  # fmt: skip
    assert (Shipment.objects.get().delivered_on, Shipment.objects.get().said_by) == (None, "")


def test_day_must_be_possible(shop, order):
    for day in (today() - timedelta(days=2), today() + timedelta(days=2)):
        with returning.refused("day"):
            note(day)
    with pytest.raises(NotFound):
        deliveries.note(number="NOSUCH", delivered_on=today())
    with pytest.raises(IntegrityError), transaction.atomic():
        Shipment.objects.update(delivered_on=today() - timedelta(days=2), said_by="supplier")
    with pytest.raises(IntegrityError), transaction.atomic():
        Shipment.objects.update(delivered_on=today())


def test_window_and_payout_count_from_the_day(shop, order):
    due.mark()
    before, due_before = until(shop, order), SalesOrder.objects.get().due_at
    with clock.set_to(clock.now() + timedelta(days=6)):
        day = today()
        deliveries.note(number=Shipment.objects.get().number, delivered_on=day)
    buying.drain()
    due.mark()
    after = until(shop, order)
    assert after.date() == day + timedelta(days=15)  # the day itself is c's, and fourteen more
    assert (before, due_before) == (Shipment.objects.get().shipped_at + timedelta(days=14), before)
    assert SalesOrder.objects.get().due_at == after
    assert clock.now() + timedelta(days=17) < after
    note(None)
    due.mark()
    assert (until(shop, order), SalesOrder.objects.get().due_at) == (before, before)


def test_customer_says_it_has_it(shop, order):
    have(shop, order)
    have(shop, order)
    assert (Shipment.objects.get().said_by, told(shop, order)) == ("customer", [("delivered", today().isoformat())])
    note(today() - timedelta(days=1))  # S knows better
    assert [day for _kind, day in told(shop, order)][-1] == (today() - timedelta(days=1)).isoformat()
    have(shop, order)
    assert Shipment.objects.get().said_by == "supplier"


def test_supplier_who_was_faster_is_believed(shop, order):
    yesterday = today() - timedelta(days=1)
    with factories.context.entered(shop):
        delivery.confirm(order_number=order.number)
    deliveries.note(number=Shipment.objects.get().number, delivered_on=yesterday)
    buying.drain()
    assert Shipment.objects.get().delivered_on == yesterday
    assert told(shop, order)[-1] == ("delivered", yesterday.isoformat())


def test_customer_who_says_so_late_is_taken_at_the_presumed_day(shop, order):
    with clock.set_to(clock.now() + timedelta(days=13)), factories.context.entered(shop):
        delivery.confirm(order_number=order.number)
    buying.drain()
    assert Shipment.objects.get().delivered_on == (clock.now() + timedelta(days=10)).date()


def test_nothing_sent_can_not_be_had(shop, provider):
    waiting = buying.paid_order(shop, provider)
    with pytest.raises(StateRefused):
        have(shop, waiting)


def test_mail_comes_only_where_it_was_asked_for(shop, order):
    with factories.context.entered(shop):
        for wanted in (True, True, False, True):
            delivery.ask_mail(order_number=order.number, wanted=wanted)
    note(today())
    note(today() - timedelta(days=1))
    assert mails() == 1


def test_event_told_again_or_of_another_parcel_harms_nothing(shop, order):
    note(today())
    number = Shipment.objects.get().number
    for named, day in ((number, today().isoformat()), ("UNKNOWN", today().isoformat()), ("OTHER", "")):
        event = events.ShipmentDelivered(
            reseller_id=shop.id, order_number=order.number, shipment_number=named, delivered_on=day, said_by="supplier"
        )
        with factories.context.entered(shop), transaction.atomic():
            delivery.note(event)
    assert until(shop, order).date() == today() + timedelta(days=15)


def test_carriers_list_is_noted_line_by_line(shop, order):
    number = Shipment.objects.get().number
    warehouse = office.client("warehouse")
    page = warehouse.post("/fulfilment/delivered/", {"lines": f"{number},{today()}\nNOSUCH\n{order.number}"})
    assert (page.status_code, page.context["form"].initial["lines"]) == (422, f"NOSUCH, {today()}")
    assert (Shipment.objects.get().delivered_on, Shipment.objects.get().said_by) == (today(), "carrier")
    for lines in (f"{number},soon", ""):
        assert warehouse.post("/fulfilment/delivered/", {"lines": lines}).status_code == 422
    assert warehouse.post("/fulfilment/delivered/", {"lines": f"number,day\n{number},{today()}"}).status_code == 302
    assert OrderNote.objects.filter(kind="delivered").count() == 1
    assert office.client("finance").post("/fulfilment/delivered/", {"lines": number}).status_code == 403


def test_order_page_of_the_supplier_notes_and_undoes(shop, order):
    parcel, support = Shipment.objects.get().number, office.client("support")
    sales = SalesOrder.objects.get()
    page = f"/orders/{sales.reseller.slug}/{sales.order_number}/"
    assert "It was delivered" in support.get(page).content.decode()
    for posted in ({"delivered_on": "soon"}, {"delivered_on": ""}, {"delivered_on": "2001-01-01"}):
        support.post(f"/fulfilment/parcels/{parcel}/delivered/", posted)
        assert Shipment.objects.get().delivered_on is None
    assert support.post(f"/fulfilment/parcels/{parcel}/delivered/", {"delivered_on": str(today())})["Location"] == page
    assert "Take back" in support.get(page).content.decode()
    support.post(f"/fulfilment/parcels/{parcel}/delivered/", {"action": "undo"})
    assert Shipment.objects.get().delivered_on is None


def test_api_notes_and_takes_back(shop, order):
    s = ApiClient("supply.localhost", make_key(None, "fulfilment:write"))

    def send(*items):
        return s.send("post", "/api/v1/deliveries/", {"items": list(items)}, **{"Idempotency-Key": uuid.uuid4().hex})

    answer = send({"reference": "PP1", "delivered_on": str(today())}, {"reference": "X", "delivered_on": str(today())})
    parcel = Shipment.objects.get()
    assert [(each["parcels"], bool(each["code"])) for each in answer.json()["items"]] == [
        ([parcel.number], False), ([], True)
    ]  # fmt: skip
    assert parcel.delivered_on == today()
    send({"reference": parcel.number, "delivered_on": None})
    assert Shipment.objects.get().delivered_on is None


def test_customer_tells_on_the_orders_page(shop, order):
    c = Client(headers={"host": f"{shop.slug}.localhost"})
    page = f"/order/{order.token}/"
    assert "I have it" in c.get(page).content.decode()
    assert c.post(f"{page}delivery-mail/", {"wanted": "1"}).status_code in (302, 303)
    assert "Don’t e-mail me" in c.get(page).content.decode()
    assert c.post(f"{page}have/").status_code in (302, 303)
    buying.drain()
    shown = c.get(page).content.decode()
    assert ("Your parcel was delivered" in shown, "I have it" in shown) == (True, False)
    one = c.get(f"/api/v1/orders/{order.token}/").json()
    assert [parcel["delivered_on"] for parcel in one["parcels"]] == [str(today())]
