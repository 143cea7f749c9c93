"""Services booked with goods: priced, held like stock, booked once, paid by the ledger."""

from __future__ import annotations

import dataclasses
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from enablement.models import ServiceBooking, ServiceTask
from enablement.selectors import bookings as reads
from enablement.services import bookings, dispatching, service_options, service_tasks
from orders.models import Order
from orders.selectors import cart as carts
from orders.services import appointments, cancellation, changes, closing, payment, refund
from reseller.models import Shop
from s2b2c.kernel import clock, events
from s2b2c.kernel.errors import Refused
from s2b2c.outbox.models import OutboxEvent
from supplier.models import FulfilmentLine, SalesOrder
from tests import factories
from tests.enablement import booking as booked
from tests.enablement import serving
from tests.enablement.buying import refuses
from tests.orders.buying import CONTACT, balance, drain, free, payment_session, reread, ship_all

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def fitter(shop):
    return booked.fitter()


def accepted() -> ServiceTask:
    dispatching.run()
    task = booked.task()
    return service_tasks.accept(number=task.number, provider_id=task.provider_id)


# --- Offered and priced --------------------------------------------------------------------------------------
def test_a_service_costs_what_it_says_and_takes_part_in_no_promotion(shop, fitter) -> None:
    made = booked.bag(shop, booked.option(shop))
    with factories.inside(shop):
        summary = carts.summary(made, shop=Shop.objects.get(), reseller_id=shop.id)
    quote = summary.quote
    # 2 × 20.00 and 99.00, 10 % on top of these and of delivery at 5.00
    assert (quote.goods_minor, quote.services_minor, quote.tax_minor, quote.total_minor) == (
        4_000,
        9_900,
        1_440,
        15_840,
    )
    assert [(each.margin_minor, each.tax_minor) for each in quote.services] == [(1_900, 990)]


def test_free_delivery_is_not_reached_by_a_service(shop, fitter) -> None:
    with factories.inside(shop):
        Shop.objects.update(shipping={"price_minor": 500, "free_over_minor": 5_000})
    order = booked.buy(shop, booked.option(shop))
    assert order.shipping_minor == 500


def test_a_category_offers_what_its_goods_have(shop, fitter) -> None:
    product = shop.variant.product
    below = factories.category(parent=product.category)
    service_options.save(
        option_id=booked.option(shop).pk, actor_id=None,
        told=service_options.Offered(
            kind="install", name_en="Installation", name_zh="", text_en="", text_zh="", product_id=None,
            category_id=product.category_id, currency="USD", price_minor=9_900, cost_minor=8_000, most_pieces=4,
        ),
    )  # fmt: skip
    other = factories.product(category=below)
    beside = factories.product(category=factories.category())
    found = reads.offered([product.pk, other.pk, beside.pk], currency="USD", reseller_id=shop.id)
    assert sorted(found) == sorted([product.pk, other.pk])


def test_a_shop_that_leaves_it_out_does_not_offer_it(shop, fitter) -> None:
    made = booked.option(shop)
    service_options.leave_out(option_id=made.pk, reseller_id=shop.id, out=True, actor_id=None)
    with refuses("service"):
        booked.bag(shop, made)


def test_more_pieces_than_a_visit_does_are_refused_before_paying(shop, fitter) -> None:
    made = booked.option(shop, most_pieces=1)
    with refuses("cart_changed"):
        booked.buy(shop, made, quantity=2)
    assert ServiceBooking.objects.count() == 0


def test_prices_that_make_no_sense_are_refused(shop) -> None:
    for wrong in (
        {"cost_minor": 10_000},
        {"cost_minor": 0},
        {"most_pieces": 0},
        {"kind": "photos"},
        {"product_id": None},
    ):
        with pytest.raises(Refused):
            booked.option(shop, **wrong)


