"""The academy: courses of short lessons with questions at the end, and the standing a shop gets by passing."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from s2b2c.tenancy.models import Reseller


class Course(models.Model):
    """Short lessons about one thing. ``step``: which step of a shop's checklist they help with, by its key.

    ``unlocks``: whoever passes becomes a partner shop. It is seen by shops from ``published_at`` on.
    """

    class Step(models.TextChoices):
        NONE = "", _("None")
        LOOK = "look", _("Name and look")
        PRODUCTS = "products", _("First 12 products")
        STORY = "story", _("Your story in two lines")
        CONTACT = "contact", _("How customers reach you")
        POLICIES = "policies", _("Say how returns work")
        ORDER = "order", _("First order")
        DOMAIN = "domain", _("Use your own address")

    title_en = models.CharField(max_length=80, blank=True)
    title_zh = models.CharField(max_length=80, blank=True)
    lead_en = models.CharField(max_length=200, blank=True)
    lead_zh = models.CharField(max_length=200, blank=True)
    step = models.CharField(max_length=10, choices=Step.choices, blank=True)
    unlocks = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="course_has_a_title", condition=~Q(title_en="") | ~Q(title_zh=""))]

    def __str__(self) -> str:
        return self.title_en or self.title_zh


class Lesson(models.Model):
    """One lesson: some minutes' reading."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="lessons")
    position = models.PositiveSmallIntegerField()
    title_en = models.CharField(max_length=80, blank=True)
    title_zh = models.CharField(max_length=80, blank=True)
    text_en = models.TextField(blank=True)
    text_zh = models.TextField(blank=True)
    minutes = models.PositiveSmallIntegerField(default=3)

    class Meta:
        constraints = [models.CheckConstraint(name="lesson_is_short", condition=Q(minutes__gte=1, minutes__lte=30))]

    def __str__(self) -> str:
        return self.title_en or self.title_zh


class Question(models.Model):
    """A question at the end of a course. ``answers``: ``[{"en", "zh"}]``; ``right`` counts from 0; ``why`` explains it."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    text_en = models.CharField(max_length=240, blank=True)
    text_zh = models.CharField(max_length=240, blank=True)
    answers = models.JSONField(default=list)
    right = models.PositiveSmallIntegerField(default=0)
    why_en = models.CharField(max_length=240, blank=True)
    why_zh = models.CharField(max_length=240, blank=True)

    def __str__(self) -> str:
        return self.text_en or self.text_zh


class LessonDone(models.Model):
    """A shop has read a lesson."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="+")
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reseller", "lesson"], name="lesson_done_once")]

    def __str__(self) -> str:
        return f"{self.lesson_id} by {self.reseller_id}"


class CoursePassed(models.Model):
    """A shop has answered every question of a course: for good."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="passes")
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    passed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "reseller"], name="course_passed_once")]

    def __str__(self) -> str:
        return f"{self.course_id} by {self.reseller_id}"


class ResellerTier(models.Model):
    """The standing of a shop beyond the one every shop has; see ADR 24 for what it gives."""

    class Tier(models.TextChoices):
        PARTNER = "partner", _("Partner shop")

    reseller = models.OneToOneField(Reseller, on_delete=models.PROTECT, related_name="+")
    tier = models.CharField(max_length=10, choices=Tier.choices)
    by_course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.reseller_id}: {self.tier}"
