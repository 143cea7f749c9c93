"""An order as its buyer sees it: what was bought, where the parcels are, what came back."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from orders.models import Order, OrderEvent, OrderLine, Refund
from s2b2c.kernel import texts
from s2b2c.kernel.rows import Row
from supplier.models import Variant

# Never more of a line than this: what the goods cost b and S is not c's to see.
_LINE = (
    "id",
    "variant_id",
    "title",
    "label",
    "quantity",
    "unit_minor",
    "retail_minor",
    "shipped",
    "refunded",
    "returned",
)


@dataclass(frozen=True, slots=True)
class Line:
    id: int
    title: str
    label: str
    plate: str
    tint: str
    slug: str
    quantity: int
    unit_minor: int
    total_minor: int
    shipped: int
    refunded: int
    returned: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """Pieces that left together; ``lines``: ``(line, pieces in this parcel)``."""

    carrier: str
    tracking: str
    tracking_url: str
    sent_at: dt.datetime
    lines: list[tuple[Line, int]]


@dataclass(frozen=True, slots=True)
class Step:
    kind: str
    at: dt.datetime
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Back:
    """Money that goes back; ``done`` once the provider has it."""

    amount_minor: int
    state: str
    reason: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class OrderPage:
    """``waiting``: lines with the pieces still to come. ``cancellable``: nobody has begun to pick."""

    order: Order
    lines: list[Line]
    steps: list[Step]
    parcels: list[Parcel]
    waiting: list[tuple[Line, int]]
    refunds: list[Back]
    cancellable: bool


_OF_TOKEN = Row(Order, "token = %s")
_PENDING = Row(Order, "cart_token = %s AND status = 'pending'")


def find(token: str) -> Order | None:
    """Give the order of a token, or None."""
    return _OF_TOKEN.first(token) if len(token) == 26 else None


def pending_of(cart_token: uuid.UUID) -> Order | None:
    """Give the order of a bag that still waits for its payment."""
    return _PENDING.first(cart_token)


def read(order: Order) -> OrderPage:
    """Give what stands around an order. Four statements."""
    lines = _lines(order)
    by_id = {line.id: line for line in lines}
    found = OrderEvent.objects.filter(order=order, public=True).order_by("at", "id").values_list("kind", "at", "data")
    steps = _standing([Step(*row) for row in found])
    refunds = (
        Refund.objects.filter(order=order)
        .order_by("created_at")
        .values_list("amount_minor", "state", "reason", "created_at")
    )
    left = [(line, line.quantity - line.shipped - line.refunded + line.returned) for line in lines]
    early = order.status in (Order.Status.PENDING, Order.Status.PLACED, Order.Status.PROCESSING)
    return OrderPage(
        order=order,
        lines=lines,
        steps=steps,
        parcels=[_parcel(step, by_id) for step in steps if step.kind == "shipped"],
        waiting=[(line, pieces) for line, pieces in left if pieces > 0],
        refunds=[Back(*row) for row in refunds],
        cancellable=early and not any(step.kind == "picking" for step in steps),
    )


def _standing(steps: list[Step]) -> list[Step]:
    """Leave out picking that was put back: to c it never began."""
    back = {step.data.get("fulfilment"): step.at for step in steps if step.kind == "put_back"}
    undone = [step for step in steps if step.kind == "picking" and _undone(step, back)]
    return [step for step in steps if step.kind != "put_back" and step not in undone]


def _undone(step: Step, back: dict[Any, dt.datetime]) -> bool:
    at = back.get(step.data.get("fulfilment"))
    return at is not None and at >= step.at


def of_customer(customer_id: int) -> list[Order]:
    """Give a customer's orders, newest first."""
    return list(
        Order.objects.filter(customer_id=customer_id)
        .only("number", "token", "status", "paid", "total_minor", "currency", "placed_at")
        .order_by("-placed_at", "-id")[:200]
    )


def _lines(order: Order) -> list[Line]:
    rows = list(OrderLine.objects.filter(order=order).order_by("id").values(*_LINE))
    shown: dict[int, Any] = {
        variant["id"]: variant
        for variant in Variant.objects.filter(id__in=[row["variant_id"] for row in rows]).values(
            "id", "tint", "product__plate", "product__slug"
        )
    }
    return [_line(row, shown.get(row["variant_id"], {})) for row in rows]


def _line(row: dict[str, Any], shown: dict[str, Any]) -> Line:
    return Line(
        id=row["id"],
        title=row["title"],
        label=row["label"],
        plate=shown.get("product__plate", ""),
        tint=shown.get("tint", ""),
        slug=shown.get("product__slug", ""),
        quantity=row["quantity"],
        unit_minor=row["unit_minor"],
        total_minor=row["retail_minor"],
        shipped=row["shipped"],
        refunded=row["refunded"],
        returned=row["returned"] or 0,
    )


def _parcel(step: Step, lines: dict[int, Line]) -> Parcel:
    data = step.data
    inside = [(lines[row["line"]], row["quantity"]) for row in data.get("lines", []) if row["line"] in lines]
    url = str(data.get("tracking_url", ""))
    return Parcel(
        carrier=data.get("carrier", ""),
        tracking=data.get("tracking", ""),
        tracking_url=url if url.startswith(("https://", "http://")) else "",
        sent_at=step.at,
        lines=inside,
    )


def things(lines: list[tuple[Line, int]]) -> str:
    """Name what is in a parcel, shortly."""
    comma = "、" if texts.suffix() == "zh" else ", "
    names = list(dict.fromkeys(line.title for line, _pieces in lines))
    return comma.join(names[:3]) + ("…" if len(names) > 3 else "")
