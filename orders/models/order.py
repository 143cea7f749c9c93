"""The order as c and b see it: prices, terms and split frozen on the lines at sale."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from reseller.models import Customer
from supplier.models import Product, Variant


class Order(models.Model):
    """Amounts in minor units of ``currency``; ``total`` = lines − discount + tax on top + shipping.

    ``terms``: what was in force at sale, with the ``promotions`` that took part and who funds what; ``services``: how
    many of its lines are services booked with the goods, where there are any.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting for payment")
        PLACED = "placed", _("Placed")
        PROCESSING = "processing", _("Being prepared")
        PART_SHIPPED = "part_shipped", _("Part shipped")
        SHIPPED = "shipped", _("Shipped")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Not paid in time")

    class Method(models.TextChoices):
        CARD = "card", _("Card or wallet")
        COD = "cod", _("Cash on delivery")
        INVOICE = "invoice", _("On account")

    class Paid(models.TextChoices):
        UNPAID = "unpaid", _("Not paid")
        DUE = "due", _("Due on delivery")
        PAID = "paid", _("Paid")
        PART_REFUNDED = "part_refunded", _("Part refunded")
        REFUNDED = "refunded", _("Refunded")

    number = models.CharField(max_length=12)
    token = models.CharField(max_length=26)
    cart_token = models.UUIDField(null=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PENDING)
    method = models.CharField(max_length=8, choices=Method.choices)
    paid = models.CharField(max_length=14, choices=Paid.choices, default=Paid.UNPAID)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="orders")
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=120)
    address = models.JSONField()
    language = models.CharField(max_length=10)
    currency = models.CharField(max_length=3)
    items_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    tax_included = models.BooleanField(default=False)
    shipping_minor = models.BigIntegerField()
    shipping_tax_minor = models.BigIntegerField(default=0)
    total_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField(null=True)
    refunded_minor = models.BigIntegerField(default=0)
    terms = models.JSONField(default=dict)
    external_id = models.CharField(max_length=40, blank=True)
    placed_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="order_number_once"),
            models.UniqueConstraint(fields=["token"], name="order_token_once"),
            models.UniqueConstraint(
                fields=["cart_token"],
                name="order_once_per_cart",
                condition=Q(status__in=("pending", "placed", "processing", "part_shipped", "shipped")),
            ),
            models.CheckConstraint(
                name="order_refund_within_total",
                condition=Q(refunded_minor__gte=0) & Q(refunded_minor__lte=F("total_minor")),
            ),
        ]
        indexes = [models.Index(fields=["-placed_at", "-id"], name="order_recent")]

    def __str__(self) -> str:
        return self.number


_PARTS_WITHIN = Func(
    F("parts"),
    Value("$[*] ? (@.back > @.pieces * $apart)"),
    Func(Value("apart"), Coalesce(F("apart"), 0), function="jsonb_build_object"),
    arg_joiner=", ",
    template="NOT jsonb_path_exists(%(expressions)s)",
    output_field=models.BooleanField(),
)


class OrderLine(models.Model):
    """Amounts are for the whole line: ``paid`` = wholesale + margin + fee + tax − funded, as a database fact.

    ``retail_minor`` is price × quantity as shown, ``discount_minor`` what is taken off it; with tax on top,
    paid = retail − discount + tax, else paid = retail − discount. ``funded_minor`` of the discount is borne by S,
    the rest has lowered the margin. ``tax_bps``: the tax's rate. NULL: none, or from before it was noted.
    A margin may be negative only where the shop chose a price below its cost inside S's band.
    ``refunded``: pieces whose money went back; ``returned`` of them (NULL: none) had been sent.

    ``service``: NULL for goods. Of a service booked with goods ``{"option", "kind", "goods": the variant it goes with}``:
    nothing of it is picked, sent or returned; its wholesale price is what S gets for having it done.
    ``parts``: what is in one piece of a bundle, ``[{"variant", "pieces", "worth": wholesale price of each at sale,
    "back": pieces that went back singly}]``; NULL: no bundle, or sold before it was noted. ``apart``: bundles of which
    some parts went back and some did not (NULL: none); once all did, they are ``refunded``. See ADR 0029.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(
        Product, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    variant = models.ForeignKey(
        Variant, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    sku = models.CharField(max_length=60)
    title = models.CharField(max_length=160)
    label = models.CharField(max_length=120, blank=True)
    quantity = models.PositiveIntegerField()
    unit_minor = models.BigIntegerField()
    retail_minor = models.BigIntegerField()
    wholesale_minor = models.BigIntegerField()
    margin_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField(null=True)
    funded_minor = models.BigIntegerField(null=True)
    tax_bps = models.PositiveIntegerField(null=True)
    shipped = models.PositiveIntegerField(default=0)
    refunded = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(null=True)
    service = models.JSONField(null=True)
    parts = models.JSONField(null=True)
    apart = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="order_line_split_is_all",
                condition=Q(
                    paid_minor=F("wholesale_minor")
                    + F("margin_minor")
                    + F("fee_minor")
                    + F("tax_minor")
                    - Coalesce(F("funded_minor"), 0)
                ),
            ),
            models.CheckConstraint(
                name="order_line_funded_within_discount",
                condition=Q(funded_minor__isnull=True)
                | (Q(funded_minor__gte=0) & Q(funded_minor__lte=F("discount_minor"))),
            ),
            models.CheckConstraint(
                name="order_line_adds_up",
                condition=Q(quantity__gt=0) & Q(shipped__lte=F("quantity")) & Q(refunded__lte=F("quantity")),
            ),
            models.CheckConstraint(
                name="order_line_apart_within",
                condition=Q(apart__isnull=True)
                | (
                    Q(apart__lte=F("quantity") - F("refunded"))
                    & Q(apart__lte=F("shipped") - Coalesce(F("returned"), 0))
                ),
            ),
            # Of no part more went back than is in the bundles that were taken apart.
            models.CheckConstraint(name="order_line_parts_within", condition=Q(parts__isnull=True) | Q(_PARTS_WITHIN)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"

    @property
    def unsent(self) -> int:
        """Pieces still to be sent: neither on their way nor refunded before they left."""
        if self.service is not None:
            return 0
        return max(0, self.quantity - self.shipped - self.refunded + (self.returned or 0))

    @property
    def with_customer(self) -> int:
        """Pieces that were sent and whose money has not gone back, whole or not."""
        return min(self.shipped - (self.returned or 0), self.quantity - self.refunded)

    @property
    def received(self) -> int:
        """Pieces that were sent and whose money has not gone back; of bundles those of which nothing has."""
        return self.with_customer - (self.apart or 0)


class OrderEvent(models.Model):
    """One step on the order's timeline. ``public``: c sees it too."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=30)
    public = models.BooleanField(default=True)
    data = models.JSONField(default=dict)
    actor = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.kind