# --- Slots -----------------------------------------------------------------------------------------------------
def test_slots_are_those_somebody_near_has_room_in(shop, fitter) -> None:
    asked = {"kind": "install", "country": "US", "currency": "USD", "cost_minor": 8_000}
    found = reads.slots(postcode="11217", **asked)
    assert (found[0].on, found[0].part, found[0].room) == (booked.first(), 0, 4)
    assert reads.slots(postcode="94607", **asked) == []
    assert reads.slots(postcode="11217", **asked | {"cost_minor": 6_999}) == []


def test_without_a_slot_nothing_is_ordered(shop, fitter) -> None:
    made = booked.option(shop)
    bag = booked.bag(shop, made)
    with refuses("slot"):
        booked.place(shop, bag)
    assert free(shop) == 10


def test_a_full_day_is_told_before_paying_and_keeps_everything(shop) -> None:
    booked.fitter(capacity=1)
    made = booked.option(shop)
    booked.buy(shop, made, quantity=1)
    bag = booked.bag(shop, made, quantity=1)
    with refuses("slot_gone"):
        booked.place(shop, bag, made, part=1)
    assert (free(shop), ServiceBooking.objects.count()) == (9, 1)
    order = booked.place(shop, bag, made, on=booked.first() + timedelta(days=1))
    assert order.status == "placed"


def test_one_place_and_eight_buyers_is_one_booking(shop) -> None:
    booked.fitter(capacity=1)
    made = booked.option(shop)
    bags = [booked.bag(shop, made, quantity=1) for _ in range(8)]
    told: list[str] = []
    start = threading.Barrier(8)

    def take(bag) -> None:
        try:
            start.wait(10)
            booked.place(shop, bag, made)
            told.append("booked")
        except Refused as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(bag,)) for bag in bags]
    [each.start() for each in threads]
    [each.join() for each in threads]
    assert sorted(told) == ["booked", *["slot_gone"] * 7]
    assert (ServiceBooking.objects.count(), free(shop)) == (1, 9)


def test_the_database_promises_no_day_twice(shop) -> None:
    booked.fitter(capacity=1)
    booked.buy(shop, booked.option(shop))
    held = booked.booking()
    with pytest.raises(IntegrityError, match="no place is left"), transaction.atomic():
        ServiceBooking.objects.create(
            reseller=held.reseller, order_number="OTHER", line_id=1, option=held.option, pieces=1, product=held.product,
            currency="USD", cost_minor=1, country="US", postcode="11217", on=held.on, part=0, provider=held.provider,
            created_at=clock.now(),
        )  # fmt: skip


