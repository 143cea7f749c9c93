"""A supplier with a few orders, and its staff, as the tests of the office take them."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from s2b2c.kernel import clock, events, ids
from supplier.models import FulfilmentOrder, SalesOrder, Variant, Warehouse
from supplier.services import fulfilment, postings, stock
from tests import factories

HOST = "supply.localhost"
RECIPIENT = {
    "name": "Maya Lindqvist",
    "street": "218 Dean Street",
    "postcode": "11217",
    "city": "Brooklyn",
    "region": "NY",
    "country": "US",
    "email": "maya@example.com",
}


def client(role: str = "admin") -> Client:
    """Give a client in which staff of S in this role is signed in."""
    made = Client(HTTP_HOST=HOST)
    made.force_login(factories.staff(role), "allauth.account.auth_backends.AuthenticationBackend")
    return made


def confirmed(person: Client) -> Client:
    """Let somebody have given their password again just now."""
    session = person.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": clock.now().timestamp(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return person


def order(
    reseller: Any,
    lines: list[tuple[Variant, int]],
    *,
    method: str = "cod",
    number: str = "",
    fee_tax: int = 0,
    **more: Any,
) -> SalesOrder:
    """Bring a shop's order to S as its event does: stock is kept, fulfilment orders opened, the sale booked.

    A piece is sold at twice its wholesale price, with a fee of 60.
    """
    number = number or ids.order_number()
    with transaction.atomic():
        stock.hold(reseller_id=reseller.pk, order_number=number, wanted={variant.pk: n for variant, n in lines})
    sold = [
        events.SoldLine(
            line_id=index,
            variant_id=variant.pk,
            quantity=n,
            wholesale_minor=n * variant.wholesale_minor,
            margin_minor=n * (variant.wholesale_minor - 60),
            fee_minor=n * 60,
            tax_minor=0,
            retail_minor=n * 2 * variant.wholesale_minor,
        )
        for index, (variant, n) in enumerate(lines, 1)
    ]
    event = events.OrderPlaced(
        reseller_id=reseller.pk,
        order_number=number,
        currency="USD",
        method=method,
        captured_minor=sum(line.retail_minor for line in sold) + 500,
        shipping_minor=500,
        shipping_tax_minor=0,
        fee_tax_minor=fee_tax,
        lines=sold,
        recipient={**RECIPIENT, **more},
        language="en",
        placed_at=clock.now().isoformat(),
    )
    postings.sale(event)
    return fulfilment.open_order(event)


def fulfilments(made: SalesOrder) -> list[FulfilmentOrder]:
    """Give an order's fulfilment orders, read anew."""
    return list(FulfilmentOrder.objects.filter(order=made).order_by("id"))


def selects(action: Any) -> tuple[HttpResponse, int]:
    """Give an answer and how many queries it took, begin and commit apart."""
    with CaptureQueriesContext(connection) as queries:
        answer = action()
    words = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", 'UPDATE "DJANGO_SESSION')
    return answer, sum(not query["sql"].upper().startswith(words) for query in queries)


def on_hand(variant: Variant, warehouse: Warehouse) -> int:
    """Give what lies in a warehouse."""
    rows = variant.stock.filter(warehouse=warehouse)
    return sum(row.available + row.held for row in rows)


def text(answer: HttpResponse) -> str:
    """Give a page's markup."""
    return answer.content.decode()
