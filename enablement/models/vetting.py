"""Whether S may buy from a vendor: its papers, who approved it, and what S says of where its goods come from."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enablement.models.vendor import Vendor

MOST_BYTES = 8 * 1024 * 1024  # of a paper


class Vetting(models.Model):
    """How a vendor stands. ``origin_*``: where its goods are made, shown to consumers where ``published``.

    Vendors from before there was vetting are approved.
    """

    class State(models.TextChoices):
        NEW = "new", _("To be vetted")
        APPROVED = "approved", pgettext_lazy("vendor", "Approved")
        REFUSED = "refused", pgettext_lazy("vendor", "Refused")

    vendor = models.OneToOneField(Vendor, on_delete=models.CASCADE, related_name="vetting")
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    reason = models.CharField(max_length=240, blank=True)
    origin_en = models.CharField(max_length=120, blank=True)
    origin_zh = models.CharField(max_length=120, blank=True)
    published = models.BooleanField(default=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.vendor_id} {self.state}"


class VendorPaper(models.Model):
    """A paper a vendor showed: what it is, its number, and until when it is valid."""

    class Kind(models.TextChoices):
        LICENCE = "licence", _("Business licence")
        AUDIT = "audit", _("Factory audit")
        TEST = "test", _("Test report")
        CERTIFICATE = "certificate", _("Certificate")
        INSURANCE = "insurance", _("Insurance")

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=120)
    valid_until = models.DateField(null=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class PaperFile(models.Model):
    """The paper itself: a PDF as it came, or a picture made anew. It lies in the database, for nobody but S may read it."""

    class Type(models.TextChoices):
        PDF = "application/pdf"
        PICTURE = "image/webp"

    paper = models.OneToOneField(VendorPaper, on_delete=models.CASCADE, related_name="file")
    type = models.CharField(max_length=20, choices=Type.choices)
    size = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="paper_file_of_some_bytes", condition=Q(size__gt=0, size__lte=MOST_BYTES)),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.size}"
