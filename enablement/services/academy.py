"""The academy: S writes courses, shops read lessons and answer questions, and who passes may become a partner shop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from enablement.models import Course, CoursePassed, Lesson, LessonDone, Question, ResellerTier
from enablement.selectors import academy
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.tenancy.models import Reseller
from supplier.services import records

_LIMITS = {"title": 80, "lead": 200, "text": 8_000}


@transaction.atomic
def put_course(*, course_id: int | None = None, facts: Mapping[str, Any], actor_id: int | None) -> Course:
    """Write a course, or over one. ``facts``: title, lead, step, unlocks.

    :raises Refused: it has no title in any language.
    :raises NotFound: there is none of this number.
    """
    course = _get(Course, course_id) if course_id else Course(created_at=clock.now())
    _write(course, facts, ("title", "lead"), {"step", "unlocks"})
    records.audit(actor_id, "course.written", str(course))
    return course


@transaction.atomic
def put_lesson(*, course_id: int, lesson_id: int | None = None, facts: Mapping[str, Any]) -> Lesson:
    """Write a lesson last into a course, or over one.

    :raises Refused: it has no title or no text.
    """
    course = _get(Course, course_id)
    lesson = _get(Lesson, lesson_id) if lesson_id else Lesson(course=course, position=_next(course.lessons))
    if not facts.get("text_en") and not facts.get("text_zh"):
        raise Refused("required", _("Write it in at least one language."), field="text_en")
    _write(lesson, facts, ("title", "text"), {"minutes"})
    return lesson


@transaction.atomic
def put_question(
    *,
    course_id: int,
    question_id: int | None = None,
    facts: Mapping[str, Any],
    answers: Sequence[Mapping[str, str]],
    right: int,
) -> Question:
    """Write a question last into a course, or over one. ``right`` counts from 0.

    :raises Refused: it is empty, has fewer than two answers, or the right one is none of them.
    """
    course = _get(Course, course_id)
    made = _get(Question, question_id) if question_id else Question(course=course, position=_next(course.questions))
    given = [{"en": each.get("en", "").strip()[:160], "zh": each.get("zh", "").strip()[:160]} for each in answers]
    made.answers = [each for each in given if each["en"] or each["zh"]]
    if len(made.answers) < 2:
        raise Refused("answers", _("Give at least two answers."), field="answer_1_en")
    if not 0 <= right < len(made.answers):
        raise Refused("right", _("Say which answer is right."), field="right")
    made.right = right
    for name in ("text_en", "text_zh", "why_en", "why_zh"):
        setattr(made, name, records.text(facts.get(name, ""), name, 240))
    if not made.text_en and not made.text_zh:
        raise Refused("required", _("Write it in at least one language."), field="text_en")
    made.save()
    return made


def _write(thing: Any, facts: Mapping[str, Any], texts: Sequence[str], plain: set[str]) -> None:
    for name in texts:
        for tongue in ("en", "zh"):
            field = f"{name}_{tongue}"
            setattr(thing, field, records.text(facts.get(field, ""), field, _LIMITS[name]))
    for name in plain & set(facts):
        setattr(thing, name, facts[name])
    if not thing.title_en and not thing.title_zh:
        raise Refused("title", _("Give it a title in at least one language."), field="title_en")
    thing.save()


def _next(rows: Any) -> int:
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _get(model: Any, key: int) -> Any:
    found = model.objects.select_for_update().filter(pk=key).first()
    if found is None:
        raise NotFound()
    return found


@transaction.atomic
def remove(*, lesson_id: int | None = None, question_id: int | None = None) -> Course:
    """Take a lesson or a question out of its course. Who passed it has passed it."""
    found = _get(Lesson, lesson_id) if lesson_id else _get(Question, question_id or 0)
    course: Course = found.course
    found.delete()
    return course


@transaction.atomic
def publish(*, course_id: int, actor_id: int | None) -> Course:
    """Show a course to the shops; a second time it stays as it is.

    :raises Refused: it has no lesson or no question.
    """
    course = _get(Course, course_id)
    if not course.lessons.exists() or not course.questions.exists():
        raise Refused("empty", _("It needs a lesson and a question first."))
    if course.published_at is None:
        course.published_at = clock.now()
        course.save(update_fields=["published_at"])
        records.audit(actor_id, "course.published", str(course))
    return course


# --- A shop --------------------------------------------------------------------------------------------
@transaction.atomic
def finish(*, reseller: Reseller, lesson_id: int) -> Lesson | None:
    """Note that a lesson was read; give the next one that was not, or None.

    :raises NotFound: there is no such lesson.
    """
    lesson = academy.open_lesson(lesson_id)
    LessonDone.objects.get_or_create(lesson=lesson, reseller=reseller, defaults={"done_at": clock.now()})
    left = [each for each in academy.lessons(lesson.course, reseller) if not each.done]
    after = [each for each in left if (each.position, each.pk) > (lesson.position, lesson.pk)]
    return (after or left or [None])[0]


@transaction.atomic
def answer(
    *, reseller: Reseller, course_id: int, given: Mapping[int, int], learner_id: int | None
) -> tuple[CoursePassed | None, list[int]]:
    """Take answers by question. Give the pass, if every one is right, else None, and the questions answered wrongly.

    Passing a course that unlocks makes the shop a partner shop, once and for good.

    :raises NotFound: there is no such course.
    :raises Refused: a lesson has not been read.
    """
    course = academy.open_course(course_id)
    if any(not each.done for each in academy.lessons(course, reseller)):
        raise Refused("lessons", _("Read its lessons first."))
    asked = academy.questions(course)
    wrong = [each.pk for each in asked if given.get(each.pk) != each.right]
    if wrong or not asked:
        return None, wrong
    now = clock.now()
    made, _new = CoursePassed.objects.get_or_create(
        course=course, reseller=reseller, defaults={"learner_id": learner_id, "passed_at": now}
    )
    if course.unlocks:
        ResellerTier.objects.get_or_create(
            reseller=reseller, defaults={"tier": ResellerTier.Tier.PARTNER, "by_course": course, "since": now}
        )
    return made, []
