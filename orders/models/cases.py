"""What c asks for help with: one thread with the shop, into which S is pulled where the shop needs it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.models.order import Order
from s2b2c.kernel import ids


class Case(models.Model):
    """One matter of one order. What was said is in ``entries``, in order, each once by its key:

    ``{"key", "at": ISO 8601, "by": customer | shop | supplier | system, "who": name, "to": all | team, "what": said |
    passed | asked | closed | consent | no_consent | cost, "text", "photos": [names]}``. Those ``to`` the team c never sees.
    The first of a case about goods has ``"goods": {"line": id or None, "problem": code}``, too.

    ``turn``: who of us owes the next word. ``why`` S is in it: ``topic``, ``shop`` or ``time``; empty: it knows only that
    there is a case. ``consent_at``: when c allowed S to speak to it directly. Shops have few: found without an index.

    Its key comes of the order and of the form it was asked on (``ids.case_id``): sent twice, it is one case.
    """

    class Topic(models.TextChoices):
        GOODS = "goods", pgettext_lazy("help", "Something is wrong with the goods")
        DELIVERY = "delivery", pgettext_lazy("help", "Delivery")
        PAYMENT = "payment", pgettext_lazy("help", "Payment or refund")
        SERVICE = "service", pgettext_lazy("help", "Our service")
        VISIT = "visit", pgettext_lazy("help", "A service you booked")
        OTHER = "other", pgettext_lazy("help", "Something else")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("help", "Open")
        ANSWERED = "answered", pgettext_lazy("help", "Answered")
        CLOSED = "closed", pgettext_lazy("help", "Solved")

    class Turn(models.TextChoices):
        SHOP = "shop", _("Shop")
        SUPPLIER = "supplier", _("Supplier")

    id = models.BigIntegerField(primary_key=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="cases", db_index=False)
    topic = models.CharField(max_length=10, choices=Topic.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    turn = models.CharField(max_length=10, choices=Turn.choices, default=Turn.SHOP)
    why = models.CharField(max_length=6, blank=True)
    consent_at = models.DateTimeField(null=True)
    entries = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="case_supplier_is_in_when_it_is_its_turn", condition=~Q(turn="supplier") | ~Q(why="")
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """Its number, as c reads it: the key in letters, so that one index serves both."""
        return ids.case_number(self.id)

    @property
    def goods(self) -> dict[str, Any]:
        """Of a case about goods: which ``line`` of the order, None: not said, and what the ``problem`` is."""
        return self.entries[0].get("goods", {}) if self.entries else {}