def test_the_database_keeps_what_was_sold(shop, fitter) -> None:
    booked.buy(shop, booked.option(shop))
    rows = ServiceBooking.objects.all()
    for change in ({"cost_minor": 1}, {"state": "held"}, {"state": "released", "provider": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()


def test_dispatch_leaves_the_places_of_bookings_alone(shop) -> None:
    booked.fitter(capacity=1)
    booked.buy(shop, booked.option(shop))
    day = booked.first()
    other = serving.task(
        kind="install", postcode="11217", day=day, latest=day, budget_minor=9_000, brief="Shelves in the office"
    )
    assert (serving.offered(other).state, other.reason) == ("open", {})
    drain()
    assert serving.offered(other).state == "open"
    assert booked.task().state == "offered"


# --- Once ------------------------------------------------------------------------------------------------------
def test_the_same_bag_twice_is_one_booking(shop, fitter) -> None:
    made = booked.option(shop)
    bag = booked.bag(shop, made)
    assert booked.place(shop, bag, made).number == booked.place(shop, bag, made, part=1).number
    assert ServiceBooking.objects.count() == 1


def test_a_waiting_order_with_another_slot_is_replaced(shop, fitter) -> None:
    made = booked.option(shop)
    bag = booked.bag(shop, made)
    first = booked.place(shop, bag, made, method="card")
    assert booked.place(shop, bag, made, method="card").number == first.number
    second = booked.place(shop, bag, made, method="card", part=1)
    assert reread(shop, first).status == "cancelled"
    states = dict(ServiceBooking.objects.values_list("order_number", "state"))
    assert states == {first.number: "released", second.number: "held"}


def test_an_order_that_is_not_paid_frees_its_slot(shop) -> None:
    booked.fitter(capacity=1)
    made = booked.option(shop)
    order = booked.buy(shop, made, method="card", quantity=1)
    with clock.set_to(clock.now() + timedelta(hours=2)), factories.context.entered(shop):
        assert closing.expire(order_number=order.number)
    assert booked.booking().state == "released"
    assert booked.buy(shop, made, quantity=1).status == "placed"


def _pay_late(shop, provider, order: Order) -> Order:
    with factories.context.entered(shop):
        payment.open_page(order_token=order.token)
        session = payment_session(shop)
        provider.pay(session)
    with clock.set_to(clock.now() + timedelta(hours=2)), factories.context.entered(shop):
        closing.expire(order_number=order.number)
        payment.record(session_id=session)
    return reread(shop, order)


def test_paid_late_the_slot_is_taken_again(shop, provider) -> None:
    booked.fitter(capacity=1)
    order = booked.buy(shop, booked.option(shop), method="card")
    assert _pay_late(shop, provider, order).status == "placed"
    assert booked.booking().state == "placed"


def test_paid_late_and_the_slot_is_gone_the_money_goes_back(shop, provider) -> None:
    booked.fitter(capacity=1)
    made = booked.option(shop)
    order = booked.buy(shop, made, method="card", quantity=1)
    with factories.context.entered(shop):
        payment.open_page(order_token=order.token)
        session = payment_session(shop)
        provider.pay(session)
    with clock.set_to(clock.now() + timedelta(hours=2)), factories.context.entered(shop):
        closing.expire(order_number=order.number)
    booked.buy(shop, made, quantity=1)
    with factories.context.entered(shop):
        payment.record(session_id=session)
    assert reread(shop, order).status == "expired"
    with factories.inside(shop):
        assert order.refunds.get().reason == "unused_payment"
    assert free(shop) == 9


# --- Booked: the books, the parcels, the provider ----------------------------------------------------------------
def test_a_booked_service_goes_through_books_mart_and_no_warehouse(shop, fitter) -> None:
    order = booked.buy(shop, booked.option(shop))
    drain()
    assert (balance("service_held"), balance("wholesale_deferred")) == (8_000, 2_000)
    sales = SalesOrder.objects.get()
    assert (sales.service_minor, sales.units, sales.captured_minor) == (8_000, 2, order.total_minor)
    assert FulfilmentLine.objects.get().quantity == 2
    booked.clean()
    ship_all(shop, order)
    drain()
    assert reread(shop, order).status == "shipped"
    booked.clean()


def test_the_provider_is_paid_and_the_rest_is_the_suppliers(shop, fitter) -> None:
    booked.buy(shop, booked.option(shop))
    drain()
    task = accepted()
    assert (task.day, task.part, task.budget_minor) == (booked.first(), 0, 8_000)
    service_tasks.hand_in(number=task.number, provider_id=fitter.pk, proof="Up and tried.", photos=[serving.photo()])
    service_tasks.approve(number=task.number, actor_id=None)
    assert (balance("service_held"), balance("service_payable"), balance("service_cost")) == (0, 7_000, 1_000)
    booked.clean()


def test_told_twice_it_is_one_task(shop, fitter) -> None:
    booked.buy(shop, booked.option(shop))
    drain()
    row = OutboxEvent.objects.get(topic="OrderPlaced")
    bookings_before = booked.booking().task_id
    with transaction.atomic():
        bookings.book_all(events.from_payload("OrderPlaced", row.payload))
    assert (booked.booking().task_id, ServiceTask.objects.count()) == (bookings_before, 1)


def test_cancelling_the_order_gives_everything_back(shop, fitter) -> None:
    order = booked.buy(shop, booked.option(shop))
    drain()
    accepted()
    with factories.context.entered(shop):
        cancellation.cancel(order_number=order.number, actor="customer", reason="customer")
    drain()
    order = reread(shop, order)
    assert (order.status, order.refunded_minor) == ("cancelled", order.total_minor)
    assert (booked.booking().state, booked.task().state) == ("cancelled", "cancelled")
    assert (balance("service_held"), balance("reseller_payable"), balance("tax_payable")) == (0, 0, 0)
    booked.clean()


def test_taking_all_goods_off_takes_the_service_off(shop, fitter) -> None:
    order = booked.buy(shop, booked.option(shop))
    drain()
    with factories.inside(shop):
        goods = order.lines.get(service__isnull=True)
    with factories.context.entered(shop):
        one = changes.weigh(order_number=order.number, pieces={goods.id: 1})
        both = changes.weigh(order_number=order.number, pieces={goods.id: 2})
        assert (one.back_minor, both.back_minor) == (2_200, order.total_minor)
        changes.cancel_pieces(
            order_number=order.number, pieces={goods.id: 2}, reason="changed_mind", key="k", actor="clerk",
            expected_minor=both.back_minor,
        )  # fmt: skip
    drain()
    assert booked.booking().state == "cancelled"
    booked.clean()


def test_the_address_stays_while_somebody_is_to_come(shop, fitter) -> None:
    order = booked.buy(shop, booked.option(shop))
    drain()
    elsewhere = dataclasses.replace(CONTACT, street="9 Canal Street")
    with refuses("service_booked"), factories.context.entered(shop):
        changes.change_address(order_number=order.number, contact=elsewhere, actor="clerk")


def test_a_refund_after_it_was_done_is_the_suppliers_cost(shop, fitter) -> None:
    order = booked.buy(shop, booked.option(shop))
    drain()
    task = accepted()
    service_tasks.hand_in(number=task.number, provider_id=fitter.pk, proof="Up.")
    service_tasks.approve(number=task.number, actor_id=None)
    line = booked.line_of(shop, order)
    with factories.context.entered(shop):
        refund.grant(
            order_number=order.number, pieces={line.id: 1}, shipping=False, reason="goodwill", key="g", actor="clerk"
        )
    drain()
    assert (balance("service_held"), balance("service_payable"), balance("service_cost")) == (0, 7_000, -7_000)
    booked.clean()


def test_a_refund_before_it_is_approved_leaves_the_price_to_the_supplier(shop, fitter) -> None:
    order = booked.buy(shop, booked.option(shop))
    drain()
    task = accepted()
    service_tasks.hand_in(number=task.number, provider_id=fitter.pk, proof="Up.")
    line = booked.line_of(shop, order)
    with factories.context.entered(shop):
        refund.grant(
            order_number=order.number, pieces={line.id: 1}, shipping=False, reason="goodwill", key="g", actor="clerk"
        )
    drain()
    booked.clean()
    service_tasks.approve(number=task.number, actor_id=None)
    assert (balance("service_held"), balance("service_payable"), balance("service_cost")) == (0, 7_000, -7_000)
    booked.clean()


def test_paid_by_card_and_refunded_the_money_reaches_the_provider_of_payments(shop, fitter, provider) -> None:
    order = booked.buy(shop, booked.option(shop), method="card")
    with factories.context.entered(shop):
        payment.open_page(order_token=order.token)
        provider.pay(payment_session(shop))
        payment.record(session_id=payment_session(shop))
    drain()
    line = booked.line_of(shop, order)
    with factories.context.entered(shop):
        appointments.cancel(order_number=order.number, line_id=line.id, actor="customer")
        appointments.cancel(order_number=order.number, line_id=line.id, actor="customer")
    drain()
    order = reread(shop, order)
    assert (order.refunded_minor, order.paid, order.status) == (10_890, "part_refunded", "processing")
    assert (booked.booking().state, balance("service_held")) == ("cancelled", 0)
    booked.clean()
