"""Returns in the supplier's office: decide, receive by scan, inspect, claim, pay back by bank."""

from __future__ import annotations

import pytest

from supplier.models import BankRefund, ReturnOrder, SalesOrder
from tests.orders import buying, returning
from tests.orders.conftest import provider, shop
from tests.supplier import office

__all__ = ["provider", "shop"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def back(shop, provider) -> ReturnOrder:
    returning.ask(shop, returning.sent(shop, provider), 2, reason="defect", note="The glaze is cracked")
    return ReturnOrder.objects.get()


def inspection(back: ReturnOrder, **pieces: int) -> dict[str, object]:
    line = back.lines.get().pk
    return {"reason": "defect", "fault": "carrier", **{f"{fate}_{line}": n for fate, n in pieces.items()}}


def test_return_is_decided_received_and_inspected(back):
    support, warehouse, finance = (office.client(role) for role in ("support", "warehouse", "finance"))
    page = support.get("/returns/").content.decode()
    assert (back.number in page, "glaze" in support.get(f"/returns/{back.number}/").content.decode()) == (True, True)
    assert support.post(f"/returns/{back.number}/decide/", {"action": "refuse"}).status_code == 422
    assert support.post(f"/returns/{back.number}/decide/", {"action": "approve"}).status_code == 302
    buying.drain()
    scanned = warehouse.post("/returns/scan/", {"code": f" {back.number.lower()} "})
    assert scanned["Location"] == f"/returns/{back.number}/"
    where = {"warehouse": back.warehouse_id}
    assert warehouse.post(f"/returns/{back.number}/receive/", where).status_code == 302
    assert warehouse.post(f"/returns/{back.number}/inspect/", inspection(back, restocked=1)).status_code == 422
    done = warehouse.post(f"/returns/{back.number}/inspect/", inspection(back, restocked=1, scrapped=1))
    buying.drain()
    back.refresh_from_db()
    assert (done.status_code, back.state, back.claim_state) == (302, "closed", "open")
    assert back.number in finance.get("/returns/?claim=open").content.decode()
    assert finance.post(f"/returns/{back.number}/claim/", {"amount": "a lot"}).status_code == 422
    assert finance.post(f"/returns/{back.number}/claim/", {"amount": "5.00"}).status_code == 302
    back.refresh_from_db()
    assert (back.claim_state, back.claim_paid_minor, buying.clean()) == ("paid", 500, True)


def test_unknown_slip_is_told(back):
    answer = office.client("warehouse").post("/returns/scan/", {"code": "R123"})
    assert (answer.status_code, "R123" in answer.content.decode()) == (422, True)


def test_return_is_started_from_the_order(shop, provider):
    returning.sent(shop, provider)
    order = SalesOrder.objects.get()
    address = f"/orders/{order.reseller.slug}/{order.order_number}/"
    support = office.client("support")
    assert f"{address}return/" in support.get(address).content.decode()
    line = order.lines.get().pk
    wish = {"reason": "wrong", "wish": "refund"}
    assert support.post(f"{address}return/", {**wish, f"p{line}": "9"}).status_code == 422
    assert support.post(f"{address}return/", {**wish, f"p{line}": "1"}).status_code == 302
    buying.drain()
    assert ReturnOrder.objects.get().state == "approved"


def test_refund_of_cash_is_marked_paid(shop, provider):
    made = returning.ask(shop, returning.sent(shop, provider, method="cod"))
    returning.approve(shop, made)
    returning.arrive(made)
    returning.look(made.number)
    finance, due = office.client("finance"), BankRefund.objects.get()
    assert made.order.number in finance.get("/refunds/").content.decode()
    assert finance.post(f"/refunds/{due.pk}/", {"reference": ""}).status_code == 422
    assert finance.post(f"/refunds/{due.pk}/", {"reference": "BT-1"}).status_code == 302
    due.refresh_from_db()
    assert due.state == "paid"
