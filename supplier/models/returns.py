"""What comes back to S: announced by a shop or refused at a door, received, looked at, and who pays for it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from s2b2c.tenancy.models import Reseller
from supplier.models.catalogue import Variant
from supplier.models.fulfilment import SalesLine, SalesOrder
from supplier.models.settlement import BankFile
from supplier.models.stock import Warehouse


class ReturnOrder(models.Model):
    """One return as S handles it; its number is the shop's. An open one holds the order's earnings back.

    ``claim_minor``: what the carrier owes for it; ``claim_paid_minor``: what it paid, once the claim is over.
    ``postage_minor``: what the way back cost S, borne by ``postage_by``; ``withheld_minor`` of it was taken off c's refund.
    ``paid_out``: when it was closed, the shop had been paid its margin of the order already.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", _("Asked for")
        APPROVED = "approved", _("Expected")
        SHIPPED = "shipped", _("On its way")
        RECEIVED = "received", _("Received")
        INSPECTED = "inspected", _("Inspected")
        CLOSED = "closed", _("Closed")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Reason(models.TextChoices):
        MIND = "mind", _("Changed their mind")
        DEFECT = "defect", _("Damaged or not working")
        WRONG = "wrong", _("Wrong piece")
        LOST = "lost", _("Lost")
        DOOR = "door", _("Refused at the door")

    class Fault(models.TextChoices):
        SUPPLIER = "supplier", _("Supplier")
        RESELLER = "reseller", _("Shop")
        CARRIER = "carrier", _("Carrier")

    class PostageBy(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        SUPPLIER = "supplier", _("Supplier")
        RESELLER = "reseller", _("Shop")
        CARRIER = "carrier", _("Carrier")

    class Claim(models.TextChoices):
        OPEN = "open", pgettext_lazy("claim", "Open")
        PAID = "paid", _("Paid by the carrier")
        WRITTEN_OFF = "written_off", _("Written off")

    OPEN = ("requested", "approved", "shipped", "received", "inspected")

    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(SalesOrder, on_delete=models.PROTECT, related_name="returns")
    number = models.CharField(max_length=12, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    wish = models.CharField(max_length=10)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    fault = models.CharField(max_length=10, choices=Fault.choices, blank=True)
    note = models.CharField(max_length=500, blank=True)
    photos = models.JSONField(default=list)
    keep = models.BooleanField(default=False)
    tracking = models.CharField(max_length=80, blank=True)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    claim_state = models.CharField(max_length=12, choices=Claim.choices, blank=True)
    claim_minor = models.BigIntegerField(default=0)
    claim_paid_minor = models.BigIntegerField(default=0)
    postage_minor = models.BigIntegerField(default=0)
    postage_by = models.CharField(max_length=10, choices=PostageBy.choices, blank=True)
    withheld_minor = models.BigIntegerField(default=0)
    paid_out = models.BooleanField(null=True)
    created_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    inspected_at = models.DateTimeField(null=True)
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="return_claim_within",
                condition=Q(claim_paid_minor__gte=0, claim_paid_minor__lte=F("claim_minor")),
            ),
            models.CheckConstraint(
                name="return_postage_within",
                condition=Q(withheld_minor__gte=0, withheld_minor__lte=F("postage_minor")),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "created_at"], name="return_queue"),
            models.Index(fields=["claim_state"], name="return_claims", condition=~Q(claim_state="")),
        ]

    def __str__(self) -> str:
        return self.number


class ReturnLine(models.Model):
    """Pieces of one line that come back: ``restocked`` + ``scrapped`` + ``sent_back`` + ``missing`` once inspected.

    ``variant``: the line's own, or of a bundle the part that comes back by itself.
    """

    return_order = models.ForeignKey(ReturnOrder, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(SalesLine, on_delete=models.PROTECT, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    restocked = models.PositiveIntegerField(default=0)
    scrapped = models.PositiveIntegerField(default=0)
    sent_back = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["return_order", "line", "variant"], name="return_line_once"),
            models.CheckConstraint(
                name="return_line_adds_up",
                condition=Q(quantity__gt=0)
                & Q(quantity__gte=F("restocked") + F("scrapped") + F("sent_back") + F("missing")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id}"

    @property
    def part(self) -> bool:
        """Tell whether it is a part of what was sold, by itself."""
        return self.variant_id != self.line.variant_id


class BankRefund(models.Model):
    """Money c gets by bank transfer, since it was paid in cash: granted by the shop, paid by S's finance.

    ``account``: where to, as c or the shop said (nothing: not said yet); only its last signs stay once it is paid.
    ``returned``: why the bank sent it back, so that it is asked for anew.
    """

    class State(models.TextChoices):
        DUE = "due", _("To pay")
        SENT = "sent", pgettext_lazy("payout", "Sent")
        PAID = "paid", _("Paid")

    order = models.ForeignKey(SalesOrder, on_delete=models.PROTECT, related_name="bank_refunds")
    refund_id = models.BigIntegerField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.DUE)
    amount_minor = models.BigIntegerField()
    reference = models.CharField(max_length=80, blank=True)
    account = models.JSONField(default=dict)
    account_at = models.DateTimeField(null=True)
    returned = models.CharField(max_length=160, blank=True, default="")
    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, null=True, related_name="refunds")
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "refund_id"], name="bank_refund_once"),
            models.CheckConstraint(name="bank_refund_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="bank_refund_sent_in_a_file", condition=~Q(state="sent") | Q(file__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["state", "created_at"], name="bank_refund_queue")]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.state}"
