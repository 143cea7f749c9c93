"""S's side of a shop's order: what to serve, from where, and what left."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from s2b2c.tenancy.models import Reseller
from supplier.models.catalogue import Variant
from supplier.models.stock import Reservation, Warehouse


class SalesOrder(models.Model):
    """An order of a shop as S took it over, with the split frozen at sale (minor units).

    ``funded``: the part of the discount S bears. ``fee_tax``: the fee's own tax, inside the fee.
    ``shipping_funded``: delivery c need not pay, borne by ``shipping_funder``: ``b`` or ``s``.
    ``cash``: what became of the cash of an order paid on delivery; empty until the carrier says.
    ``return_days``, ``reserve_bps`` and ``agreed`` (more of them, by name) are frozen from the terms at sale. ``due_at``: from when on its margin may be
    paid out; ``payout_held``: some ``PayoutHold`` keeps it back beyond that. An open return does, too.
    ``held_by``: who asked that nothing of it is picked or sent for now; empty: nobody.
    ``services``: what was booked with the goods, as told (``SoldService``); ``service``: what S gets for them. They are in
    ``margin``, ``fee`` and ``tax``, and on no line.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        PART_SHIPPED = "part_shipped", _("Part shipped")
        SHIPPED = "shipped", _("Shipped")
        CANCELLED = "cancelled", _("Cancelled")

    class HeldBy(models.TextChoices):
        SHOP = "shop", _("The shop")
        SUPPLIER = "supplier", _("The supplier")

    class Cash(models.TextChoices):
        COLLECTED = "collected", _("Collected")
        REFUSED = "refused", _("Refused at the door")

    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+", db_index=False)
    order_number = models.CharField(max_length=12)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    method = models.CharField(max_length=8)
    currency = models.CharField(max_length=3)
    captured_minor = models.BigIntegerField()
    wholesale_minor = models.BigIntegerField()
    margin_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField()
    funded_minor = models.BigIntegerField(default=0)
    fee_tax_minor = models.BigIntegerField(default=0)
    shipping_funded_minor = models.BigIntegerField(default=0)
    shipping_funder = models.CharField(max_length=1, blank=True, default="")
    service_minor = models.BigIntegerField(default=0, db_default=0)
    services = models.JSONField(null=True)
    refunded_minor = models.BigIntegerField(default=0)
    units = models.PositiveIntegerField()
    recipient = models.JSONField()
    recipient_name = models.CharField(max_length=120)
    language = models.CharField(max_length=10)
    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    cash = models.CharField(max_length=10, choices=Cash.choices, blank=True)
    cash_at = models.DateTimeField(null=True)
    return_days = models.PositiveSmallIntegerField(default=14)
    reserve_bps = models.PositiveIntegerField(default=0)
    agreed = models.JSONField(default=dict)
    payment_intent = models.CharField(max_length=80, blank=True, default="", db_default="")
    due_at = models.DateTimeField(null=True)
    payout_held = models.BooleanField(default=False)
    held_by = models.CharField(max_length=8, choices=HeldBy.choices, blank=True)
    held_reason = models.CharField(max_length=160, blank=True)
    held_at = models.DateTimeField(null=True)
    placed_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            # Found by its number too, whole or its beginning.
            models.UniqueConstraint(
                fields=["order_number", "reseller"],
                name="sales_order_once",
                opclasses=["varchar_pattern_ops", "int8_ops"],
            ),
            models.CheckConstraint(
                name="sales_order_split_is_all",
                condition=Q(
                    captured_minor=F("wholesale_minor")
                    + F("service_minor")
                    + F("margin_minor")
                    + F("fee_minor")
                    + F("tax_minor")
                    + F("shipping_minor")
                    - F("funded_minor")
                ),
            ),
            models.CheckConstraint(
                name="sales_order_parts_are_parts",
                condition=Q(funded_minor__gte=0)
                & Q(shipping_funded_minor__gte=0)
                & Q(fee_tax_minor__gte=0)
                & Q(fee_tax_minor__lte=F("fee_minor")),
            ),
            models.CheckConstraint(
                name="sales_order_refund_within_paid",
                condition=Q(refunded_minor__gte=0) & Q(refunded_minor__lte=F("captured_minor")),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-placed_at", "-id"], name="sales_order_status"),
            models.Index(fields=["-placed_at", "-id"], name="sales_order_recent"),
            models.Index(fields=["reseller", "-placed_at"], name="sales_order_reseller"),
            models.Index(fields=["-placed_at", "-id"], name="sales_order_cash", condition=Q(method="cod", cash="")),
            models.Index(
                fields=["id"],
                name="sales_order_to_be_due",
                condition=Q(due_at__isnull=True, status__in=("shipped", "cancelled")),
            ),
            GinIndex(fields=["recipient_name"], name="sales_order_name", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.order_number

    @property
    def to_collect_minor(self) -> int:
        """What the carrier brings of an order paid on delivery, after what was taken off it."""
        return self.captured_minor - self.refunded_minor if self.method == "cod" else 0


class SalesLine(models.Model):
    """A line of a shop's order as sold; amounts are for the whole line, ``warranty_months`` as promised then."""

    order = models.ForeignKey(SalesOrder, on_delete=models.CASCADE, related_name="lines", db_index=False)
    line_id = models.BigIntegerField()
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.PositiveIntegerField()
    wholesale_minor = models.BigIntegerField()
    margin_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    retail_minor = models.BigIntegerField()
    funded_minor = models.BigIntegerField(default=0)
    tax_bps = models.PositiveIntegerField(null=True)
    discount_minor = models.BigIntegerField(default=0)
    warranty_months = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "line_id"], name="sales_line_once"),
            # The target of the composite foreign key that keeps a fulfilment line to the variant sold.
            models.UniqueConstraint(fields=["variant", "id"], name="sales_line_variant"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id}"


