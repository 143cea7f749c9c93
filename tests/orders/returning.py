"""Steps of a return, as the tests take them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from orders.models import Order, ReturnRequest
from orders.services import returns
from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused
from supplier.models import Account, ReturnOrder, Transfer
from supplier.services import cash
from supplier.services import returns as supply
from supplier.services.returns import Found
from tests import factories
from tests.orders import buying


@contextmanager
def refused(code: str) -> Iterator[None]:
    """Expect a refusal of this stable code."""
    with pytest.raises(Refused) as told:
        yield
    assert told.value.code == code


def sent(shop, provider, quantity: int = 2, method: str = "card") -> Order:
    """Give an order that was paid and sent whole."""
    order = buying.paid_order(shop, provider, quantity) if method == "card" else buying.buy(shop, quantity)
    buying.drain()
    buying.ship_all(shop, order)
    buying.drain()
    if method == "cod":
        cash.settle(order_id=_sales(order), outcome="collected", actor_id=None)
        buying.drain()
    return buying.reread(shop, order)


def _sales(order: Order) -> int:
    from supplier.models import SalesOrder

    return SalesOrder.objects.get(order_number=order.number).pk


def ask(shop, order: Order, quantity: int = 1, *, reason: str = "mind", wish: str = "refund", **more: Any):
    with factories.inside(shop):
        line_id = order.lines.get().id
    with factories.context.entered(shop):
        back = returns.request(
            order_number=order.number,
            pieces={line_id: quantity},
            wish=wish,
            reason=reason,
            actor=more.pop("actor", "customer"),
            **more,
        )
    if clock.now() < order.placed_at + timedelta(days=1):
        buying.drain()
    return back


def approve(shop, back: ReturnRequest, **more: Any) -> None:
    with factories.context.entered(shop):
        returns.approve(number=back.number, actor="Bea", **more)
    buying.drain()


def arrive(back: ReturnRequest) -> ReturnOrder:
    supply.receive(number=back.number, warehouse_id=None, actor_id=None)
    buying.drain()
    return ReturnOrder.objects.get(number=back.number)


def look(
    number: str, *, fault: str = "supplier", shipping: bool = False, reason: str = "", postage: int = 0, **found: int
) -> ReturnOrder:
    back = ReturnOrder.objects.get(number=number)
    line = back.lines.get()
    given = Found(**(found or {"restocked": line.quantity}))
    supply.inspect(
        number=number, found={line.id: given}, fault=fault, reason=reason, shipping=shipping, postage_minor=postage,
        actor_id=None,
    )  # fmt: skip
    buying.drain()
    back.refresh_from_db()
    return back


def balances(order_number: str) -> dict[str, int]:
    """Give each account's balance from the journals of one order, credit positive; zero ones are left out."""
    total: dict[str, int] = {}
    rows = Transfer.objects.filter(journal__order_number=order_number).values_list(
        "debit__kind", "credit__kind", "amount_minor"
    )
    for debit, credit, minor in rows:
        total[debit] = total.get(debit, 0) - minor
        total[credit] = total.get(credit, 0) + minor
    return {kind: minor for kind, minor in total.items() if minor}


KINDS = Account.Kind
