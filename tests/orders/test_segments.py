"""Segments of a shop's customers: by what they bought, for codes that are for them alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from orders.models import Order
from orders.services import cart, checkout, segments
from reseller.models import Customer, Promotion
from reseller.services import promotions
from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused
from tests import factories
from tests.orders.test_promotions import WHO, bag

pytestmark = pytest.mark.django_db
Kind = Promotion.Kind


@pytest.fixture
def shop():
    return factories.reseller()


def bought(shop, email: str, *ago: int, paid: int = 1_000, status: str = "shipped") -> Customer:
    with factories.inside(shop):
        customer, _new = Customer.objects.get_or_create(email=email)
        for each in ago:
            number = f"T{Order.objects.count() + 1}"
            Order.objects.create(
                number=number, token=number, status=status, method="card", customer=customer, email=email, name=email, address={},
                language="en", currency="USD", items_minor=paid, tax_minor=0, shipping_minor=0, total_minor=paid,
                placed_at=clock.now() - timedelta(days=each),
            )  # fmt: skip
        return customer


def segment_of(shop, email: str) -> str | None:
    with factories.inside(shop):
        return Customer.objects.get(email=email).segment


def test_customers_fall_into_segments_by_how_lately_often_and_much(shop) -> None:
    for n in range(5):
        bought(shop, f"twice{n}@example.com", 5, 40, paid=1_000 + n)
    bought(shop, "new@example.com", 3)
    bought(shop, "once@example.com", 90)
    bought(shop, "slipping@example.com", 70, 100)
    bought(shop, "gone@example.com", 200, 300, paid=99_000)
    bought(shop, "best@example.com", 2, 9, paid=50_000)
    bought(shop, "never@example.com", 2, status="cancelled")
    with factories.inside(shop):
        assert segments.sort() == 10
        assert segments.sort() == 0
    wanted = {
        "new": "new",
        "once": "once",
        "slipping": "slipping",
        "gone": "gone",
        "best": "best",
        "never": None,
        "twice0": "regular",
    }
    assert {name: segment_of(shop, f"{name}@example.com") for name in wanted} == wanted


def test_who_asked_to_be_forgotten_is_in_none(shop) -> None:
    bought(shop, "gone@example.com", 3)
    with factories.inside(shop):
        segments.sort()
        Customer.objects.update(erased_at=clock.now())
        segments.sort()
        assert Customer.objects.get().segment is None


def order(shop, token: str, email: str) -> Order:
    contact = checkout.Contact(**{**WHO, "email": email})
    with factories.context.entered(shop):
        return checkout.place_order(cart_token=token, contact=contact, method="card", language="en")


def test_a_code_for_a_segment_is_for_its_customers_alone(shop) -> None:
    bought(shop, "best@example.com", 2, 9, paid=50_000)
    bought(shop, "new@example.com", 2)
    tokens = [bag(shop), bag(shop)]
    with factories.context.entered(shop):
        segments.sort()
        promotions.make(name="Thank you", kind=Kind.PERCENT, value=1_000, code="THANKS", segment="best")
    with factories.context.entered(shop):
        for token in tokens:
            cart.set_code(token=token, code="THANKS")
    with pytest.raises(Refused) as refusal:
        order(shop, tokens[0], "new@example.com")
    assert refusal.value.code == "code_segment"
    assert order(shop, tokens[1], "Best@Example.com").discount_minor == 400


def test_a_segment_without_a_code_is_refused(shop) -> None:
    with factories.context.entered(shop), pytest.raises(Refused) as refusal:
        promotions.make(name="Thank you", kind=Kind.PERCENT, value=1_000, segment="best")
    assert refusal.value.code == "code"


def test_owner_sees_segments_and_finds_their_customers(shop) -> None:
    bought(shop, "new@example.com", 2)
    bought(shop, "once@example.com", 90)
    with factories.context.entered(shop):
        segments.sort()
    client = Client(HTTP_HOST="office.localhost")
    client.force_login(factories.member(shop, "owner"))
    page = client.get(f"/{shop.slug}/customers/?segment=once").content.decode()
    assert ("once@example.com" in page, "new@example.com" in page) == (True, False)
    assert "For which customers" in client.get(f"/{shop.slug}/promotions/").content.decode()
