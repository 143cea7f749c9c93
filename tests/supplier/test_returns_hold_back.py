"""An open return keeps what its order earns out of the settlement."""

from __future__ import annotations

import pytest

from s2b2c.kernel import clock
from supplier.models import ReturnOrder, StatementLine
from supplier.selectors import returns, standing
from supplier.services.settlement import runs
from tests import factories
from tests.supplier import settling

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("state", "settled"), [("requested", 0), ("received", 0), ("closed", 1), ("refused", 1)])
def test_open_return_holds_back_what_its_order_earns(state, settled):
    factories.company()
    settling.agreed()
    shop = factories.reseller()
    order = settling.sold(shop)
    ReturnOrder.objects.create(
        reseller=shop, order=order, number="R0000000A", state=state, wish="refund", reason="mind",
        warehouse=factories.warehouse(), created_at=clock.now(),
    )  # fmt: skip
    runs.start(currency="USD", actor=factories.staff("finance"))
    assert StatementLine.objects.filter(kind="sale").count() == settled
    assert returns.open_of([order.pk]) == (set() if settled else {order.pk})
    assert (standing.of(shop.pk, "USD").in_window > 0) == (not settled)
