"""Services booked with goods, afterwards: moved, cancelled, given up, forgotten; and orders without any."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from enablement.models import ServiceBooking, ServiceOffer, ServiceTask
from enablement.services import bookings, dispatching, service_tasks
from orders.models import Order
from orders.services import appointments, cart
from s2b2c.kernel import clock
from storefront.services import privacy
from tests import factories
from tests.enablement import booking as booked
from tests.enablement import serving
from tests.enablement.buying import refuses
from tests.orders.buying import balance, drain, reread, ship_all

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


# --- Moved, cancelled, given up -------------------------------------------------------------------------------------
def test_moved_the_provider_is_told_and_another_day_is_kept(shop, fitter, mailoutbox) -> None:
    order = booked.buy(shop, booked.option(shop))
    drain()
    old = accepted()
    line = booked.line_of(shop, order)
    to = booked.first() + timedelta(days=3)
    for _ in range(2):
        with factories.context.entered(shop):
            appointments.move(order_number=order.number, line_id=line.id, on=to, part=1, actor="customer")
    drain()
    assert ServiceTask.objects.get(pk=old.pk).state == "cancelled"
    assert [each.subject for each in mailoutbox if each.to == [fitter.email]][-1].endswith("Called off: Installation")
    new = accepted()
    assert (new.on, new.at_part, booked.booking().moved) == (to, 1, 1)
    booked.clean()


def test_on_the_day_itself_it_is_too_late(shop, fitter) -> None:
    order = booked.buy(shop, booked.option(shop))
    drain()
    accepted()
    line = booked.line_of(shop, order)
    with booked.later(4), factories.context.entered(shop):
        with refuses("too_late"):
            appointments.cancel(order_number=order.number, line_id=line.id, actor="customer")
        with refuses("too_late"):
            on = booked.first() + timedelta(days=9)
            appointments.move(order_number=order.number, line_id=line.id, on=on, part=0, actor="customer")


def test_a_full_slot_refuses_the_move_and_keeps_the_old_one(shop) -> None:
    booked.fitter(capacity=1)
    made = booked.option(shop)
    booked.buy(shop, made, quantity=1, on=booked.first() + timedelta(days=1))
    order = booked.buy(shop, made, quantity=1)
    drain()
    line = booked.line_of(shop, order)
    with refuses("slot_gone"), factories.context.entered(shop):
        on = booked.first() + timedelta(days=1)
        appointments.move(order_number=order.number, line_id=line.id, on=on, part=1, actor="customer")
    row = ServiceBooking.objects.get(order_number=order.number)
    assert (row.on, row.task.state, row.moved) == (booked.first(), "open", 0)


def test_nobody_took_it_by_the_afternoon_before_the_money_goes_back(shop, fitter, mailoutbox) -> None:
    order = booked.buy(shop, booked.option(shop))
    drain()
    dispatching.run()
    service_tasks.decline(number=booked.task().number, provider_id=fitter.pk)
    at = clock.now().replace(hour=16, minute=30) + timedelta(days=3)
    with clock.set_to(at - timedelta(hours=1)):
        dispatching.run()
        assert booked.booking().state == "placed"
    with clock.set_to(at):
        dispatching.run()
        dispatching.run()
    drain()
    order = reread(shop, order)
    assert (booked.booking().state, booked.task().state, order.refunded_minor) == ("failed", "cancelled", 10_890)
    assert any("Nobody will come" in each.body for each in mailoutbox)
    booked.clean()


def test_what_was_accepted_is_not_given_up(shop, fitter) -> None:
    booked.buy(shop, booked.option(shop))
    drain()
    accepted()
    with clock.set_to(clock.now() + timedelta(days=4)):
        assert bookings.give_up_due() == 0


def test_the_supplier_gives_up_a_booked_task_instead_of_cancelling_it(shop, fitter) -> None:
    order = booked.buy(shop, booked.option(shop))
    drain()
    number = accepted().number
    with refuses("booked"):
        service_tasks.cancel(number=number, actor_id=None)
    for _ in range(2):
        bookings.give_up(number=number, reason="supplier", actor_id=None)
    drain()
    assert (booked.booking().state, reread(shop, order).refunded_minor) == ("failed", 10_890)
    assert ServiceOffer.objects.get().state == "accepted"
    booked.clean()


def test_an_order_without_services_asks_for_none(shop, django_assert_max_num_queries) -> None:
    with factories.inside(shop):
        made = cart.add_line(token=None, variant_id=shop.variant.id, quantity=1)
    with django_assert_max_num_queries(22) as asked:
        booked.place(shop, made)
    assert not [each["sql"] for each in asked.captured_queries if "enablement_service" in each["sql"]]


# --- Forgotten ----------------------------------------------------------------------------------------------------
def _erase(shop, order: Order) -> None:
    with factories.context.entered(shop):
        privacy.erase(customer_id=order.customer_id)


def test_who_is_erased_is_taken_out_of_the_tasks(shop, fitter) -> None:
    order = booked.buy(shop, booked.option(shop))
    drain()
    first = accepted()
    ship_all(shop, order)
    drain()
    with refuses("under_way"):
        _erase(shop, order)
    line = booked.line_of(shop, order)
    with factories.context.entered(shop):
        on = booked.first() + timedelta(days=2)
        appointments.move(order_number=order.number, line_id=line.id, on=on, part=0, actor="customer")
    task = accepted()
    service_tasks.hand_in(number=task.number, provider_id=fitter.pk, proof="At Maya's.", photos=[serving.photo()])
    service_tasks.approve(number=task.number, actor_id=None)
    _erase(shop, order)
    kept = {(row.contact, row.address, row.photos == []) for row in ServiceTask.objects.all()}
    assert (kept, booked.task().proof) == ({("", "", True)}, "–")
    assert ServiceTask.objects.get(pk=first.pk).state == "cancelled"
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceTask.objects.filter(pk=first.pk).update(brief="Another")


def test_cancelled_before_the_supplier_heard_of_it_no_task_is_made(shop, fitter) -> None:
    order = booked.buy(shop, booked.option(shop))
    line = booked.line_of(shop, order)
    with factories.context.entered(shop):
        appointments.cancel(order_number=order.number, line_id=line.id, actor="customer")
    drain()
    assert (booked.booking().state, ServiceTask.objects.count(), balance("service_held")) == ("cancelled", 0, 0)
    booked.clean()
