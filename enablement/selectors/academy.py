"""Courses: those S has written, and how far a shop has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from enablement.models import Course, CoursePassed, Lesson, LessonDone, Question, ResellerTier
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound
from s2b2c.tenancy.models import Reseller


def listed() -> QuerySet[Any]:
    """Give all courses, with their numbers of ``parts`` (lessons), ``asked`` (questions) and ``passed`` (shops)."""
    return Course.objects.annotate(
        parts=Count("lessons", distinct=True),
        asked=Count("questions", distinct=True),
        passed=Count("passes", distinct=True),
    )


def find(course_id: int) -> Any:
    """Give a course with its numbers.

    :raises NotFound: there is none.
    """
    found = listed().filter(id=course_id).first()
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class Progress:
    """A course as a shop has it: ``done`` of its ``lessons`` read, ``minutes`` in all."""

    course: Course
    lessons: int
    done: int
    minutes: int
    passed: bool


def of_shop(reseller: Reseller) -> list[Progress]:
    """Give the published courses and how far a shop has come, unlocking ones first. One query."""
    read: QuerySet[Any] = LessonDone.objects.filter(reseller=reseller, lesson__course=OuterRef("pk")).order_by()
    read = read.values("lesson__course").annotate(n=Count("*")).values("n")
    rows = _published().annotate(
        total=Count("lessons"),
        minutes=Sum("lessons__minutes", default=0),
        read=Subquery(read),
        passed=Exists(CoursePassed.objects.filter(course=OuterRef("pk"), reseller=reseller)),
    )
    return [
        Progress(each, each.total, each.read or 0, each.minutes, each.passed)
        for each in rows.order_by("-unlocks", "id")
    ]


def _published() -> QuerySet[Any]:
    return Course.objects.filter(published_at__lte=clock.now())


def open_course(course_id: int) -> Course:
    """Give a published course.

    :raises NotFound: there is none.
    """
    found = _published().filter(id=course_id).first()
    if found is None:
        raise NotFound()
    return found


def lessons(course: Course, reseller: Reseller | None = None) -> list[Any]:
    """Give a course's lessons in order, with ``done`` for a shop."""
    mine = LessonDone.objects.filter(lesson=OuterRef("pk"), reseller_id=reseller.pk if reseller else 0)
    return list(course.lessons.annotate(done=Exists(mine)).order_by("position", "id"))


def questions(course: Course) -> list[Question]:
    """Give a course's questions in order."""
    return list(course.questions.order_by("position", "id"))


def open_lesson(lesson_id: int) -> Lesson:
    """Give a lesson of a published course.

    :raises NotFound: there is none.
    """
    found = Lesson.objects.filter(id=lesson_id, course__published_at__lte=clock.now()).select_related("course").first()
    if found is None:
        raise NotFound()
    return found


def has_passed(course: Course, reseller: Reseller) -> CoursePassed | None:
    """Give when a shop passed a course; None: it hasn't."""
    return CoursePassed.objects.filter(course=course, reseller=reseller).first()


def helping(reseller: Reseller) -> dict[str, Course]:
    """Give by step of the checklist a published course that helps with it and that the shop has not passed. One query."""
    passed = CoursePassed.objects.filter(course=OuterRef("pk"), reseller=reseller)
    rows = _published().exclude(step="").filter(~Exists(passed)).order_by("-id")
    return {each.step: each for each in rows}


# --- Standing ------------------------------------------------------------------------------------------
def tier_of(reseller_id: int) -> ResellerTier | None:
    """Give the standing of a shop; None: the one every shop has."""
    return ResellerTier.objects.filter(reseller_id=reseller_id).select_related("by_course").first()


def unlocking() -> Course | None:
    """Give the course that makes a shop a partner shop, if there is one."""
    return _published().filter(unlocks=True).order_by("id").first()


def who_passed(course: Course) -> QuerySet[CoursePassed]:
    """Give the shops that passed a course."""
    return CoursePassed.objects.filter(course=course).select_related("reseller", "learner").annotate(at=F("passed_at"))


def partners() -> Q:
    """Give the condition of resellers that are partner shops."""
    return Q(pk__in=ResellerTier.objects.values("reseller_id"))
