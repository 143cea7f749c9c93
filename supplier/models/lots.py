"""Lots: which pieces of a variant came together, where they lie, and into which parcels they went. See docs/adr on quality.

The database guards them: movements are only added and make the number of pieces; a lot that is not free sends nothing.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from s2b2c.tenancy.models import Reseller
from supplier.models.catalogue import Variant
from supplier.models.fulfilment import FulfilmentLine, SalesOrder, Shipment
from supplier.models.stock import Warehouse


class Lot(models.Model):
    """Pieces of one variant that were made or delivered together, by the ``code`` printed on them.

    ``serial``: a single piece with a number of its own. ``source``: what brought it, as ``purchase:<number>``.
    Only what is ``free`` is picked and sent; in every other state its pieces lie in quarantine, for all shops at once.
    """

    class State(models.TextChoices):
        CHECKING = "checking", _("To be inspected")
        FREE = "free", pgettext_lazy("lot", "Free")
        HELD = "held", pgettext_lazy("lot", "Held")
        RECALLED = "recalled", _("Recalled")

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="lots", db_index=False)
    code = models.CharField(max_length=40)
    serial = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.FREE)
    made_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    source = models.CharField(max_length=80, blank=True)
    held_reason = models.CharField(max_length=160, blank=True)
    held_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["variant", "code"], name="lot_once"),
            models.CheckConstraint(name="lot_has_a_code", condition=~Q(code="")),
        ]
        indexes = [
            models.Index(fields=["code"], name="lot_code"),
            models.Index(fields=["expires_on"], name="lot_expires", condition=Q(state="free")),
            models.Index(fields=["id"], name="lot_not_free", condition=~Q(state="free")),
        ]

    def __str__(self) -> str:
        return self.code


class LotStock(models.Model):
    """Pieces of a lot in a warehouse, the sum of its movements there; ``aside``: of those, in quarantine.

    ``pieces`` is kept by the database as movements are added; nothing else can change it.
    """

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="places", db_index=False)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+", db_index=False)
    pieces = models.IntegerField(default=0)
    aside = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "warehouse"], name="lot_stock_once"),
            models.CheckConstraint(
                name="lot_stock_adds_up", condition=Q(pieces__gte=0, aside__gte=0, aside__lte=F("pieces"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pieces} of {self.lot_id}"


class LotMovement(models.Model):
    """Pieces of a lot that came to a warehouse or left it. Only added."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Receipt")
        SHIPMENT = "shipment", _("Shipment")
        RETURN = "return", _("Return")
        TRANSFER = "transfer", _("Transfer")
        CORRECTION = "correction", pgettext_lazy("lot", "Correction")
        SCRAP = "scrap", _("Scrapped")

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="movements", db_index=False)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.IntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    cause = models.CharField(max_length=80, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="lot_movement_moves", condition=~Q(quantity=0))]
        indexes = [
            models.Index(fields=["lot", "-id"], name="lot_movement_of_lot"),
            models.Index(fields=["cause"], name="lot_movement_transfer", condition=Q(kind="transfer")),
        ]

    def __str__(self) -> str:
        return f"{self.quantity:+d} {self.lot_id}"


class LotPick(models.Model):
    """Pieces of a lot taken for a line of a fulfilment order, and the parcel they left in; none yet: in the tote.

    What follows ``shipment`` is the parcel's, kept here so that a lot leads to its shops without reading each parcel.
    ``serial`` is the lot's, written by the database: a piece with a number lies in one tote.
    """

    line = models.ForeignKey(FulfilmentLine, on_delete=models.CASCADE, related_name="lots")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="picks", db_index=False)
    quantity = models.PositiveIntegerField()
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, null=True, related_name="lots")
    order = models.ForeignKey(SalesOrder, on_delete=models.PROTECT, null=True, related_name="lots")
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    order_number = models.CharField(max_length=12, blank=True)
    parcel = models.CharField(max_length=12, blank=True)
    sent_at = models.DateTimeField(null=True)
    serial = models.BooleanField(default=False, db_default=models.Value(False), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="lot_pick_of_one_piece", condition=Q(serial=False) | Q(quantity=1)),
            models.UniqueConstraint(
                fields=["lot"], condition=Q(shipment=None, serial=True), name="serial_in_one_tote"
            ),
            models.CheckConstraint(name="lot_pick_of_something", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="lot_pick_sent_for_an_order",
                condition=Q(shipment=None, order=None, reseller=None, sent_at=None)
                | Q(shipment__isnull=False, order__isnull=False, reseller__isnull=False, sent_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["lot", "-shipment"], name="lot_pick_trace"),
            models.Index(fields=["lot"], name="lot_pick_open", condition=Q(shipment=None)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.lot_id}"
