"""What goes in and comes out of the API for stock and fulfilment, as drf-spectacular writes it down."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s
from rest_framework.request import Request

from s2b2c.api import ground
from s2b2c.kernel.errors import Refused
from supplier.models import FulfilmentOrder, SalesOrder

MOST_PIECES = 1_000_000
MOST_LINES = 200


# --- Stock -----------------------------------------------------------------------------------------
class LevelAt(s.Serializer[Any]):
    warehouse = s.CharField(help_text="Code.")
    free = s.IntegerField(help_text="Can be sold.")
    held = s.IntegerField(help_text="Kept for orders.")
    on_hand = s.IntegerField(help_text="Free and held together.")


class StockOf(s.Serializer[Any]):
    sku = s.CharField()
    barcode = s.CharField()
    free = s.IntegerField()
    held = s.IntegerField()
    on_hand = s.IntegerField()
    warehouses = LevelAt(many=True)
    bundle = s.BooleanField(help_text="It has no stock of its own: free are as many as its parts allow.")


class StockQuery(s.Serializer[Any]):
    sku = s.CharField(required=False, max_length=60, help_text="Only SKUs that begin so.")
    warehouse = s.CharField(required=False, max_length=12, help_text="Code: only variants that lie there.")


class PiecesIn(s.Serializer[Any]):
    sku = s.CharField(max_length=60)
    quantity = s.IntegerField(min_value=1, max_value=MOST_PIECES)


class SignedPiecesIn(s.Serializer[Any]):
    sku = s.CharField(max_length=60)
    quantity = s.IntegerField(min_value=-MOST_PIECES, max_value=MOST_PIECES, help_text="More, or (negative) fewer.")


class ReceiptIn(s.Serializer[Any]):
    warehouse = s.CharField(max_length=12, help_text="Code.")
    reference = s.CharField(max_length=160, required=False, allow_blank=True, default="", help_text="Delivery note.")
    lines = PiecesIn(many=True, allow_empty=False, max_length=MOST_LINES)  # type: ignore[call-arg]


class AdjustmentIn(s.Serializer[Any]):
    warehouse = s.CharField(max_length=12, help_text="Code.")
    reason = s.CharField(max_length=160)
    lines = SignedPiecesIn(many=True, allow_empty=False, max_length=MOST_LINES)  # type: ignore[call-arg]


class MovementMade(s.Serializer[Any]):
    id = s.IntegerField()
    sku = s.CharField()
    warehouse = s.CharField()
    quantity = s.IntegerField()
    kind = s.CharField()
    reason = s.CharField()
    at = s.DateTimeField()


class Movements(s.Serializer[Any]):
    items = MovementMade(many=True)


# --- Fulfilment ------------------------------------------------------------------------------------
class FulfilmentLine(s.Serializer[Any]):
    id = s.IntegerField(help_text="Names the line in shipments.")
    sku = s.CharField()
    barcode = s.CharField()
    title = s.CharField()
    quantity = s.IntegerField()
    picked = s.IntegerField()
    shipped = s.IntegerField()
    cancelled = s.IntegerField(help_text="Reported short, or refunded before it left.")
    waiting = s.IntegerField(help_text="Not in stock: kept for this order as soon as it comes.")
    bundle = s.CharField(allow_null=True, help_text="SKU of the bundle these pieces are part of; it is sent whole.")
    per_bundle = s.IntegerField(help_text="Pieces in one bundle.")


class ShipmentLine(s.Serializer[Any]):
    line = s.IntegerField()
    quantity = s.IntegerField()


class Shipment(s.Serializer[Any]):
    number = s.CharField()
    fulfilment_order = s.CharField()
    carrier = s.CharField()
    tracking = s.CharField()
    tracking_url = s.CharField()
    shipped_at = s.DateTimeField()
    lines = ShipmentLine(many=True)


class Recipient(s.Serializer[Any]):
    name = s.CharField()
    street = s.CharField()
    postcode = s.CharField()
    city = s.CharField()
    region = s.CharField()
    country = s.CharField()
    phone = s.CharField()
    email = s.CharField()


class Fulfilment(s.Serializer[Any]):
    number = s.CharField()
    state = s.ChoiceField(FulfilmentOrder.State.choices)
    warehouse = s.CharField(help_text="Code.")
    reseller = s.CharField(help_text="Address of the shop.")
    order_number = s.CharField()
    method = s.CharField(help_text="card, or cod: to be collected on delivery.")
    collect_minor = s.IntegerField(help_text="What the carrier is to collect for the whole order; 0 unless cod.")
    currency = s.CharField()
    held_by = s.CharField(help_text="shop or supplier, who asked that it stands still; else empty.")
    held_reason = s.CharField()
    recipient = Recipient()
    created_at = s.DateTimeField()
    picking_at = s.DateTimeField(allow_null=True)
    packed_at = s.DateTimeField(allow_null=True)
    shipped_at = s.DateTimeField(allow_null=True)
    lines = FulfilmentLine(many=True)
    shipments = Shipment(many=True)


class FulfilmentQuery(s.Serializer[Any]):
    state = s.ChoiceField(FulfilmentOrder.State.choices, required=False)
    warehouse = s.CharField(required=False, max_length=12, help_text="Code.")
    updated_since = s.DateTimeField(required=False, help_text="Only those something happened to since.")


class ShipmentLineIn(s.Serializer[Any]):
    line = s.IntegerField(**ground.ID, help_text="Id of the fulfilment order's line.")
    quantity = s.IntegerField(min_value=1, max_value=MOST_PIECES)


class ShipmentIn(s.Serializer[Any]):
    carrier = s.CharField(max_length=60)
    tracking = s.CharField(max_length=60, required=False, allow_blank=True, default="")
    tracking_url = s.URLField(max_length=300, required=False, allow_blank=True, default="")
    lines = ShipmentLineIn(  # type: ignore[call-arg]
        many=True,
        required=False,
        allow_empty=False,
        max_length=MOST_LINES,
        help_text="Without it: everything that is left.",
    )

    def validate_lines(self, lines: list[dict[str, int]]) -> list[dict[str, int]]:
        return once_each(lines)


class HoldIn(s.Serializer[Any]):
    reason = s.CharField(max_length=160, help_text="The shop sees it.")


class ShortageIn(s.Serializer[Any]):
    reason = s.CharField(max_length=160)
    write_off = s.BooleanField(required=False, default=False, help_text="They leave stock too.")
    wait = s.BooleanField(required=False, default=False, help_text="More will come: the order waits for them.")
    expected_on = s.DateField(required=False, allow_null=True, default=None)
    lines = ShipmentLineIn(many=True, allow_empty=False, max_length=MOST_LINES)  # type: ignore[call-arg]

    def validate_lines(self, lines: list[dict[str, int]]) -> list[dict[str, int]]:
        return once_each(lines)


class CashItemIn(s.Serializer[Any]):
    reference = s.CharField(max_length=60, help_text="The order's, a parcel's or a tracking number.")
    outcome = s.ChoiceField(SalesOrder.Cash.choices)


class CashIn(s.Serializer[Any]):
    items = CashItemIn(many=True, allow_empty=False, max_length=MOST_LINES)  # type: ignore[call-arg]


class CashItem(s.Serializer[Any]):
    reference = s.CharField()
    outcome = s.CharField()
    booked = s.BooleanField()
    order_number = s.CharField()
    code = s.CharField(help_text="Empty, or why it was not booked.")
    message = s.CharField()


class CashBooked(s.Serializer[Any]):
    items = CashItem(many=True)


def once_each(lines: list[dict[str, int]]) -> list[dict[str, int]]:
    """Refuse a line that is named twice."""
    if len({line["line"] for line in lines}) < len(lines):
        raise s.ValidationError(_("Each line may be named once."))
    return lines


def key_of(request: Request) -> str:
    """Give the Idempotency-Key, which this write can't do without.

    :raises Refused: there is none.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        raise Refused(
            "idempotency_key",
            _("Send an Idempotency-Key: what leaves can't leave twice."),
            field="Idempotency-Key",
            status=400,
        )
    return str(key)


def described(summary: str, answer: Any, *, body: Any = None, status: int = 200, parameters: Any = ()) -> Any:
    """Write a method of the supplier's API down for the schema; only what has a body can meet a conflict."""
    refusals = (400, 401, 403, 404, *((409,) if body is not None else ()), 422, 429)
    return ground.described(summary, answer, refusals=refusals, body=body, status=status, parameters=parameters)
