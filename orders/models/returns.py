"""What c wants to send back, and what became of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from s2b2c.kernel import ids


class ReturnRequest(models.Model):
    """One return of one order, as c and b see it; S keeps its own ``ReturnOrder`` of the same number.

    ``lines``: ``[{"line", "variant", "quantity", "swap": variant wanted in exchange}]``. ``keep``: c keeps the
    pieces. ``outcome``: what S found and what was done, ``{"fault", "lines", "refund", "exchange"}``. Shops have
    few returns: they are found by order without an index.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", _("Asked for")
        APPROVED = "approved", _("Approved")
        SHIPPED = "shipped", _("On its way back")
        RECEIVED = "received", _("Arrived")
        INSPECTED = "inspected", _("Looked at")
        CLOSED = "closed", _("Closed")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Wish(models.TextChoices):
        REFUND = "refund", _("Money back")
        EXCHANGE = "exchange", _("Exchange")

    class Reason(models.TextChoices):
        MIND = "mind", _("Changed my mind")
        DEFECT = "defect", _("Damaged or not working")
        WRONG = "wrong", _("Wrong piece came")
        LOST = "lost", _("Never arrived")

    id = models.BigIntegerField(primary_key=True, default=ids.return_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="returns", db_index=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    wish = models.CharField(max_length=10, choices=Wish.choices)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    note = models.CharField(max_length=500, blank=True)
    lines = models.JSONField()
    photos = models.JSONField(default=list)
    keep = models.BooleanField(default=False)
    shipping = models.BooleanField(default=False)
    answer = models.CharField(max_length=300, blank=True)
    tracking = models.CharField(max_length=80, blank=True)
    outcome = models.JSONField(default=dict)
    actor = models.CharField(max_length=80)
    key = models.CharField(max_length=80, blank=True)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """Its number, as printed on the slip: the key in letters, so that one index serves both."""
        return ids.return_number(self.id)
