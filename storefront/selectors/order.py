"""An order as its buyer sees it: what was bought, where the parcels are, what came back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from orders.models import Cart, Order
from orders.selectors import delivery
from s2b2c.kernel import ids, texts
from s2b2c.kernel.rows import Row
from storefront.selectors import sql


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
    service: str = ""  # what kind of service it is; empty for goods
    inside: str = ""  # of a bundle, what is in one, in words


@dataclass(frozen=True, slots=True)
class Parcel:
    """Pieces that left together; ``lines``: ``(line, pieces in this parcel)``. ``delivered_on``: if somebody said so."""

    carrier: str
    tracking: str
    tracking_url: str
    sent_at: dt.datetime
    lines: list[tuple[Line, int]]
    delivered_on: dt.date | None = None


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
    """``waiting``: lines with the pieces still to come. ``cancellable``: nobody has begun to pick.

    ``cases``: ``(number, state)`` of what c asked help with, the last first. ``held``: it stands still; why is not c's to see.
    """

    order: Order
    lines: list[Line]
    steps: list[Step]
    parcels: list[Parcel]
    waiting: list[tuple[Line, int]]
    refunds: list[Back]
    cancellable: bool
    cases: list[tuple[str, str]]
    held: bool = False

    @property
    def goods(self) -> list[Line]:
        return [line for line in self.lines if not line.service]


# Never more of a line than this: what the goods cost b and S is not c's to see.
_LINES = """
    SELECT l.id, l.title, l.label, COALESCE(p.plate, ''), COALESCE(v.tint, ''), COALESCE(p.slug, ''), l.quantity,
           l.unit_minor, l.retail_minor, l.shipped, l.refunded, COALESCE(l.returned, 0),
           COALESCE(l.service->>'kind', ''),
           (SELECT jsonb_agg(jsonb_build_array(b.pieces, q.name_en, q.name_zh) ORDER BY b.id)
            FROM public.supplier_bundlepart b JOIN public.supplier_variant c ON c.id = b.component_id
            JOIN public.supplier_product q ON q.id = c.product_id WHERE b.bundle_id = l.variant_id)
    FROM orders_orderline l
    LEFT JOIN public.supplier_variant v ON v.id = l.variant_id
    LEFT JOIN public.supplier_product p ON p.id = v.product_id
    WHERE l.order_id = %(order)s ORDER BY l.id
"""
# What happened, what goes back and what help was asked for, in one statement; a step has no amount.
_TOLD = """
    (SELECT NULL::bigint, kind, at, CASE WHEN public THEN data END FROM orders_orderevent
     WHERE order_id = %(order)s AND (public OR kind IN ('held', 'resumed')) ORDER BY at, id)
    UNION ALL
    (SELECT amount_minor, reason, created_at, to_jsonb(state) FROM orders_refund WHERE order_id = %(order)s
     ORDER BY created_at)
    UNION ALL
    (SELECT id, 'case', changed_at, to_jsonb(state) FROM orders_case WHERE order_id = %(order)s
     ORDER BY changed_at DESC)
"""
_CASE = "case"
_HOLDS = ("held", "resumed")
_OF_TOKEN = Row(Order, "token = %s")
_PENDING = Row(Order, "cart_token = %s AND status = 'pending'")


def _inside(parts: Any) -> str:
    """Say what is in a bundle: ``2 × Mug, 1 × Tray``; what was ordered never changes."""
    zh = texts.suffix() == "zh"
    return ", ".join(f"{n} × {(name_zh if zh else '') or name_en}" for n, name_en, name_zh in sql.parsed(parts) or ())


def find(token: str) -> Order | None:
    """Give the order of a token, or None."""
    return _OF_TOKEN.first(token) if len(token) == 26 else None


def pending_of(cart: Cart) -> Order | None:
    """Give the order of a bag that still waits for its payment."""
    return None if cart.ordered is False else _PENDING.first(cart.token)


def read(order: Order) -> OrderPage:
    """Give what stands around an order. Two statements."""
    lines = [Line(*row[:-1], inside=_inside(row[-1])) for row in sql.rows(_LINES, {"order": order.pk})]
    by_id = {line.id: line for line in lines}
    told = [(amount, text, at, sql.parsed(data)) for amount, text, at, data in sql.rows(_TOLD, {"order": order.pk})]
    cases = [(ids.case_number(id_), state) for id_, kind, _at, state in told if kind == _CASE]
    holds = [kind for amount, kind, *_ in told if amount is None and kind in _HOLDS]
    told = [row for row in told if row[1] != _CASE and not (row[0] is None and row[1] in _HOLDS)]
    steps = _standing([Step(kind, at, data) for amount, kind, at, data in told if amount is None])
    refunds = [Back(amount, state, reason, at) for amount, reason, at, state in told if amount is not None]
    known = delivery.parcels((step.kind, step.at, step.data) for step in steps)
    goods = [line for line in lines if not line.service]
    left = [(line, line.quantity - line.shipped - line.refunded + line.returned) for line in goods]
    early = order.status in (Order.Status.PENDING, Order.Status.PLACED, Order.Status.PROCESSING)
    return OrderPage(
        order=order,
        lines=lines,
        steps=steps,
        parcels=[_parcel(step, by_id, known) for step in steps if step.kind == "shipped"],
        waiting=[(line, pieces) for line, pieces in left if pieces > 0],
        refunds=refunds,
        cancellable=early and not any(step.kind == "picking" for step in steps),
        cases=cases,
        held=holds[-1:] == ["held"],
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


def _parcel(step: Step, lines: dict[int, Line], known: dict[str, delivery.Parcel]) -> Parcel:
    data = step.data
    inside = [(lines[row["line"]], row["quantity"]) for row in data.get("lines", []) if row["line"] in lines]
    url = str(data.get("tracking_url", ""))
    return Parcel(
        carrier=data.get("carrier", ""),
        tracking=data.get("tracking", ""),
        tracking_url=url if url.startswith(("https://", "http://")) else "",
        sent_at=step.at,
        lines=inside,
        delivered_on=known[str(data.get("shipment", ""))].delivered_on,
    )


def things(lines: list[tuple[Line, int]]) -> str:
    """Name what is in a parcel, shortly."""
    comma = "、" if texts.suffix() == "zh" else ", "
    names = list(dict.fromkeys(line.title for line, _pieces in lines))
    return comma.join(names[:3]) + ("…" if len(names) > 3 else "")
