"""Write what events say of sales as facts: one statement per batch, each fact once. See the ADR on the mart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection

from enablement.models import SalesFact
from enablement.services import partitions
from s2b2c.kernel import bulk, events
from supplier.models import Journal
from supplier.services import postings

Kind = SalesFact.Kind
_AMOUNTS = ("pieces", "sales_minor", "discount_minor", "tax_minor", "wholesale_minor", "margin_minor", "fee_minor",
            "shipping_minor", "funded_minor", "paid_minor")  # fmt: skip
_COLUMNS = {
    "day": "date", "cause": "text", "line_id": "bigint", "kind": "text", "reseller_id": "bigint",
    "order_number": "text", "variant_id": "bigint", "currency": "text", **dict.fromkeys(_AMOUNTS, "bigint"),
}  # fmt: skip
_NAMED = ", ".join(_COLUMNS)
_INSERT = f"""
    INSERT INTO enablement_salesfact ({_NAMED}, product_id, category_id)
    SELECT {", ".join(f"r.{name}" for name in _COLUMNS)}, p.id, p.category_id
    FROM unnest({", ".join(f"%s::{kind}[]" for kind in _COLUMNS.values())}) AS r({_NAMED})
    LEFT JOIN supplier_variant v ON v.id = r.variant_id LEFT JOIN supplier_product p ON p.id = v.product_id
    ON CONFLICT DO NOTHING
"""
_Row = tuple[Any, ...]


def record_sales(several: Sequence[events.OrderPlaced]) -> None:
    """Write the lines of orders, and each order itself, as facts. Call inside a transaction."""
    _write([row for event in several for row in _sale(event)])


def record_refunds(several: Sequence[events.RefundMade]) -> None:
    """Write what went back as facts of the day its journal bears. Call inside a transaction, after it was booked.

    :raises KeyError: a refund is in no journal; nothing is written.
    """
    keys = [postings.refund_key(event) for event in several]
    booked: Mapping[str, datetime] = dict(Journal.objects.filter(key__in=keys).values_list("key", "at"))
    _write([row for event, key in zip(several, keys, strict=True) for row in _refund(event, key, _day(booked[key]))])


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()


def _write(rows: Sequence[_Row]) -> None:
    if not rows:
        return
    partitions.ensure({row[0] for row in rows})
    columns = zip(_COLUMNS.values(), zip(*rows, strict=True), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [(bulk.texts if kind == "text" else bulk.array)(values) for kind, values in columns])


def _sale(event: events.OrderPlaced) -> Iterable[_Row]:
    day, cause = _day(datetime.fromisoformat(event.placed_at)), f"sale:{event.key}"
    for line in event.lines:
        head = (day, cause, line.line_id, Kind.SOLD.value, event.reseller_id, event.order_number)
        yield *head, line.variant_id, event.currency, *_goods(line, 1, line.discount_minor)
    head = (day, cause, 0, Kind.SOLD.value, event.reseller_id, event.order_number)
    yield *head, None, event.currency, *_delivery(event, 1)


def _refund(event: events.RefundMade, cause: str, day: date) -> Iterable[_Row]:
    for line in event.lines:
        kind = Kind.RETURNED if line.received or line.parts else Kind.REFUNDED
        head = (day, cause, line.line_id, kind.value, event.reseller_id, event.order_number)
        yield *head, line.variant_id, event.currency, *_goods(line, -1, 0)
    head = (day, cause, 0, Kind.REFUNDED.value, event.reseller_id, event.order_number)
    yield *head, None, event.currency, *_delivery(event, -1)


def _goods(line: events.SoldLine | events.RefundedLine, sign: int, discount: int) -> tuple[int, ...]:
    """Give the amounts of a line as ``_AMOUNTS`` names them."""
    sales = line.wholesale_minor + line.margin_minor + line.fee_minor - line.funded_minor
    return tuple(
        sign * amount
        for amount in (line.quantity, sales, discount, line.tax_minor, line.wholesale_minor, line.margin_minor,
                       line.fee_minor, 0, line.funded_minor, sales + line.tax_minor)
    )  # fmt: skip


def _delivery(event: events.OrderPlaced | events.RefundMade, sign: int) -> tuple[int, ...]:
    """Give what an order itself adds: delivery and who funded it, services booked with the goods, the tax of both.

    What is kept of a refund is no sale; what is paid for services is none of goods, so that prices of goods stay right.
    """
    booked = event.services
    cost, margin = sum(each.cost_minor for each in booked), sum(each.margin_minor for each in booked)
    fee, tax = (
        sum(each.fee_minor for each in booked),
        event.shipping_tax_minor + sum(each.tax_minor for each in booked),
    )
    given = event.shipping_funded_minor
    ours = given if event.shipping_funder == "s" else 0
    shipping = event.shipping_minor
    paid = shipping + cost + margin + fee + tax
    amounts = (0, 0, 0, tax, cost, margin + ours - given, fee, shipping + given, ours, paid)
    return tuple(sign * amount for amount in amounts)
