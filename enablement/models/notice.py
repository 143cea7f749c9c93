"""What S tells its shops, and who has read it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from s2b2c.tenancy.models import Reseller


class Announcement(models.Model):
    """Words of S to its shops. Once published it stays as it was read; it can only be taken back.

    ``due_on``: until when it should be read; only what must be read has one. ``audience`` new: shops that opened in
    the ``NEW_DAYS`` before, or later; chosen: those in ``chosen``. The texts are plain with a few marks (``s2b2c.ui.prose``).
    """

    NEW_DAYS = 90

    class Audience(models.TextChoices):
        ALL = "all", _("Every shop")
        NEW = "new", _("New shops")
        CHOSEN = "chosen", _("Chosen shops")

    title_en = models.CharField(max_length=120, blank=True)
    title_zh = models.CharField(max_length=120, blank=True)
    text_en = models.TextField(blank=True)
    text_zh = models.TextField(blank=True)
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.ALL)
    chosen = models.ManyToManyField(Reseller, related_name="+")
    must_read = models.BooleanField(default=False)
    due_on = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="announcement_says_something",
                condition=(~Q(title_en="") | ~Q(title_zh="")) & (~Q(text_en="") | ~Q(text_zh="")),
            ),
            models.CheckConstraint(name="announcement_due_if_must", condition=Q(due_on=None) | Q(must_read=True)),
        ]

    def __str__(self) -> str:
        return self.title_en or self.title_zh


class AnnouncementRead(models.Model):
    """Somebody of a shop has read an announcement: once, and for good."""

    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="reads")
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["announcement", "reseller"], name="announcement_read_once")]

    def __str__(self) -> str:
        return f"{self.announcement_id} by {self.reseller_id}"
