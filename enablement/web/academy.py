"""The academy in the supplier's office: courses, their lessons and questions, who passed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enablement.models import Course, Lesson, Question
from enablement.selectors import academy
from enablement.services import academy as services
from enablement.web.academy_forms import CourseForm, LessonForm, QuestionForm
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel import texts
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.ui import table, toast
from s2b2c.ui.states import State

TEACHERS = ("support", "catalogue")
_STATES = {True: State("ok", pgettext_lazy("course", "Published")), False: State("", _("Draft"), "open")}


def address(course: Any) -> str:
    """Give the address of a course's page."""
    return reverse("supply:course", args=[course.pk])


class Courses(table.Table):
    """All courses."""

    id, caption, order, csv_name = "courses", _("Courses"), "-created_at", "courses"
    columns = [
        table.Column("title", _("Course"), value=lambda each: texts.local(each, "title"), link=address, card=1, fixed=True),
        table.state_column("state", _("State"), _STATES, value=lambda each: each.published_at is not None),
        table.Column("parts", _("Lessons"), align="end"),
        table.Column("asked", _("Questions"), align="end"),
        table.Column("step", _("Step of the checklist"), value=lambda each: each.get_step_display() if each.step else "", card=3),
        table.Column("unlocks", _("Partner shop"), value=lambda each: gettext("Yes") if each.unlocks else ""),
        table.Column("passed", _("Shops that passed"), align="end", sort="passed", card=2),
        table.date_column("created_at", _("Begun"), sort="created_at", hidden=True),
    ]  # fmt: skip
    filters = [table.Text(fields=["title_en__icontains", "title_zh__icontains"])]
    search_hint = _("Title")

    @property
    def empty(self) -> table.Empty:  # type: ignore[override]
        words = (
            _("No courses yet"),
            _("Short lessons with a few questions at the end; who passes one may become a partner shop."),
        )
        return table.Empty(*words, "graduation-cap", reverse("supply:course_new"), _("Begin a course"))


class Passed(table.Table):
    """The shops that passed a course."""

    id, caption, order, csv_name, allow_views, size = (
        "course_passed",
        _("Shops that passed"),
        "-passed_at",
        "passed",
        False,
        50,
    )
    columns = [
        table.Column("shop", _("Shop"), value="reseller.name", link=lambda each: reverse("supply:reseller", args=[each.reseller.slug]), card=1, fixed=True),
        table.date_column("passed_at", _("When"), sort="passed_at", card=2),
        table.Column("learner", _("By whom"), value=lambda each: each.learner.name if each.learner else "", muted=True, card=3),
    ]  # fmt: skip
    filters = [table.Text(fields=["reseller__name__icontains", "reseller__slug__istartswith"])]
    search_hint = _("Shop")
    empty = table.Empty(_("Nobody yet"), _("Shops find it under Learn."), "store")


@supplier_role(*TEACHERS)
@require_safe
def index(request: Request) -> HttpResponseBase:
    """List courses."""
    return table.respond(request, Courses(request, academy.listed()), "supplier/tools/courses.html", {})


@supplier_role(*TEACHERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    """Begin a course."""
    form = CourseForm(request.POST or None)
    made = _written(request, form, None)
    if made:
        return redirect(address(made))
    return render(request, "supplier/tools/course_new.html", {"form": form}, status=422 if form.errors else 200)


def _written(request: Request, form: forms.Form, course_id: int | None) -> Course | None:
    if not form.is_valid():
        return None
    try:
        made = services.put_course(course_id=course_id, facts=form.cleaned_data, actor_id=request.user.pk)
    except Refused as refusal:
        _refused(form, refusal)
        return None
    toast.add(request, gettext("Saved"))
    return made


def _refused(form: forms.Form, refusal: Refused) -> None:
    if refusal.status == 404:
        raise refusal
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


@supplier_role(*TEACHERS)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request, course_id: int) -> HttpResponseBase:
    """Show a course with its lessons and questions; a POST changes what it is about."""
    course = academy.find(course_id)
    names = CourseForm.base_fields
    form = CourseForm(request.POST or None, initial={name: getattr(course, name) for name in names})
    if request.method == "POST" and _written(request, form, course_id):
        return redirect(address(course))
    context = {
        "course": course,
        "title": texts.local(course, "title"),
        "state": _STATES[course.published_at is not None],
        "form": form,
        "lessons": [(each, texts.local(each, "title")) for each in academy.lessons(course)],
        "questions": [(each, texts.local(each, "text")) for each in academy.questions(course)],
        "table": Passed(request, academy.who_passed(course)),
    }
    if form.errors:
        return render(request, "supplier/tools/course.html", context, status=422)
    return table.respond(request, context["table"], "supplier/tools/course.html", context)


@supplier_role(*TEACHERS)
@require_POST
def publish(request: Request, course_id: int) -> HttpResponseBase:
    """Show a course to the shops."""
    try:
        services.publish(course_id=course_id, actor_id=request.user.pk)
        toast.add(request, gettext("Shops find it under Learn now"))
    except Refused as refusal:
        if refusal.status == 404:
            raise
        toast.add(request, str(refusal), tone="bad")
    return redirect(reverse("supply:course", args=[course_id]))


@supplier_role(*TEACHERS)
@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request: Request, course_id: int, lesson_id: int = 0) -> HttpResponseBase:
    """Write a lesson."""
    course, found = academy.find(course_id), _one(Lesson, lesson_id, course_id)
    form = LessonForm(
        request.POST or None, initial={n: getattr(found, n) for n in LessonForm.base_fields} if found else None
    )
    if form.is_valid():
        try:
            services.put_lesson(course_id=course_id, lesson_id=lesson_id or None, facts=form.cleaned_data)
            toast.add(request, gettext("Saved"))
            return redirect(address(course))
        except Refused as refusal:
            _refused(form, refusal)
    return _part(request, course, found, form, "supplier/tools/lesson.html")


@supplier_role(*TEACHERS)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: Request, course_id: int, question_id: int = 0) -> HttpResponseBase:
    """Write a question."""
    course, found = academy.find(course_id), _one(Question, question_id, course_id)
    form = QuestionForm(request.POST or None, question=found)
    if form.is_valid():
        try:
            services.put_question(course_id=course_id, question_id=question_id or None, **form.facts)
            toast.add(request, gettext("Saved"))
            return redirect(address(course))
        except Refused as refusal:
            _refused(form, refusal)
    return _part(request, course, found, form, "supplier/tools/question.html")


def _part(request: Request, course: Course, found: Any, form: forms.Form, template: str) -> HttpResponseBase:
    context = {"course": course, "title": texts.local(course, "title"), "found": found, "form": form}
    return render(request, template, context, status=422 if form.errors else 200)


def _one(model: Any, key: int, course_id: int) -> Any:
    """Give a part of a course, None where a new one is written.

    :raises NotFound: it is none of this course's.
    """
    found = model.objects.filter(pk=key, course_id=course_id).first() if key else None
    if key and found is None:
        raise NotFound()
    return found


@supplier_role(*TEACHERS)
@require_POST
def remove(request: Request, course_id: int) -> HttpResponseBase:
    """Take a lesson or a question out."""
    for name, model in (("lesson", Lesson), ("question", Question)):
        text = request.POST.get(name, "")
        if text.isdigit() and len(text) < 18 and _one(model, int(text), course_id):
            services.remove(**{f"{name}_id": int(text)})
            toast.add(request, gettext("Taken out"))
    return redirect(reverse("supply:course", args=[course_id]))
