"""What c reads about a booked service, always in the shop's name: who comes, moved, somebody else, done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from enablement.services import dispatching, service_tasks
from orders.services import appointments
from s2b2c.outbox.models import OutboxEvent
from storefront import promise
from tests import factories
from tests.enablement import booking as booked
from tests.enablement import serving
from tests.orders.buying import CONTACT, drain

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def fitter(shop):
    return booked.fitter()


@pytest.fixture
def order(shop, fitter):
    made = booked.buy(shop, booked.option(shop))
    drain()
    return made


def accept():
    dispatching.run()
    task = booked.task()
    return service_tasks.accept(number=task.number, provider_id=task.provider_id)


def told(mailoutbox) -> list:
    """What c was written about the service."""
    drain()
    words = ("Confirmed:", "Moved:", "We look for", "Done:")
    return [each for each in mailoutbox if each.to == [CONTACT.email] and each.subject.startswith(words)]


def test_c_reads_once_who_comes_and_when(shop, order, mailoutbox) -> None:
    task = accept()
    service_tasks.accept(number=task.number, provider_id=task.provider_id)
    (mail,) = told(mailoutbox)
    when = promise.slot(booked.first(), 0)
    assert mail.subject == f"Confirmed: Installation, {when}, {shop.name}"
    assert f"Fitwell comes to you on {when}: “Installation” for {booked.line_of(shop, order).label}." in mail.body
    assert f"/order/{order.token}/" in mail.body


def test_what_c_reads_comes_from_the_shop_and_names_no_supplier(shop, order, mailoutbox) -> None:
    task = accept()
    told(mailoutbox)
    service_tasks.hand_back(number=task.number, provider_id=task.provider_id, note="Van broke")
    mails = told(mailoutbox)
    supplier, sender = factories.company().name, f'"{shop.name}" <{settings.DEFAULT_FROM_EMAIL}>'
    assert [each.from_email for each in mails] == [sender, sender]
    assert [each.subject for each in mails if supplier in each.subject + each.body + each.alternatives[0][0]] == []


def test_moved_c_reads_the_new_time_and_nothing_more_of_the_old_one(shop, order, mailoutbox) -> None:
    accept()
    line, to = booked.line_of(shop, order), booked.first() + timedelta(days=2)
    for _ in range(2):
        with factories.context.entered(shop):
            appointments.move(order_number=order.number, line_id=line.id, on=to, part=1, actor="customer")
    # "accepted" is told after it was moved: it is no longer so
    assert [each.subject for each in told(mailoutbox)] == [f"Moved: Installation, {promise.slot(to, 1)}, {shop.name}"]


def test_given_back_c_reads_that_somebody_else_is_looked_for(shop, order, mailoutbox) -> None:
    task = accept()
    assert len(told(mailoutbox)) == 1
    service_tasks.hand_back(number=task.number, provider_id=task.provider_id, note="Ill")
    assert [each.subject for each in told(mailoutbox)][1:] == [f"We look for somebody else: Installation, {shop.name}"]


def test_done_is_told_once_though_it_is_handed_in_twice(shop, order, mailoutbox) -> None:
    task = accept()
    told(mailoutbox)
    service_tasks.hand_in(number=task.number, provider_id=task.provider_id, proof="Hung.")
    service_tasks.send_back(number=task.number, answer="Swept, too?", actor_id=None)
    service_tasks.hand_in(number=task.number, provider_id=task.provider_id, proof="Swept.")
    assert [each.subject for each in told(mailoutbox)][1:] == [f"Done: Installation, {shop.name}"]


def test_chinese_customers_read_chinese(shop, order, mailoutbox) -> None:
    with factories.inside(shop):
        type(order).objects.update(language="zh-hans")
    accept()
    drain()
    (mail,) = [each for each in mailoutbox if each.subject.startswith("已确认：")]
    assert "上门为您服务：“" in mail.body


def test_a_task_nobody_booked_with_an_order_tells_no_consumer(shop, fitter) -> None:
    done = serving.done(serving.task(kind="install", postcode="11201"))
    assert (done.state, OutboxEvent.objects.filter(topic="ServiceTold").exists()) == ("done", False)
