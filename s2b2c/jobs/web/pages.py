"""Start something over many rows; its page with progress, results, stop, retry and undo; the desk."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from s2b2c.accounts import places
from s2b2c.accounts.http import Request
from s2b2c.accounts.models import Membership
from s2b2c.jobs import registry, runner, selectors, services
from s2b2c.jobs.bulk import Bulk
from s2b2c.jobs.models import Job, JobRow
from s2b2c.jobs.web import tables
from s2b2c.kernel.errors import NotFound
from s2b2c.tenancy.context import reading
from s2b2c.ui import table, toast


def _me(request: Request) -> Membership:
    assert request.membership is not None
    return request.membership


def _found(request: Request, token: str) -> Job:
    with reading():
        return selectors.find(token, _me(request))


@require_POST
def start(request: Request) -> HttpResponse:
    """Do something to the rows chosen, or to all that meet the list's filter."""
    asked = request.POST
    bulk = services.known(registry.kinds(), asked.get("action", ""))
    if not bulk.code.startswith(f"{request.audience}."):
        raise NotFound()
    rows = [int(word) for word in asked.getlist("row") if word.isdigit() and len(word) < 19]
    job = services.start(
        bulk=bulk, membership=_me(request), row_ids=rows, params=bulk.read(asked), key=asked.get("key", "").replace("\x00", "")[:40],
        query=asked.get("query", "") if asked.get("all") else None,
    )  # fmt: skip
    back = places.local(request, asked.get("back", ""), places.url(request, bulk.back))
    return _carry_on(request, job, bulk, back)


def _carry_on(request: Request, job: Job, bulk: Bulk, back: str) -> HttpResponse:
    """Do a small job now and say so on the list; show the page of a large one, which workers do."""
    if job.gathered and job.left <= services.SMALL:
        runner.run(job.pk, registry.kinds())
        job = _found(request, job.token)
        if not job.is_open:
            report(request, job, bulk)
            return redirect(back)
    else:
        services.release(job_id=job.pk)
    return redirect(places.url(request, "job", token=job.token))


def report(request: Request, job: Job, bulk: Bulk) -> None:
    """Say what a job did, with the way back, and why rows were left as they are."""
    if job.done and job.undoes_id:
        toast.add(request, ngettext("%(n)s row as before", "%(n)s rows as before", job.done) % {"n": f"{job.done:,}"})
    elif job.done:
        undo = places.url(request, "job_undo", token=job.token) if bulk.undo else ""
        toast.add(request, bulk.said(job.done), undo_url=undo)
    if job.failed:
        with reading():
            why = selectors.first_refusal(job)
        text = ngettext(
            "%(n)s row was left as it is: %(why)s", "%(n)s rows were left as they are: %(why)s", job.failed
        )
        url = places.url(request, "job", token=job.token) + "?state=refused&state=broken"
        toast.add(request, text % {"n": job.failed, "why": why}, tone="warn", show_url=url)
    if not job.done and not job.failed:
        toast.add(request, _("Nothing to change"), tone="info")


@never_cache
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List one's jobs; the chief of the place sees everybody's."""
    me = _me(request)
    views = [table.View(_("All")), table.View(_("At work"), "state=gathering&state=working"), table.View(_("Rows failed"), "failed=1")]  # fmt: skip
    listed = tables.Desk(request, selectors.visible(me), views=views)
    found = {"frame": places.frame(request), "chief": selectors.is_chief(me)}
    return table.respond(request, listed, "jobs/list.html", found)


@never_cache
@require_safe
def page(request: Request, token: str) -> HttpResponseBase:
    """Show a job as far as it is, and what became of its rows."""
    job = selectors.find(token, _me(request))
    views = [table.View(_("All"), "", f"{job.total:,}"), table.View(_("Failed"), "state=refused&state=broken", f"{job.failed:,}")]  # fmt: skip
    listed = tables.Results(request, selectors.rows(job), views=views)
    return table.respond(request, listed, "jobs/page.html", {"frame": places.frame(request), **_state(request, job)})


@never_cache
@require_safe
def progress(request: Request, token: str) -> HttpResponse:
    """Give the job's panel alone; when it is over the whole page is loaded anew."""
    job = selectors.find(token, _me(request))
    response = render(request, "jobs/_progress.html", _state(request, job))
    if not job.is_open:
        response.headers["HX-Refresh"] = "true"
    return response


def _state(request: Request, job: Job) -> dict[str, Any]:
    bulk = registry.kinds().get(job.kind)
    allowed = bulk is not None and services.may(bulk, request.membership)
    undone = getattr(job, "undone_by", None)
    urls = {
        name: places.url(request, f"job_{name}", token=job.token) for name in ("progress", "stop", "retry", "undo")
    }
    return {
        "job": job,
        "title": tables.title(job),
        "shown": tables.STATES[job.state],
        "tried": job.total - job.left,
        "urls": urls,
        "list_url": places.url(request, bulk.back) if bulk else "",
        "jobs_url": places.url(request, "jobs"),
        "may_retry": allowed and not job.is_open and (job.failed or job.left or not job.gathered),
        "may_undo": allowed and bulk and bulk.undo and job.done and not job.is_open and not job.undoes_id and not undone,
        "undone_url": places.url(request, "job", token=undone.token) if undone else "",
        "source_url": places.url(request, "job", token=job.undoes.token) if job.undoes else "",
        "broken": JobRow.FAILED,
    }  # fmt: skip


@require_POST
def stop(request: Request, token: str) -> HttpResponse:
    """Stop a job; what was done stays done."""
    services.cancel(job_id=_found(request, token).pk)
    toast.add(request, _("Stopped. What was done stays done."), tone="info")
    return redirect(places.url(request, "job", token=token))


@require_POST
def retry(request: Request, token: str) -> HttpResponse:
    """Try the rows that failed again."""
    job = services.retry(job_id=_found(request, token).pk, membership=_me(request), kinds=registry.kinds())
    return _carry_on(request, job, registry.kinds()[job.kind], places.url(request, "job", token=token))


@require_POST
def undo(request: Request, token: str) -> HttpResponse:
    """Take back what a job did."""
    job = _found(request, token)
    bulk = services.known(registry.kinds(), job.kind)
    back = services.undo(job_id=job.pk, bulk=bulk, membership=_me(request))
    return _carry_on(request, back, bulk, _referer(request, places.url(request, bulk.back)))


def _referer(request: Request, otherwise: str) -> str:
    """Give the page the form was on, if it is ours."""
    address = request.headers.get("Referer", "").removeprefix(f"{request.scheme}://{request.get_host()}")
    return places.local(request, address, otherwise)
