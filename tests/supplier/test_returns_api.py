"""Returns over both APIs: c asks on the shop's host, a warehouse system receives and inspects on S's."""

from __future__ import annotations

import uuid

import pytest

from supplier.models import ReturnOrder
from tests import factories
from tests.api.conftest import ApiClient, make_key
from tests.orders import buying, returning
from tests.orders.conftest import provider, shop

__all__ = ["provider", "shop"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_return_over_both_apis(shop, provider):
    order = returning.sent(shop, provider)
    c, address = ApiClient(f"{shop.slug}.localhost"), f"/api/v1/orders/{order.token}/returns/"
    line = c.send("get", address).json()["returnable"][0]
    body = {"reason": "defect", "wish": "refund", "lines": [line]}
    key = {"Idempotency-Key": uuid.uuid4().hex}
    first, again = (c.send("post", address, body, **key) for _ in range(2))
    assert (first.status_code, again.json(), line["quantity"]) == (201, first.json(), 2)
    assert c.send("post", address, {**body, "wish": "moon"}).status_code in (400, 422)
    number = first.json()["number"]
    buying.drain()
    with factories.inside(shop):
        from orders.models import ReturnRequest

        returning_row = ReturnRequest.objects.get()
    returning.approve(shop, returning_row)
    s = ApiClient("supply.localhost", make_key(None, "returns:read", "returns:write"))
    expected = s.send("get", "/api/v1/returns/").json()["items"]
    assert [each["number"] for each in expected] == [number]
    assert s.send("post", f"/api/v1/returns/{number}/receipt/", {}).status_code == 400
    key = {"Idempotency-Key": uuid.uuid4().hex}
    assert s.send("post", f"/api/v1/returns/{number}/receipt/", {}, **key).json()["state"] == "received"
    found = {"fault": "supplier", "lines": [{"line": expected[0]["lines"][0]["line"], "restocked": 1, "scrapped": 1}]}
    key = {"Idempotency-Key": uuid.uuid4().hex}
    for _ in range(2):
        assert s.send("post", f"/api/v1/returns/{number}/inspection/", found, **key).status_code == 200
    buying.drain()
    assert c.send("get", address).json()["returns"][0]["refund_minor"] == 4_400
    assert (buying.free(shop), buying.clean()) == (9, True)


def test_key_without_the_scope_is_refused(shop, provider):
    returning.ask(shop, returning.sent(shop, provider))
    number = ReturnOrder.objects.get().number
    reader = ApiClient("supply.localhost", make_key(None, "returns:read"))
    assert reader.send("get", f"/api/v1/returns/{number}/").status_code == 200
    key = {"Idempotency-Key": uuid.uuid4().hex}
    assert reader.send("post", f"/api/v1/returns/{number}/receipt/", {}, **key).status_code == 403