class SalesRefund(models.Model):
    """A refund as its shop granted it: ``granted`` is the event's whole content, line by line; its journal is ``key``."""

    order = models.ForeignKey(SalesOrder, on_delete=models.CASCADE, related_name="refunds")
    key = models.CharField(max_length=120, unique=True)
    granted = models.JSONField()

    def __str__(self) -> str:
        return self.key


class FulfilmentOrder(models.Model):
    """What one warehouse has to send for one order."""

    class State(models.TextChoices):
        QUEUED = "queued", _("To pick")
        PICKING = "picking", _("Picking")
        PACKED = "packed", _("Packed")
        PART_SHIPPED = "part_shipped", _("Part shipped")
        SHIPPED = "shipped", _("Shipped")
        CANCELLED = "cancelled", _("Cancelled")

    number = models.CharField(max_length=12)
    order = models.ForeignKey(SalesOrder, on_delete=models.PROTECT, related_name="fulfilments", db_index=False)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()
    picking_at = models.DateTimeField(null=True)
    packed_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Found by the beginning of its number too.
            models.UniqueConstraint(fields=["number"], name="fulfilment_number", opclasses=["varchar_pattern_ops"]),
            models.UniqueConstraint(fields=["order", "warehouse"], name="fulfilment_once_per_warehouse"),
        ]
        indexes = [
            models.Index(fields=["warehouse", "state", "created_at"], name="fulfilment_queue"),
            models.Index(fields=["assignee"], name="fulfilment_assignee", condition=Q(assignee__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number


class FulfilmentLine(models.Model):
    """Pieces of one line to send from one warehouse.

    The database holds them to a line sold of ``variant``, or of ``bundle`` and then to what is in that: see ADR 0020.
    ``waiting``: of those still to be sent, pieces that are not in stock; they are kept for it as soon as they come.
    What is in a bundle has a line each: ``variant`` is the part, ``per`` its pieces in one ``bundle``, and the first of
    them is the ``lead``: its numbers, divided by ``per``, are the bundle's. Bundles are sent and cancelled whole.
    ``returned``: of the pieces that were sent, those taken back or made good by a return.
    """

    fulfilment = models.ForeignKey(FulfilmentOrder, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(SalesLine, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    variant = models.ForeignKey(
        Variant, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    quantity = models.PositiveIntegerField()
    picked = models.PositiveIntegerField(default=0)
    shipped = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0, db_default=0)
    bundle = models.ForeignKey(
        "supplier.Bundle",
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    per = models.PositiveSmallIntegerField(default=1, db_default=1)
    lead = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="fulfilment_line_adds_up",
                condition=Q(quantity__gte=F("shipped") + F("cancelled")) & Q(quantity__gte=F("picked")),
            ),
            models.CheckConstraint(
                name="fulfilment_line_waits_within",
                condition=Q(quantity__gte=F("shipped") + F("cancelled") + F("waiting")),
            ),
            models.CheckConstraint(name="fulfilment_line_returned_within", condition=Q(returned__lte=F("shipped"))),
        ]
        indexes = [
            models.Index(fields=["variant", "id"], name="fulfilment_line_waiting", condition=Q(waiting__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id}"

    @property
    def left(self) -> int:
        """Pieces that can be sent now: those still to be sent, less those that wait for stock."""
        return self.quantity - self.shipped - self.cancelled - self.waiting

    @property
    def units(self) -> int:
        """Give how many of what was sold: pieces, or bundles that these are part of."""
        return self.quantity // self.per

    @property
    def units_shipped(self) -> int:
        return self.shipped // self.per

    @property
    def units_cancelled(self) -> int:
        return self.cancelled // self.per


# A day as the place it went to counts it may begin before the UTC day on which the parcel left.
_DAY_BEFORE = Func(
    F("shipped_at"), template="((%(expressions)s AT TIME ZONE 'UTC')::date - 1)", output_field=models.DateField()
)


class Shipment(models.Model):
    """A parcel that left. ``delivered_on``: the day it came, once ``said_by`` somebody; NULL: nobody said so."""

    class SaidBy(models.TextChoices):
        SUPPLIER = "supplier", _("Supplier")
        CARRIER = "carrier", _("Carrier")
        CUSTOMER = "customer", _("Customer")

    number = models.CharField(max_length=12, unique=True)
    fulfilment = models.ForeignKey(FulfilmentOrder, on_delete=models.PROTECT, related_name="shipments")
    carrier = models.CharField(max_length=60)
    tracking = models.CharField(max_length=60, blank=True)
    tracking_url = models.CharField(max_length=300, blank=True)
    request_key = models.CharField(max_length=80, unique=True)
    shipped_at = models.DateTimeField()
    delivered_on = models.DateField(null=True)
    said_by = models.CharField(max_length=8, choices=SaidBy.choices, blank=True, default="", db_default="")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="shipment_delivered_after_it_left",
                condition=Q(delivered_on__isnull=True, said_by="")
                | (Q(delivered_on__gte=_DAY_BEFORE) & ~Q(said_by="")),
            ),
        ]
        indexes = [models.Index(fields=["tracking"], name="shipment_tracking", condition=~Q(tracking=""))]

    def __str__(self) -> str:
        return self.number


class ShipmentLine(models.Model):
    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines")
    fulfilment_line = models.ForeignKey(FulfilmentLine, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.quantity}"


class OrderNote(models.Model):
    """One step of an order's history at S, or a comment of its staff."""

    order = models.ForeignKey(SalesOrder, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=30)
    text = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "-at"], name="order_note_kind"),
            models.Index(fields=["actor"], name="order_note_actor", condition=Q(actor__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.kind
