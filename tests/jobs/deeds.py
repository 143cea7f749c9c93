"""Things to do to many rows: each leaves a mark that is counted, so that doing it twice shows."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from s2b2c.accounts.models import Membership
from s2b2c.jobs import UNCHANGED, Bulk, Doing, runner, services
from s2b2c.jobs.models import Job, JobRow
from s2b2c.kernel.errors import Refused
from supplier.models import Category
from tests import factories


def _rows(words: QueryDict) -> QuerySet[Category]:
    found = Category.objects.filter(slug__startswith="deed-")
    return found.filter(slug__contains=words["q"]) if words.get("q") else found


def _do(category_id: int, doing: Doing) -> Any:
    category = Category.objects.get(pk=category_id)
    if category.slug.endswith("7"):
        raise Refused("seven", "Not with a seven.")
    if category.slug.endswith("8"):
        return UNCHANGED
    Category.objects.filter(pk=category_id).update(name_zh=category.name_zh + doing.params.get("mark", "+"))
    if category.slug.endswith("9"):
        raise ValueError("a bug, after it has written")
    return {"was": category.name_zh}


def _undo(category_id: int, kept: Any, doing: Doing) -> None:
    Category.objects.filter(pk=category_id).update(name_zh=kept["was"])


MARK = Bulk(
    "supply.deeds.mark", "Mark", roles=("catalogue",), rows=_rows, do=_do, undo=_undo, said=lambda n: f"{n} marked",
    back="catalogue", name="slug",
)  # fmt: skip
KINDS = {MARK.code: MARK}


def world(many: int) -> None:
    """Make categories ``deed-0`` … with nothing marked."""
    for number in range(many):
        factories.category(f"deed-{number:05d}", name_zh="")


def member(role: str = "catalogue") -> Membership:
    """Give the membership of a new person at S."""
    return Membership.objects.select_related("user").get(user=factories.staff(role))


def marks() -> dict[str, int]:
    """Give how many categories bear which mark."""
    found: dict[str, int] = {}
    for name in Category.objects.filter(slug__startswith="deed-").values_list("name_zh", flat=True):
        found[name] = found.get(name, 0) + 1
    return found


def start(membership: Membership | None = None, **more: Any) -> Job:
    """Take up a job over everything."""
    return services.start(bulk=MARK, membership=membership or member(), **{"query": "", **more})


def finish(job: Job) -> Job:
    """Work a job off."""
    runner.run(job.pk, KINDS)
    job.refresh_from_db()
    return job


def states(job: Job) -> dict[str, int]:
    """Give how many of a job's rows are in which state."""
    found: dict[str, int] = {}
    for state in JobRow.objects.filter(job=job).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found
