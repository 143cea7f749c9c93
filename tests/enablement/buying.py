"""A vendor, what it offers and an order to it, as the tests of buying take them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest

from enablement.models import PurchaseLine, PurchaseOrder, Vendor, Vetting
from enablement.services import purchases, vendors
from s2b2c.kernel.errors import Refused
from supplier.models import Variant, Warehouse
from tests import factories


@contextmanager
def refuses(code: str) -> Iterator[None]:
    """What happens inside is refused, with this code."""
    with pytest.raises(Refused) as refusal:
        yield
    assert refusal.value.code == code


LADDER = ((1, 900), (100, 800))


def vendor(name: str = "Kiln & Sons", **facts: Any) -> Vendor:
    """A vendor that delivers in ten days."""
    told = {"name": name, "currency": "USD", "rate": Decimal(1), "lead_days": 10, **facts}
    made = vendors.add(facts=told, actor_id=None)
    Vetting.objects.create(vendor=made, state=Vetting.State.APPROVED)
    return made


def offer(of: Vendor, variant: Variant, steps: Any = LADDER, **more: Any) -> None:
    """What a vendor asks for a variant."""
    vendors.put_offer(vendor_id=of.pk, variant_id=variant.pk, steps=steps, actor_id=None, **more)


def variant(sku: str = "MUG-1", stock: int = 0, **more: Any) -> Variant:
    """A variant in the default warehouse."""
    return factories.variant(factories.product(f"Product {sku}", variants=0), stock=stock, sku=sku, **more)


def draft(of: Vendor, *lines: tuple[Variant, int], to: Warehouse | None = None) -> PurchaseOrder:
    """A draft with lines."""
    made = purchases.draft(vendor_id=of.pk, warehouse_id=(to or factories.warehouse()).pk, actor_id=None)
    for each, quantity in lines:
        purchases.write(number=made.number, variant_id=each.pk, quantity=quantity)
    return made


def sent(of: Vendor, *lines: tuple[Variant, int], to: Warehouse | None = None) -> PurchaseOrder:
    """An order that was sent."""
    return purchases.send(number=draft(of, *lines, to=to).number, actor_id=None)


def line(order: PurchaseOrder, variant: Variant) -> PurchaseLine:
    """The line of a variant, read anew."""
    return PurchaseLine.objects.get(order=order, variant=variant)


def state(order: PurchaseOrder) -> str:
    """The state of an order, read anew."""
    return PurchaseOrder.objects.values_list("state", flat=True).get(pk=order.pk)
