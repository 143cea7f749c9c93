"""What consumers say of goods, and what S does when a lot was bad: complaints, reviews, recalls.

S knows an order by its shop and number, never whom it went to; what is written to consumers goes out in the shop's name.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enablement.models.desk import DeskCase
from enablement.models.vendor import Vendor
from s2b2c.tenancy.models import Reseller
from supplier.models import Lot, Product, Shipment, Variant


class Complaint(models.Model):
    """The record of quality behind a case about goods: what they were, of which lot and parcel, and whether they were bad.

    It stands as its ``case`` does; what was said is there, and ``text`` and ``answer`` are the first and the last of it.
    ``line_id``: the line as its shop knows it. ``lot``, ``vendor``, ``shipment``: where only one can be meant, or somebody
    said so. ``justified``: whether the goods were bad; null: nobody said yet. ``closed_by``: ``customer``, ``shop``,
    ``supplier``. Those about the service were written before there were cases; their words have moved there.
    """

    class About(models.TextChoices):
        GOODS = "goods", _("The goods")
        SERVICE = "service", _("The service")

    class Problem(models.TextChoices):
        BROKEN = "broken", _("Broken or damaged")
        WRONG = "wrong", _("Something else came")
        MISSING = "missing", _("Pieces are missing")
        QUALITY = "quality", _("Not as good as it should be")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("complaint", "Open")
        ANSWERED = "answered", pgettext_lazy("complaint", "Answered")
        CLOSED = "closed", pgettext_lazy("complaint", "Closed")

    number = models.CharField(max_length=12, unique=True)
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+", db_index=False)
    order_number = models.CharField(max_length=12)
    key = models.CharField(max_length=60)
    case = models.OneToOneField(DeskCase, on_delete=models.PROTECT, null=True, related_name="complaint")
    about = models.CharField(max_length=8, choices=About.choices)
    problem = models.CharField(max_length=8, choices=Problem.choices, blank=True, default="", db_default="")
    line_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="complaints")
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, null=True, related_name="complaints")
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    text = models.CharField(max_length=2_000)
    photos = models.JSONField(default=list)
    justified = models.BooleanField(null=True)
    answer = models.CharField(max_length=2_000, blank=True)
    closed_by = models.CharField(max_length=8, blank=True, default="", db_default="")
    reason = models.CharField(max_length=300, blank=True, default="", db_default="")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reseller", "order_number", "key"], name="complaint_once"),
            models.CheckConstraint(name="complaint_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="complaint_answered_or_open",
                condition=Q(state="open", answered_at=None, closed_at=None)
                | (Q(state="answered", answered_at__isnull=False, closed_at=None) & ~Q(answer=""))
                | (Q(state="closed", closed_at__isnull=False) & ~Q(closed_by="")),
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="complaint_open", condition=Q(state="open", about="goods")),
            models.Index(fields=["reseller", "-id"], name="complaint_of_shop"),
            models.Index(fields=["variant", "-id"], name="complaint_variant", condition=Q(variant__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number


class Review(models.Model):
    """What a buyer says of a product: one an order, shown in every shop of the network without saying where it was bought."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("review", "To be read")
        SHOWN = "shown", pgettext_lazy("review", "Shown")
        HIDDEN = "hidden", pgettext_lazy("review", "Hidden")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="reviews", db_index=False)
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+", db_index=False)
    order_number = models.CharField(max_length=12)
    stars = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=1_000, blank=True)
    name = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=160, blank=True)
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reseller", "order_number", "product"], name="review_once"),
            models.CheckConstraint(name="review_stars", condition=Q(stars__gte=1, stars__lte=5)),
        ]
        indexes = [
            models.Index(fields=["product", "-id"], name="review_shown", condition=Q(state="shown")),
            models.Index(fields=["id"], name="review_waiting", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.stars} {self.product_id}"


class Recall(models.Model):
    """Lots that are withdrawn from everybody: why, what to do, and what each consumer gets. ``fault``: who bears it."""

    class Remedy(models.TextChoices):
        REFUND = "refund", _("Money back")
        EXCHANGE = "exchange", _("A new one")
        NONE = "none", _("Only tell them")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        RUNNING = "running", pgettext_lazy("recall", "Running")
        DONE = "done", pgettext_lazy("recall", "Everybody told")

    number = models.CharField(max_length=12, unique=True)
    lots = models.ManyToManyField(Lot, related_name="recalls")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    remedy = models.CharField(max_length=8, choices=Remedy.choices)
    reason_en = models.CharField(max_length=300)
    reason_zh = models.CharField(max_length=300, blank=True)
    advice_en = models.CharField(max_length=300)
    advice_zh = models.CharField(max_length=300, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.number


class RecallOrder(models.Model):
    """An order that got pieces of recalled lots; ``lines``: ``[{line_id, quantity}]`` as its shop knows them.

    ``told``: its shop was asked, in the same transaction, to write to its consumer. ``return_number``: what gives the money
    back or sends a new one.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        TOLD = "told"

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="orders", db_index=False)
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+", db_index=False)
    order_number = models.CharField(max_length=12)
    lines = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    return_number = models.CharField(max_length=16, blank=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recall", "reseller", "order_number"], name="recall_order_once"),
        ]
        indexes = [models.Index(fields=["recall", "id"], name="recall_waiting", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.order_number} {self.state}"
