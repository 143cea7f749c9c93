"""Fulfilment orders for a warehouse system: read them, begin to pick, pack, report what is missing."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from s2b2c.api import ground
from s2b2c.api.idempotency import idempotent
from s2b2c.kernel import texts
from supplier.models import FulfilmentLine, FulfilmentOrder, Shipment
from supplier.selectors import fulfilment
from supplier.services import backorders, changes, picking, shortage
from supplier.web.api import shapes_operations as shapes

_INSTANTS = ("created_at", "picking_at", "packed_at", "shipped_at")
_RECIPIENT = ("name", "street", "postcode", "city", "region", "country", "phone", "email")


def shown(each: FulfilmentOrder) -> dict[str, Any]:
    """Give a fulfilment order as JSON; what anything costs is not in it."""
    return {
        "number": each.number,
        "state": each.state,
        "warehouse": each.warehouse.code,
        "reseller": each.order.reseller.slug,
        "order_number": each.order.order_number,
        "method": each.order.method,
        "collect_minor": each.order.to_collect_minor,
        "currency": each.order.currency,
        "held_by": each.order.held_by,
        "held_reason": each.order.held_reason,
        "recipient": {name: each.order.recipient.get(name, "") for name in _RECIPIENT},
        **{name: getattr(each, name) for name in _INSTANTS},
        "lines": [_line(line) for line in each.lines.all()],
        "shipments": [parcel(shipment, each.number) for shipment in each.shipments.all()],
    }


def _line(line: FulfilmentLine) -> dict[str, Any]:
    variant = line.variant
    title = f"{texts.local(variant.product, 'name')} {texts.local(variant, 'label')}".strip()
    facts = {name: getattr(line, name) for name in ("id", "quantity", "picked", "shipped", "cancelled", "waiting")}
    of = (
        {"bundle": line.line.variant.sku, "per_bundle": line.per}
        if line.bundle_id
        else {"bundle": None, "per_bundle": 1}
    )
    return {**facts, "sku": variant.sku, "barcode": variant.barcode, "title": title, **of}


def parcel(shipment: Shipment, number: str) -> dict[str, Any]:
    """Give a shipment as JSON."""
    facts = {name: getattr(shipment, name) for name in ("number", "carrier", "tracking", "tracking_url", "shipped_at")}
    lines = [{"line": row.fulfilment_line_id, "quantity": row.quantity} for row in shipment.lines.all()]
    return {**facts, "fulfilment_order": number, "lines": lines}


def _rows() -> QuerySet[FulfilmentOrder]:
    lines = FulfilmentLine.objects.select_related("variant__product", "line__variant").order_by("id")
    parcels = Shipment.objects.prefetch_related("lines").order_by("id")
    rows = FulfilmentOrder.objects.select_related("order__reseller", "warehouse")
    return rows.prefetch_related(Prefetch("lines", lines), Prefetch("shipments", parcels))


class FulfilmentOrders(ListAPIView):
    """All fulfilment orders, the oldest first."""

    required_scopes = {"GET": "fulfilment:read"}
    ordering = ("pk",)
    serializer_class = shapes.Fulfilment
    queryset = FulfilmentOrder.objects.none()

    @shapes.described(
        "Fulfilment orders, the oldest first", shapes.Fulfilment(many=True), parameters=[shapes.FulfilmentQuery]
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = ground.query(shapes.FulfilmentQuery, request)
        rows = _rows()
        if "state" in asked:
            rows = fulfilment.in_state(rows, [asked["state"]])
        if "warehouse" in asked:
            rows = rows.filter(warehouse__code=asked["warehouse"])
        if "updated_since" in asked:
            rows = fulfilment.touched_since(rows, asked["updated_since"])
        return self.get_paginated_response([shown(each) for each in self.paginate_queryset(rows) or ()])


class OneFulfilmentOrder(APIView):
    """One fulfilment order."""

    required_scopes = {"GET": "fulfilment:read"}

    @shapes.described("One fulfilment order", shapes.Fulfilment)
    def get(self, request: Request, number: str) -> Response:
        return ground.answer(shapes.Fulfilment, shown(fulfilment.find(number)))


class Picking(APIView):
    """The start of picking."""

    required_scopes = {"POST": "fulfilment:write"}

    @shapes.described("Begin to pick: the shop can no longer cancel. Again: nothing more", shapes.Fulfilment, body={})
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        picking.start_picking(number=number, actor_id=None)
        return ground.answer(shapes.Fulfilment, shown(fulfilment.find(number)))


class Packing(APIView):
    """The box is closed."""

    required_scopes = {"POST": "fulfilment:write"}

    @shapes.described("Say that it is packed. Again: nothing more", shapes.Fulfilment, body={})
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        picking.pack(number=number, actor_id=None)
        return ground.answer(shapes.Fulfilment, shown(fulfilment.find(number)))


class Shortages(APIView):
    """What can't be sent."""

    required_scopes = {"POST": "fulfilment:write"}

    @shapes.described(
        "Report pieces that can't be sent; the shop refunds them", shapes.Fulfilment, body=shapes.ShortageIn
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        shapes.key_of(request)
        told = ground.valid(shapes.ShortageIn, request.data)
        pieces = {line["line"]: line["quantity"] for line in told["lines"]}
        facts: dict[str, Any] = {"number": number, "pieces": pieces, "reason": told["reason"], "actor_id": None}
        if told["wait"]:
            backorders.delay(**facts, expected_on=told["expected_on"])
        else:
            shortage.report_short(**facts, write_off=told["write_off"])
        return ground.answer(shapes.Fulfilment, shown(fulfilment.find(number)))


class Hold(APIView):
    """The halt of an order: nothing of it is picked or sent."""

    required_scopes = {"POST": "fulfilment:write", "DELETE": "fulfilment:write"}

    @shapes.described(
        "Stop the order of a fulfilment order. Again: nothing more", shapes.Fulfilment, body=shapes.HoldIn
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        shapes.key_of(request)
        reason = ground.valid(shapes.HoldIn, request.data)["reason"]
        order = fulfilment.find(number).order
        changes.hold_at_supplier(slug=order.reseller.slug, number=order.order_number, reason=reason, actor_id=None)
        return ground.answer(shapes.Fulfilment, shown(fulfilment.find(number)))

    @shapes.described("Let the order go on. Again: nothing more", shapes.Fulfilment)
    @idempotent
    def delete(self, request: Request, number: str) -> Response:
        order = fulfilment.find(number).order
        changes.resume_at_supplier(slug=order.reseller.slug, number=order.order_number, actor_id=None)
        return ground.answer(shapes.Fulfilment, shown(fulfilment.find(number)))
