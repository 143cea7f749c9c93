"""What is done to many rows: to those the filter meant, each once, with the way back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from s2b2c.accounts.models import AuditEntry, Membership
from s2b2c.jobs import runner, selectors, services
from s2b2c.jobs.models import Job
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.models import Category
from tests.jobs import deeds

pytestmark = pytest.mark.django_db


def test_every_row_that_meets_the_filter_is_done_once() -> None:
    deeds.world(23)
    job = deeds.finish(deeds.start(query="q=deed-0001&after=x&sort=-slug"))
    assert (job.query, job.total, job.done, job.same, job.failed, job.state) == ("q=deed-0001", 10, 7, 1, 2, "done")
    assert deeds.marks() == {"": 16, "+": 7}


def test_refused_and_broken_rows_leave_no_trace_and_stop_nobody() -> None:
    deeds.world(10)
    job = deeds.finish(deeds.start())
    said = dict(selectors.rows(job).exclude(reason="").values_list("name", "reason"))
    assert said["deed-00007"] == "Not with a seven."
    assert said["deed-00009"].startswith("Something went wrong")
    assert Category.objects.get(slug="deed-00009").name_zh == ""


def test_run_again_a_job_that_is_over_does_nothing() -> None:
    deeds.world(5)
    job = deeds.finish(deeds.start())
    deeds.finish(job)
    runner.run_due(deeds.KINDS)
    assert deeds.marks() == {"+": 5}


def test_the_same_form_sent_twice_starts_one_job() -> None:
    deeds.world(3)
    me = deeds.member()
    first, second = deeds.start(me, key="k1"), deeds.start(me, key="k1")
    assert first == second
    assert deeds.start(deeds.member(), key="k1") != first


def test_rows_by_hand_are_only_those_of_the_list() -> None:
    deeds.world(2)
    wanted, other = (
        Category.objects.get(slug="deed-00000"),
        Category.add_root(slug="elsewhere", name_en="x", name_zh=""),
    )
    job = deeds.finish(deeds.start(query=None, row_ids=[wanted.pk, other.pk, 10**12]))
    assert [row.name for row in selectors.rows(job)] == ["deed-00000"]


def test_a_large_selection_is_taken_as_it_was_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "SMALL", 5)
    monkeypatch.setattr(runner, "GATHERED", 7)
    deeds.world(30)
    job = deeds.start()
    assert (job.state, job.total) == ("gathering", 6)
    job = deeds.finish(job)
    assert (job.total, job.left, job.state) == (30, 0, "done")


def test_undo_gives_back_what_was_and_only_once() -> None:
    deeds.world(10)
    me = deeds.member()
    Category.objects.filter(slug="deed-00001").update(name_zh="own")
    job = deeds.finish(deeds.start(me))
    back = deeds.finish(services.undo(job_id=job.pk, bulk=deeds.MARK, membership=me))
    assert (back.done, deeds.marks()) == (7, {"": 9, "own": 1})
    assert services.undo(job_id=job.pk, bulk=deeds.MARK, membership=me) == back
    with pytest.raises(StateRefused):
        services.undo(job_id=back.pk, bulk=deeds.MARK, membership=me)


def test_retry_tries_what_failed_and_nothing_else() -> None:
    deeds.world(10)
    me = deeds.member()
    job = deeds.finish(deeds.start(me))
    Category.objects.filter(slug="deed-00007").update(slug="deed-00017-x")
    job = deeds.finish(services.retry(job_id=job.pk, membership=me, kinds=deeds.KINDS))
    assert (job.done, job.failed, deeds.marks()) == (8, 1, {"+": 8, "": 2})


def test_retry_of_a_job_without_failures_is_refused() -> None:
    deeds.world(3)
    me = deeds.member()
    job = deeds.finish(deeds.start(me))
    with pytest.raises(StateRefused):
        services.retry(job_id=job.pk, membership=me, kinds=deeds.KINDS)


def test_a_stopped_job_carries_on_where_it_was_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "CHUNK", 2)
    deeds.world(6)
    me = deeds.member()
    job = deeds.start(me)
    runner.run(job.pk, deeds.KINDS, until=0)
    services.cancel(job_id=job.pk)
    job = deeds.finish(job)
    assert (job.state, deeds.marks()) == ("cancelled", {"": 6})
    job = deeds.finish(services.retry(job_id=job.pk, membership=me, kinds=deeds.KINDS))
    assert (job.state, deeds.marks()) == ("done", {"+": 6})


def test_the_wrong_role_starts_nothing() -> None:
    deeds.world(2)
    with pytest.raises(Refused) as refusal:
        deeds.start(deeds.member("warehouse"))
    assert (refusal.value.status, Job.objects.count()) == (403, 0)


def test_who_loses_the_role_meanwhile_has_the_job_stopped() -> None:
    deeds.world(2)
    me = deeds.member()
    job = deeds.start(me)
    Membership.objects.filter(pk=me.pk).update(role="warehouse")
    job = deeds.finish(job)
    assert (job.state, bool(job.stopped_because), deeds.marks()) == ("cancelled", True, {"": 2})


def test_a_job_is_seen_by_who_started_it_and_by_the_chief() -> None:
    deeds.world(1)
    mine, colleague, chief = deeds.member(), deeds.member(), deeds.member("admin")
    job = deeds.start(mine)
    assert [list(selectors.visible(each)) for each in (mine, colleague, chief)] == [[job], [], [job]]
    with pytest.raises(NotFound):
        selectors.find(job.token, colleague)


def test_starting_leaves_a_line_in_the_audit_log() -> None:
    deeds.world(1)
    job = deeds.start(query="q=deed")
    entry = AuditEntry.objects.get(action="job.started")
    assert (entry.subject, entry.detail) == (f"job:{job.token}", {"kind": deeds.MARK.code, "filter": "q=deed"})


def test_too_many_open_jobs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_OPEN", 2)
    deeds.world(1)
    me = deeds.member()
    deeds.start(me)
    deeds.start(me)
    with pytest.raises(Refused):
        deeds.start(me)


def test_jobs_that_ended_a_month_ago_are_forgotten_with_their_rows() -> None:
    deeds.world(2)
    me = deeds.member()
    job = deeds.finish(deeds.start(me))
    back = deeds.finish(services.undo(job_id=job.pk, bulk=deeds.MARK, membership=me))
    Job.objects.filter(pk=job.pk).update(finished_at=clock.now() - timedelta(days=31))
    assert services.forget_old() == 1
    assert list(Job.objects.values_list("pk", flat=True)) == [back.pk]


def test_a_chunk_costs_a_bounded_number_of_statements(django_assert_max_num_queries) -> None:
    deeds.world(40)
    job = deeds.start(query="q=deed-0000")
    with django_assert_max_num_queries(12 + 10 * 4):  # per row: savepoint, read, write, release
        deeds.finish(job)
