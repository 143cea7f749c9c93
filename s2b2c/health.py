"""Is the process alive, and could it serve a customer now? For load balancers and supervisors."""

from __future__ import annotations

from collections.abc import Callable

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from s2b2c.outbox import watch

_migrated = False


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer as long as the process can: touches nothing else."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database, Redis and schema are there, else 503; say which one is not.

    Events that wait for too long are said too: an alarm, but no reason to send customers elsewhere.
    """
    checks = {"database": _database, "redis": _redis, "migrations": _migrations}
    failed = {name: problem for name, check in checks.items() if (problem := _problem(check))}
    results = {name: failed.get(name, "ok") for name in checks}
    results["outbox"] = _problem(_outbox) or "ok"
    return JsonResponse({"ready": not failed, "checks": results}, status=503 if failed else 200)


def _problem(check: Callable[[], str]) -> str:
    """Return what is wrong, by kind only: a stranger may read it."""
    try:
        return check()
    except Exception as problem:  # whatever it is, this process is not ready
        return type(problem).__name__


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _redis() -> str:
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
        client.ping()
    return ""


def _outbox() -> str:
    seconds = watch.late_seconds()
    return f"oldest event waits {seconds} s" if seconds else ""


def _migrations() -> str:
    """Look for migrations not applied; once there are none, this process needs not look again."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "pending"
        _migrated = True
    return ""
