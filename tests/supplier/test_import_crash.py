"""An import whose worker is killed carries on where it stood: nothing lost, nothing doubled."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from supplier.models import ImportJob, ImportRow, Variant
from supplier.services.imports import jobs, runner
from tests import killing
from tests.supplier import catalogue_world as world
from tests.supplier import imports_world as files

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos]

ROWS = 3000
_WORKER = """
import django
from django.conf import settings
django.setup()
from supplier.services.imports import apply, check, revert, runner
apply.APPLY_ROWS = check.CHECK_ROWS = revert.REVERT_ROWS = 100
check.LOAD_ROWS = 400
import time
step = runner._Worker.step
def slow(self):
    more = step(self)
    print("chunk", flush=True)
    time.sleep(0.02)
    return more
runner._Worker.step = slow
runner.run_due()
"""


def killed_worker(after: int) -> None:
    """Kill a worker after so many chunks, as if the half minute had gone by since."""
    killing.killed_worker(_WORKER, after=after)
    ImportJob.objects.update(heartbeat_at=None)


def content() -> str:
    return files.text(*[files.row(f"N-{n}", f"P-{n // 3}", name=f"Bowl {n // 3}") for n in range(ROWS)])


def test_kills_in_every_phase_lose_and_double_nothing() -> None:
    world.category("Mugs")
    job = files.upload(content())
    jobs.check(token=job.token, choices=files.chosen(job))
    killed_worker(3)  # while reading the file
    killed_worker(12)  # while checking
    job = files.run(job)
    assert (job.state, job.total_rows, set(files.states(job))) == ("checked", ROWS, {"ok"})

    jobs.apply(token=job.token)
    killed_worker(5)
    halfway = ImportRow.objects.filter(job=job, state="applied").count()
    assert 0 < halfway < ROWS
    assert Variant.objects.count() == halfway
    job = files.run(job)
    assert (job.state, Variant.objects.count()) == ("applied", ROWS)

    jobs.revert(token=job.token)
    killed_worker(5)
    job = files.run(job)
    assert (job.state, set(files.states(job)), Variant.objects.count()) == ("reverted", {"reverted"}, 0)


def test_two_workers_on_one_job_apply_each_row_once() -> None:
    world.category("Mugs")
    job = files.checked(content())
    jobs.apply(token=job.token)

    def work() -> None:
        while ImportJob.objects.get(id=job.id).state == "applying":
            runner.run(job.id)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (set(files.states(job)), Variant.objects.count()) == ({"applied"}, ROWS)
