"""The pages that load balancers and supervisors ask."""

from __future__ import annotations

from datetime import timedelta

import pytest

from s2b2c import health
from s2b2c.kernel import clock
from s2b2c.outbox.models import OutboxEvent


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)


def test_healthz_answers_without_database(client) -> None:
    response = client.get("/healthz", headers={"host": "10.1.2.3"})
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["localhost", "supply.localhost", "10.1.2.3:8000"])
def test_readyz_is_ready_under_any_name(client, host) -> None:
    response = client.get("/readyz", headers={"host": host})
    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "checks": {"database": "ok", "redis": "ok", "migrations": "ok", "outbox": "ok"},
    }


@pytest.mark.django_db
def test_readyz_names_what_is_missing_and_no_secrets(client, settings) -> None:
    settings.REDIS_URL = "redis://:hidden@127.0.0.1:1/0"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"] == {
        "database": "ok",
        "redis": "ConnectionError",
        "migrations": "ok",
        "outbox": "ok",
    }


@pytest.mark.django_db
def test_readyz_waits_for_migrations(client) -> None:
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.filter(app="outbox").delete()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["migrations"] == "pending"


@pytest.mark.django_db
def test_readyz_says_that_events_wait_and_stays_ready(client, settings) -> None:
    settings.OUTBOX_ALARM_SECONDS = 60
    row = OutboxEvent.objects.create(topic="x", key="1:A", reseller_id=1, payload={}, next_at=clock.now())
    OutboxEvent.objects.filter(id=row.id).update(created_at=clock.now() - timedelta(seconds=75))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["outbox"]) == (200, "oldest event waits 75 s")
