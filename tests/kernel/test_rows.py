"""Fixed statements write and read what the ORM would."""

from __future__ import annotations

import pytest

from s2b2c.kernel import clock
from s2b2c.kernel.rows import New, Row
from s2b2c.outbox.models import OutboxEvent

pytestmark = pytest.mark.django_db


def _event(key: str) -> OutboxEvent:
    return OutboxEvent(topic="t", key=key, reseller_id=7, payload={"a": [1, "ü"]}, next_at=clock.now())


def test_new_rows_are_what_the_orm_reads():
    made = New(OutboxEvent).add(_event(key) for key in ("first", "second"))
    names = [field.attname for field in OutboxEvent._meta.concrete_fields]
    read = OutboxEvent.objects.order_by("id").values(*names)
    assert [{name: getattr(row, name) for name in names} for row in made] == list(read)
    assert [(row.key, row._state.adding) for row in made] == [("first", False), ("second", False)]


def test_no_new_rows_is_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert New(OutboxEvent).add([]) == []


def test_a_row_is_what_the_orm_finds():
    OutboxEvent.objects.bulk_create([_event("first"), _event("second")])
    found = Row(OutboxEvent, "key = %s").first("second")
    assert found is not None
    plain = OutboxEvent.objects.get(key="second")
    assert {**vars(found), "_state": None} == {**vars(plain), "_state": None}
