"""A job whose worker is killed carries on where it stood: no row is lost, none is done twice."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from s2b2c.jobs import runner
from s2b2c.jobs.models import Job, JobRow
from tests import killing
from tests.jobs import deeds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos]

ROWS = 400
_WORKER = """
import django
django.setup()
import time
from s2b2c.jobs import runner
from tests.jobs import deeds
runner.CHUNK = 20
runner.GATHERED = 100
step = runner._step
def slow(job_id, kinds):
    more = step(job_id, kinds)
    print("chunk", flush=True)
    time.sleep(0.01)
    return more
runner._step = slow
runner.run_due(deeds.KINDS)
"""


def killed_worker(after: int) -> None:
    """Kill a worker after so many chunks, as if the half minute had gone by since."""
    killing.killed_worker(_WORKER, after=after)
    Job.objects.update(heartbeat_at=None)


def test_kills_while_choosing_and_while_working_lose_and_double_nothing() -> None:
    deeds.world(ROWS)
    job = deeds.start()
    Job.objects.update(heartbeat_at=None)
    killed_worker(2)  # while choosing rows
    killed_worker(7)  # while at work
    job.refresh_from_db()
    halfway = deeds.marks().get("+", 0)
    assert 0 < halfway < ROWS
    assert halfway == JobRow.objects.filter(job=job, state="done").count() == job.done
    killed_worker(4)
    job = deeds.finish(job)
    assert deeds.states(job) == {"done": 280, "refused": 40, "same": 40, "broken": 40}
    assert (deeds.marks(), job.done, job.failed, job.left) == ({"+": 280, "": 120}, 280, 80, 0)


def test_two_workers_on_one_job_do_each_row_once() -> None:
    deeds.world(200)
    job = deeds.start()

    def work() -> None:
        while Job.objects.get(id=job.id).is_open:
            runner.run(job.id, deeds.KINDS)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert deeds.marks() == {"+": 140, "": 60}
