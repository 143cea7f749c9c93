"""A worker that dies in the middle of a checkout: the same key again gives the one order there is."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import uuid

import pytest
from django.db import connection
from django.test import Client

from orders.models import Order
from s2b2c.tenancy.models import Reseller
from supplier.models import Reservation
from supplier.selectors import audit
from tests import factories
from tests.storefront.conftest import CONTACT
from tests.storefront.test_api import API, cart_of, order

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos]

_WORKER = """
import json, os, signal, sys
import django
django.setup()
from django.test import Client
from s2b2c.api import idempotency
from storefront.web.api import checkout
where, host, path, data, key = sys.argv[1:]
def die(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)
if where == "before the answer is kept":
    idempotency._store = die
elif where == "before the commit":
    store = idempotency._store
    def store_and_die(*arguments):
        store(*arguments)
        die()
    idempotency._store = store_and_die
else:
    checkout._page = die
Client(HTTP_HOST=host).post(path, json.loads(data), content_type="application/json", headers={"idempotency-key": key})
"""


def killed(where: str, shop: Reseller, cart: str, key: str) -> None:
    """Let another process take the request and die in it."""
    database = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{connection.settings_dict['NAME']}"
    body = json.dumps({"cart": cart, "contact": CONTACT, "method": "cod"})
    done = subprocess.run(
        [sys.executable, "-c", _WORKER, where, f"{shop.slug}.localhost", f"{API}/checkout/", body, key],
        env={**os.environ, "DATABASE_URL": database},
        timeout=120,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("where", "orders"), [("before the answer is kept", 0), ("before the commit", 0), ("before it is sent", 1)]
)
def test_checkout_killed_and_repeated_is_one_order(client: Client, shop: Reseller, where: str, orders: int) -> None:
    cart, key = cart_of(client, shop), str(uuid.uuid4())
    killed(where, shop, cart, key)
    with factories.inside(shop):
        assert Order.objects.count() == orders
    again = order(client, cart, **{"idempotency-key": key})
    without_key = order(client, cart)
    assert (again.status_code, without_key.json()["number"]) == (201, again.json()["number"])
    with factories.inside(shop):
        assert list(Order.objects.values_list("number", flat=True)) == [again.json()["number"]]
    assert Reservation.objects.count() == 1
    assert list(audit.stock()) == []
