"""What shops did with the tips on their home page."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from s2b2c.tenancy.models import Reseller


class TipAnswer(models.Model):
    """A shop's last answer to a tip. ``code`` says which kind, ``subject`` of what: a product, a kit."""

    class Answer(models.TextChoices):
        TAKEN = "taken", _("Followed")
        DISMISSED = "dismissed", _("Put away")

    reseller = models.ForeignKey(Reseller, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=20)
    subject = models.CharField(max_length=40, blank=True)
    answer = models.CharField(max_length=10, choices=Answer.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reseller", "code", "subject"], name="tip_answered_once"),
            models.CheckConstraint(name="tip_answer_known", condition=models.Q(answer__in=["taken", "dismissed"])),
        ]

    def __str__(self) -> str:
        return f"{self.reseller_id} {self.code}: {self.answer}"
