"""Returns for a warehouse system: which are expected, what arrived, what became of it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from s2b2c.api import ground
from s2b2c.api.idempotency import idempotent
from s2b2c.kernel.errors import NotFound
from supplier.models import ReturnOrder, Warehouse
from supplier.selectors import returns
from supplier.services import returns as services
from supplier.web.api import shapes_operations as shapes

_MOST = 200


class ReturnLineOut(s.Serializer[Any]):
    line = s.IntegerField()
    sku = s.CharField()
    part_of = s.CharField(help_text="SKU of the bundle this part comes back from by itself; else empty.")
    quantity = s.IntegerField()
    restocked = s.IntegerField()
    scrapped = s.IntegerField()
    sent_back = s.IntegerField()
    missing = s.IntegerField()


class ReturnOut(s.Serializer[Any]):
    number = s.CharField(help_text="Printed on the slip, as text and as a code.")
    state = s.ChoiceField(ReturnOrder.State.choices)
    reason = s.ChoiceField(ReturnOrder.Reason.choices)
    reseller = s.CharField()
    order_number = s.CharField()
    warehouse = s.CharField()
    tracking = s.CharField()
    created_at = s.DateTimeField()
    received_at = s.DateTimeField(allow_null=True)
    lines = ReturnLineOut(many=True)


@extend_schema_serializer(component_name="ExpectedReturns")
class ReturnsOut(s.Serializer[Any]):
    items = ReturnOut(many=True)


class ReceivedIn(s.Serializer[Any]):
    warehouse = s.CharField(max_length=12, required=False, help_text="Code; without it the one that was expected.")


class FoundIn(s.Serializer[Any]):
    line = s.IntegerField(**ground.ID)
    restocked = s.IntegerField(min_value=0, max_value=999_999, default=0)
    scrapped = s.IntegerField(min_value=0, max_value=999_999, default=0)
    sent_back = s.IntegerField(min_value=0, max_value=999_999, default=0)
    missing = s.IntegerField(min_value=0, max_value=999_999, default=0)
    restocked_serials = s.ListField(child=s.CharField(max_length=40), max_length=1000, default=list)
    scrapped_serials = s.ListField(
        child=s.CharField(max_length=40), max_length=1000, default=list,
        help_text="One for each piece, of variants that have serial numbers; each must be one this order was sent.",
    )  # fmt: skip


class InspectedIn(s.Serializer[Any]):
    fault = s.ChoiceField(ReturnOrder.Fault.choices)
    reason = s.ChoiceField(ReturnOrder.Reason.choices, required=False)
    shipping = s.BooleanField(default=False, help_text="Give back what delivery cost, too.")
    note = s.CharField(
        max_length=300, required=False, allow_blank=True, default="", help_text="The consumer reads it."
    )
    postage_minor = s.IntegerField(
        min_value=0, max_value=2**40, default=0, help_text="What the way back cost the supplier; who bears it follows."
    )
    lines = FoundIn(many=True, allow_empty=False, max_length=_MOST)  # type: ignore[call-arg]


class Returns(APIView):
    """Returns that may arrive or wait to be inspected."""

    required_scopes = {"GET": "returns:read"}

    @shapes.described("The returns that are expected or not inspected yet, the oldest first, at most 200", ReturnsOut)
    def get(self, request: Request) -> Response:
        rows = returns.listed().filter(state__in=("approved", "shipped", "received")).order_by("id")
        found = rows.prefetch_related("lines__variant", "lines__line__variant")[:_MOST]
        return ground.answer(ReturnsOut, {"items": [shown(back) for back in found]})


class OneReturn(APIView):
    """One return by its number."""

    required_scopes = {"GET": "returns:read"}

    @shapes.described("One return", ReturnOut)
    def get(self, request: Request, number: str) -> Response:
        return ground.answer(ReturnOut, shown(returns.find(number)))


class Receipt(APIView):
    """The arrival of a return's parcel."""

    required_scopes = {"POST": "returns:write"}

    @shapes.described("Say that a return arrived. Needs an Idempotency-Key", ReturnOut, body=ReceivedIn)
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        shapes.key_of(request)
        code = ground.valid(ReceivedIn, request.data).get("warehouse")
        where = Warehouse.objects.filter(code=code).values_list("id", flat=True).first() if code else None
        if code and where is None:
            raise NotFound(field="warehouse")
        services.receive(number=number.upper(), warehouse_id=where, actor_id=None)
        return ground.answer(ReturnOut, shown(returns.find(number)))


class Inspection(APIView):
    """What became of a return's pieces."""

    required_scopes = {"POST": "returns:write"}

    @shapes.described(
        "Say what became of each piece; stock moves and the consumer is served. Needs an Idempotency-Key",
        ReturnOut,
        body=InspectedIn,
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        shapes.key_of(request)
        told = ground.valid(InspectedIn, request.data)
        lines: list[dict[str, Any]] = shapes.once_each([dict(line) for line in told.pop("lines")])
        serials = {
            line["line"]: services.Serials(tuple(line.pop("restocked_serials")), tuple(line.pop("scrapped_serials")))
            for line in lines
        }
        found = {line.pop("line"): services.Found(**line) for line in lines}
        services.inspect(number=number.upper(), found=found, serials=serials, actor_id=None, **told)
        return ground.answer(ReturnOut, shown(returns.find(number)))


def shown(back: ReturnOrder) -> dict[str, Any]:
    """Give a return as JSON."""
    names = ("number", "state", "reason", "tracking", "created_at", "received_at")
    pieces = ("quantity", "restocked", "scrapped", "sent_back", "missing")
    return {
        **{name: getattr(back, name) for name in names},
        "reseller": back.order.reseller.slug,
        "order_number": back.order.order_number,
        "warehouse": back.warehouse.code,
        "lines": [
            {"line": line.pk, "sku": line.variant.sku, "part_of": line.line.variant.sku if line.part else "",
             **{name: getattr(line, name) for name in pieces}}
            for line in back.lines.all()
        ],
    }  # fmt: skip
