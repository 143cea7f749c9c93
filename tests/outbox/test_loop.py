"""``manage.py drain_outbox --loop``: sync without Celery and without Redis, over a cut to the database."""

from __future__ import annotations

import os
import signal
import sys
import time

import pytest
from django.db import connection

from s2b2c.embedded import places, processes
from s2b2c.kernel import clock
from s2b2c.outbox.models import OutboxEvent
from supplier.models import SalesOrder
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos]


def _reaches_s(number: str) -> bool:
    return processes.wait_until(lambda: SalesOrder.objects.filter(order_number=number).exists(), seconds=60)


def test_loop_hands_orders_on_without_redis_and_after_a_cut_to_the_database(tmp_path) -> None:
    factories.company()
    factories.terms(300)
    shop = factories.reseller("juniper")
    product = factories.product()
    factories.listing(shop, product)
    variant = factories.first_variant(product)
    database = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{connection.settings_dict['NAME']}"
    dead = "redis://127.0.0.1:1/0"
    with open(tmp_path / "log", "wb") as output:
        loop = processes.spawn(
            [sys.executable, "manage.py", "drain_outbox", "--loop"],
            env={**os.environ, "DATABASE_URL": database, "REDIS_URL": dead},
            cwd=places.PROJECT,
            output=output,
        )
    try:
        assert _reaches_s(factories.buy(shop, variant, drained=False).number)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            assert cursor.fetchone()[0] >= 1
        assert _reaches_s(factories.buy(shop, variant, drained=False).number)
        assert loop.poll() is None, (tmp_path / "log").read_text()
        end = time.monotonic() + 60  # the way back is handed on too
        while OutboxEvent.objects.exclude(state="done").exists() and time.monotonic() < end:
            time.sleep(1)  # and what was on its way outside at the cut, whose lease is over now
            OutboxEvent.objects.filter(state="pending").update(next_at=clock.now())
        assert not OutboxEvent.objects.exclude(state="done").exists()
    finally:
        processes.stop(loop, signal.SIGTERM, grace=5)
