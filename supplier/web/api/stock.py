"""Stock for an ERP or a warehouse system: read levels, book receipts and corrections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from s2b2c.api import ground
from s2b2c.api.idempotency import idempotent
from s2b2c.kernel.errors import Refused
from supplier.models import Movement, Variant, Warehouse
from supplier.selectors import stock
from supplier.services import stock as services
from supplier.web.api import shapes_operations as shapes


def shown(variant: Variant, codes: dict[int, str]) -> dict[str, Any]:
    """Give a variant's stock as JSON."""
    levels = [(codes[place], level) for place, level in stock.levels(variant).items() if place in codes]
    total = stock.total(variant)
    return {
        "sku": variant.sku,
        "barcode": variant.barcode,
        **_pieces(total),
        "free": stock.free(variant),
        "bundle": stock.is_bundle(variant),
        "warehouses": [
            {"warehouse": code, **_pieces(level)} for code, level in sorted(levels, key=lambda pair: pair[0])
        ],
    }


def _pieces(level: stock.Level) -> dict[str, int]:
    return {"free": level.free, "held": level.held, "on_hand": level.on_hand}


def _codes() -> dict[int, str]:
    return dict(Warehouse.objects.values_list("pk", "code"))


class Stock(ListAPIView):
    """Levels of all variants, by page."""

    required_scopes = {"GET": "stock:read"}
    ordering = ("pk",)
    serializer_class = shapes.StockOf
    queryset = Variant.objects.none()

    @shapes.described("Stock of every variant", shapes.StockOf(many=True), parameters=[shapes.StockQuery])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = ground.query(shapes.StockQuery, request)
        rows: QuerySet[Variant] = stock.listed()
        if "sku" in asked:
            rows = rows.filter(sku__startswith=asked["sku"])
        if "warehouse" in asked:
            rows = rows.filter(pk__in=Variant.objects.filter(stock__warehouse__code=asked["warehouse"]).values("pk"))
        page, codes = self.paginate_queryset(rows), _codes()
        return self.get_paginated_response([shown(variant, codes) for variant in page or ()])


class StockOfOne(APIView):
    """Levels of one variant."""

    required_scopes = {"GET": "stock:read"}

    @shapes.described("Stock of one variant", shapes.StockOf)
    def get(self, request: Request, sku: str) -> Response:
        return ground.answer(shapes.StockOf, shown(stock.by_sku(sku), _codes()))


class Receipts(APIView):
    """Pieces that arrived."""

    required_scopes = {"POST": "stock:write"}

    @shapes.described(
        "Book pieces that arrived: all lines or none", shapes.Movements, body=shapes.ReceiptIn, status=201
    )
    @idempotent
    def post(self, request: Request) -> Response:
        told = ground.valid(shapes.ReceiptIn, request.data)
        return _booked(request, told, services.receive, told["reference"])


class Adjustments(APIView):
    """Corrections of what is on hand."""

    required_scopes = {"POST": "stock:write"}

    @shapes.described(
        "Correct what is on hand: all lines or none", shapes.Movements, body=shapes.AdjustmentIn, status=201
    )
    @idempotent
    def post(self, request: Request) -> Response:
        told = ground.valid(shapes.AdjustmentIn, request.data)
        return _booked(request, told, services.adjust, told["reason"])


def _booked(request: Request, told: dict[str, Any], book: Callable[..., Movement], reason: str) -> Response:
    """Book every line, in one order of locks. Call inside a transaction."""
    warehouse = Warehouse.objects.filter(code=told["warehouse"]).first()
    if warehouse is None:
        raise Refused(
            "warehouse", _("There is no warehouse “%(code)s”.") % {"code": told["warehouse"]}, field="/warehouse"
        )
    variants = Variant.objects.in_bulk({line["sku"] for line in told["lines"]}, field_name="sku")
    made = []
    for index, line in sorted(enumerate(told["lines"]), key=lambda pair: (pair[1]["sku"], pair[0])):
        variant = variants.get(line["sku"])
        if variant is None:
            raise Refused("sku", _("There is no SKU “%(sku)s”.") % {"sku": line["sku"]}, field=f"/lines/{index}/sku")
        made.append((variant.sku, _book(request, book, variant, warehouse, line["quantity"], reason, index)))
    items = [_movement(sku, warehouse, movement) for sku, movement in made]
    return ground.answer(shapes.Movements, {"items": items}, 201)


def _book(
    request: Request,
    book: Callable[..., Movement],
    variant: Variant,
    warehouse: Warehouse,
    quantity: int,
    reason: str,
    index: int,
) -> Movement:
    cause = f"api:{request.auth.prefix}"  # type: ignore[union-attr]
    try:
        return book(variant_id=variant.pk, warehouse_id=warehouse.pk, quantity=quantity, reason=reason, cause=cause)
    except Refused as refusal:
        refusal.field = "/reason" if refusal.field == "reason" else f"/lines/{index}/{refusal.field or 'quantity'}"
        raise


def _movement(sku: str, warehouse: Warehouse, movement: Movement) -> dict[str, Any]:
    facts = {name: getattr(movement, name) for name in ("id", "quantity", "kind", "reason", "at")}
    return {**facts, "sku": sku, "warehouse": warehouse.code}
