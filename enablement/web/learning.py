"""Learning in a shop's office: courses, lessons, questions, and what passing gives."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enablement.models import Question
from enablement.selectors import academy, shop_scores
from enablement.services import academy as services
from enablement.web import shop_score
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel import texts
from s2b2c.kernel.errors import Refused
from s2b2c.tenancy.models import Reseller
from s2b2c.ui import toast


def _shop(request: Request) -> Reseller:
    assert request.reseller is not None
    return request.reseller


def _url(request: Request, name: str, **more: Any) -> str:
    return reverse(f"office:{name}", kwargs={"shop": _shop(request).slug, **more})


@reseller_role()
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List courses, how far the shop has come, and its standing."""
    shop = _shop(request)
    unlocking = academy.unlocking()
    context = {
        "rows": [
            (each, texts.local(each.course, "title"), texts.local(each.course, "lead"))
            for each in academy.of_shop(shop)
        ],
        "score": shop_score.shown(shop_scores.of_shop(shop.pk)),
        "tier": academy.tier_of(shop.pk),
        "unlocking": texts.local(unlocking, "title") if unlocking else "",
    }
    return render(request, "office/tools/learn.html", context)


@reseller_role()
@require_safe
def course(request: Request, course_id: int) -> HttpResponseBase:
    """Show a course: its lessons and where the shop is in it."""
    found = academy.open_course(course_id)
    lessons = academy.lessons(found, _shop(request))
    context = {
        "course": found,
        "title": texts.local(found, "title"),
        "lead": texts.local(found, "lead"),
        "lessons": [(each, texts.local(each, "title")) for each in lessons],
        "next": next((each for each in lessons if not each.done), None),
        "asked": found.questions.count(),
        "passed": academy.has_passed(found, _shop(request)),
    }
    return render(request, "office/tools/course.html", context)


@reseller_role()
@require_safe
def lesson(request: Request, lesson_id: int) -> HttpResponseBase:
    """Show a lesson."""
    found = academy.open_lesson(lesson_id)
    every = academy.lessons(found.course, _shop(request))
    numbers = [each.pk for each in every]
    context = {
        "lesson": found,
        "title": texts.local(found, "title"),
        "course_title": texts.local(found.course, "title"),
        "text": texts.local(found, "text"),
        "number": numbers.index(found.pk) + 1,
        "of": len(numbers),
        "last": sum(not each.done for each in every if each.pk != found.pk) == 0,
    }
    return render(request, "office/tools/lesson.html", context)


@reseller_role()
@require_POST
def done(request: Request, lesson_id: int) -> HttpResponseBase:
    """Note that a lesson was read, and go on."""
    course_id = academy.open_lesson(lesson_id).course_id
    following = services.finish(reseller=_shop(request), lesson_id=lesson_id)
    if following:
        return redirect(_url(request, "lesson", lesson_id=following.pk))
    return redirect(_url(request, "course_quiz", course_id=course_id))


@reseller_role()
@require_http_methods(["GET", "HEAD", "POST"])
def quiz(request: Request, course_id: int) -> HttpResponseBase:
    """Ask the questions of a course; a POST answers them."""
    found = academy.open_course(course_id)
    asked = academy.questions(found)
    given = {each.pk: _given(request, each) for each in asked}
    wrong: list[int] = []
    if request.method == "POST":
        try:
            passed, wrong = services.answer(
                reseller=_shop(request), course_id=course_id, given=given, learner_id=request.user.pk
            )
            if passed:
                toast.add(request, _("Passed: every answer is right"))
                return redirect(_url(request, "learn"))
        except Refused as refusal:
            toast.add(request, str(refusal), tone="bad")
            return redirect(_url(request, "course", course_id=course_id))
    context = {
        "course": found,
        "title": texts.local(found, "title"),
        "questions": [_drawn(each, given[each.pk], each.pk in wrong) for each in asked],
        "wrong": len(wrong),
        "tried": request.method == "POST",
    }
    return render(request, "office/tools/quiz.html", context, status=422 if wrong else 200)


def _given(request: Request, question: Question) -> int:
    text = request.POST.get(f"q{question.pk}", "")
    return int(text) if text.isdigit() and len(text) < 3 else -1


def _drawn(question: Question, given: int, wrong: bool) -> dict[str, Any]:
    """Give a question as the page draws it; of one answered wrongly the reason comes along, never the answer."""
    tongue = get_language()
    return {
        "id": question.pk,
        "text": texts.local(question, "text"),
        "answers": [(n, texts.pick(each, tongue), n == given) for n, each in enumerate(question.answers)],
        "wrong": wrong,
        "why": texts.local(question, "why") if wrong else "",
    }
