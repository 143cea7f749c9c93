"""The outbox: exactly once, in order per key, and one bad row stops only its own order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from s2b2c.kernel import clock, events
from s2b2c.outbox import dispatcher, publisher
from s2b2c.outbox.dispatcher import Handler
from s2b2c.outbox.models import OutboxEvent
from supplier.models import Category, Product

pytestmark = pytest.mark.django_db(transaction=True)


def publish(*numbers: str) -> None:
    with transaction.atomic():
        for number in numbers:
            publisher.publish(events.OrderCancelled(reseller_id=1, order_number=number, reason="x"))


def wiring(function, **fields) -> dict[str, list[Handler]]:
    return {"OrderCancelled": [Handler("test.handler", function, **fields)]}


def test_rows_of_one_order_are_handled_in_order():
    seen: list[str] = []
    with transaction.atomic():
        for reason in "abcdef":
            publisher.publish(events.OrderCancelled(reseller_id=1, order_number="A", reason=reason))
    dispatcher.drain(wiring(lambda event: seen.append(event.reason)))
    assert seen == list("abcdef")


def test_every_row_is_handled_once_by_many_workers():
    publish(*[f"N{number:03}" for number in range(120)])

    def handle(event: events.Event) -> None:
        Category.add_root(slug=event.order_number.lower(), name_en="x")  # a second time would break its unique slug

    def work(_index: int) -> int:
        try:
            return dispatcher.drain(wiring(handle))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    for row in OutboxEvent.objects.filter(state="pending"):
        OutboxEvent.objects.filter(id=row.id).update(next_at=clock.now())
    dispatcher.drain(wiring(handle))
    assert (Category.objects.count(), OutboxEvent.objects.filter(acted="test.handler").count()) == (120, 120)


def test_bad_row_stops_only_its_own_order():
    publish("BAD", "GOOD", "BAD", "FINE")
    seen: list[str] = []

    def handle(event: events.Event) -> None:
        if event.order_number == "BAD":
            raise ValueError("poison")
        seen.append(event.order_number)

    dispatcher.drain(wiring(handle))
    assert sorted(set(seen)) == ["FINE", "GOOD"]
    assert list(OutboxEvent.objects.filter(key="1:BAD").order_by("id").values_list("tries", "state")) == [
        (1, "pending"),
        (0, "pending"),
    ]


def test_row_whose_effect_points_nowhere_stops_only_its_own_order():
    """Its foreign key is checked at the end of the transaction: not so late that the others go with it."""
    publish("BAD", "GOOD", "FINE")

    def handle(event: events.Event) -> None:
        number = event.order_number
        category = Category.add_root(slug=number.lower(), name_en=number)
        Product.objects.create(code=number, slug=number.lower(), name_en=number, category_id=category.id)
        if number == "BAD":
            Product.objects.filter(code=number).update(category_id=10_000_000)

    dispatcher.drain(wiring(handle))

    assert sorted(Product.objects.values_list("code", flat=True)) == ["FINE", "GOOD"]
    assert list(OutboxEvent.objects.order_by("id").values_list("key", "tries", "state")) == [
        ("1:BAD", 1, "pending"),
        ("1:GOOD", 0, "done"),
        ("1:FINE", 0, "done"),
    ]
    assert "ForeignKeyViolation" in OutboxEvent.objects.get(key="1:BAD").error


def test_row_that_fails_for_good_is_dead_and_keeps_its_trace():
    publish("BAD")

    def handle(event: events.Event) -> None:
        raise ValueError("poison")

    for _ in range(dispatcher.MAX_TRIES):
        OutboxEvent.objects.update(next_at=clock.now())
        dispatcher.drain(wiring(handle))
    row = OutboxEvent.objects.get()
    assert (row.state, row.tries) == ("dead", dispatcher.MAX_TRIES)
    assert "ValueError: poison" in row.error


def test_handlers_are_planned_as_usual_only_the_look_for_work_is_bound_to_an_index():
    publish("A")
    seen: list[str] = []

    def handle(event: events.Event) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW enable_seqscan")
            seen.append(cursor.fetchone()[0])

    dispatcher.drain(wiring(handle))
    publish("B")
    dispatcher.drain(wiring(handle, apart=True))
    assert seen == ["on", "on"]


def test_effect_of_a_failed_handler_is_undone_with_its_mark():
    publish("A")

    def handle(event: events.Event) -> None:
        Category.add_root(slug="made", name_en="made")
        raise ValueError("after the effect")

    dispatcher.drain(wiring(handle))
    assert (Category.objects.count(), OutboxEvent.objects.get().acted) == (0, "")


def test_row_set_back_is_not_handled_again():
    publish("A")
    seen: list[str] = []
    OutboxEvent.objects.update(acted="test.handler")
    dispatcher.drain(wiring(lambda event: seen.append(event.order_number)))
    assert seen == []
    assert OutboxEvent.objects.get().state == "done"


def test_outside_handler_that_fails_is_tried_again_later():
    publish("A")
    calls: list[int] = []

    def handle(event: events.Event) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise ConnectionError("mail server is away")

    dispatcher.drain(wiring(handle, outside=True))
    OutboxEvent.objects.update(next_at=clock.now())
    dispatcher.drain(wiring(handle, outside=True))
    assert (len(calls), OutboxEvent.objects.get().state) == (2, "done")


def test_publishing_survives_a_dead_redis(settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    publish("A")
    assert OutboxEvent.objects.count() == 1


def test_payload_with_unknown_fields_is_read():
    event = events.OrderCancelled(reseller_id=1, order_number="A", reason="x")
    assert events.from_payload("OrderCancelled", {**event.to_payload(), "new": 1}) == event


def test_outside_row_that_waited_longer_than_its_lease_is_handled_once():
    publish("A", "B")
    sent: list[str] = []

    def handle(event: events.Event) -> None:
        sent.append(event.order_number)
        if len(sent) == 1:  # so slow that another worker thinks this one died, and takes what waits behind
            OutboxEvent.objects.filter(key="1:B").update(next_at=clock.now())
            dispatcher.drain(wiring(handle, outside=True))

    dispatcher.drain(wiring(handle, outside=True))
    assert sent == ["A", "B"]
    assert set(OutboxEvent.objects.values_list("state", flat=True)) == {"done"}


def test_slow_worker_that_fails_does_not_undo_what_another_finished():
    publish("A")
    calls: list[int] = []

    def handle(event: events.Event) -> None:
        calls.append(1)
        if len(calls) == 1:
            OutboxEvent.objects.update(next_at=clock.now())
            dispatcher.drain(wiring(handle, outside=True))
            raise ConnectionError("the answer came too late")

    dispatcher.drain(wiring(handle, outside=True))
    assert (len(calls), OutboxEvent.objects.get().state) == (2, "done")


def test_rows_that_stand_apart_keep_their_locks_only_for_themselves():
    publish("A", "B", "C")
    seen: list[int] = []

    def handle(event: events.Event) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT txid_current()")
            seen.append(cursor.fetchone()[0])
        if event.order_number == "B":
            raise ValueError("poison")

    dispatcher.drain(wiring(handle, apart=True))
    assert len(set(seen)) == 3
    assert sorted(OutboxEvent.objects.values_list("key", "state")) == [
        ("1:A", "done"),
        ("1:B", "pending"),
        ("1:C", "done"),
    ]


def test_what_reaches_outside_does_not_keep_what_stays_inside_waiting():
    publish(*[f"N{number:02}" for number in range(60)])
    seen: list[str] = []

    def handle(event: events.Event) -> None:
        seen.append("outside")
        if len(seen) == 1:
            with transaction.atomic():
                publisher.publish(events.PickingStarted(reseller_id=1, order_number="X", fulfilment_number="F"))

    inside = Handler("test.inside", lambda event: seen.append("inside"))
    dispatcher.drain({**wiring(handle, outside=True), "PickingStarted": [inside]})
    assert seen.index("inside") <= 20
    assert len(seen) == 61


def test_more_than_one_batch_calls_for_another_worker(monkeypatch):
    monkeypatch.setattr(dispatcher, "BATCH", 3)
    publish(*[f"N{number}" for number in range(7)])
    calls: list[int] = []
    assert dispatcher.drain(wiring(lambda event: None), when_full=lambda: calls.append(1)) == 7
    assert len(calls) == 2
