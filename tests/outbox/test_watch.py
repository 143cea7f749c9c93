"""How events flow, the alarm when they don't, and forgetting those handled long ago."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from s2b2c.kernel import clock
from s2b2c.outbox import alarm, pruning, watch
from s2b2c.outbox.models import OutboxEvent

pytestmark = pytest.mark.django_db


def event(topic: str = "OrderPlaced", *, state: str = "pending", age: float = 0, lag: float | None = None) -> int:
    """Write an event made ``age`` seconds ago, and handled ``lag`` seconds later."""
    made = clock.now() - timedelta(seconds=age)
    done = None if lag is None else made + timedelta(seconds=lag)
    row = OutboxEvent.objects.create(
        topic=topic, key="1:A", reseller_id=1, payload={}, state=state, next_at=made, done_at=done
    )
    OutboxEvent.objects.filter(id=row.id).update(created_at=made)
    return row.id


def test_every_topic_goes_one_way() -> None:
    ways = watch.ways()
    assert {"OrderPlaced", "OrderCancelled", "RefundMade"} <= set(ways[watch.TO_SUPPLIER])
    assert {"FulfilmentOpened", "PickingStarted", "ShipmentSent", "CashSettled"} <= set(ways[watch.TO_SHOP])
    assert {"MailRequested", "RefundRequested", "PaymentReported"} <= set(ways[watch.OUTSIDE])


def test_flow_of_each_way() -> None:
    for lag in range(1, 101):
        event(state="done", age=150, lag=lag / 100)
    event("ShipmentSent", age=30)
    event("ShipmentSent", age=10)
    event("MailRequested", state="done", age=7_000, lag=1)
    up, down, outside = watch.flows()
    assert (up.way, up.handled, up.p50, up.p99, up.waiting) == ("to_supplier", 100, 0.5, 0.99, 0)
    assert up.per_minute[-3:] == [100, 0, 0]
    assert (down.waiting, down.handled, down.p50) == (2, 0, None)
    assert down.oldest_at is not None
    assert 29 <= (clock.now() - down.oldest_at).total_seconds() < 40
    assert outside.handled == 0


def test_desk_reads_what_waits_through_small_indexes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {watch._OLDEST}", [["OrderPlaced"]])
        oldest = "\n".join(row[0] for row in cursor.fetchall())
        now = clock.now()
        cursor.execute(f"EXPLAIN {watch._RATE}", [now, now, now, ["OrderPlaced"]])
        rate = "\n".join(row[0] for row in cursor.fetchall())
    assert "outbox_oldest" in oldest
    assert "outbox_recent" in rate


def test_alarm_is_logged_each_time_and_mailed_once_an_hour(settings, caplog) -> None:
    settings.OUTBOX_ALARM_SECONDS, settings.ALARM_EMAILS = 60, ["ops@example.com"]
    waits = event(age=59)
    assert not alarm.watch()
    OutboxEvent.objects.filter(id=waits).update(created_at=clock.now() - timedelta(seconds=61))
    assert alarm.watch()
    assert alarm.watch()
    assert [line.levelname for line in caplog.records] == ["ERROR", "ERROR"]
    assert [sent.to for sent in mail.outbox] == [["ops@example.com"]]
    OutboxEvent.objects.update(state="done", done_at=clock.now())
    assert not alarm.watch()  # over: the next time is told at once
    event(age=100)
    assert alarm.watch()
    assert len(mail.outbox) == 2


def test_dead_event_is_no_delay() -> None:
    event(state="dead", age=10_000)
    assert watch.late_seconds() == 0


def test_events_handled_long_ago_are_forgotten(settings, monkeypatch) -> None:
    settings.OUTBOX_KEEP_DAYS = 30
    monkeypatch.setattr(pruning, "BATCH", 3)
    month = 31 * 86_400
    kept = [event(state="dead", age=month), event(age=month), event(state="done", age=month, lag=2 * 86_400)]
    for _ in range(7):
        event(state="done", age=month, lag=1)
    kept += [event(state="done", age=86_400, lag=1) for _ in range(2)]
    assert pruning.forget_old() == 7
    assert list(OutboxEvent.objects.order_by("id").values_list("id", flat=True)) == kept


def test_what_was_handled_is_soon_out_of_the_indexes_of_what_waits() -> None:
    """Else each look for work reads past what was handled since the last vacuum: at ten million rows, two million."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = 'outbox_outboxevent'")
        options = dict(each.split("=") for each in cursor.fetchone()[0])
    assert float(options["autovacuum_vacuum_scale_factor"]) == 0
    assert int(options["autovacuum_vacuum_threshold"]) <= 5_000
    assert options["vacuum_index_cleanup"] == "on"
