"""Celery's door to the jobs. Messages carry nothing: what is due stands in the database."""

from __future__ import annotations

from celery import shared_task

from s2b2c.jobs import registry, runner, services


@shared_task(name="s2b2c.jobs.tasks.run_jobs")
def run_jobs() -> None:
    """Carry on jobs nobody is at, for some seconds; may run twice, or be killed, at any time."""
    if runner.run_due(registry.kinds()):
        services.wake()


@shared_task(name="s2b2c.jobs.tasks.forget_jobs")
def forget_jobs() -> int:
    """Forget jobs that ended a month ago."""
    return services.forget_old()
