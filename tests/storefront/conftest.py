"""Two shops of one supplier, and visitors at their doors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from s2b2c.tenancy.models import Reseller
from storefront.memo import Memo
from storefront.selectors import browse, cards, home, kits, product, shell
from storefront.web import appointments, frame, preview
from tests import factories
from tests.fakestripe import FakeStripe

# Costs and margins nobody who buys may ever see, in any spelling.
WHOLESALE, MARGIN = 1_317, 683


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Schemas of rolled back tests may come again with the same versions."""
    for module in (browse, cards, home, kits, product, shell, frame, preview, appointments):
        for value in vars(module).values():
            if isinstance(value, Memo):
                value.clear()
    return


@pytest.fixture
def shop(db: None) -> Reseller:
    """ "Juniper Row": a mug in two colours and two sizes at 20 and 24, a blanket at 128; tax 10 % on top."""
    factories.company()
    factories.terms(300)
    made = factories.reseller(
        "juniper", name="Juniper Row", tax_bps=1_000, shipping={"price_minor": 500, "free_over_minor": 10_000}
    )
    options = {
        "colour": {"en": "Colour", "zh": "颜色", "values": {"pine": {"en": "Pine", "zh": "松绿", "tint": "pine"}, "oat": {"en": "Oat", "zh": "燕麦", "tint": "oat"}}},
        "size": {"en": "Size", "zh": "规格", "values": {"8": {"en": "8 oz", "zh": "小"}, "12": {"en": "12 oz", "zh": "大"}}},
    }  # fmt: skip
    stoneware = {"material": {"en": "Material", "zh": "材质", "value_en": "Stoneware", "value_zh": "炻器"}}
    mug = factories.product(
        "Alder Mug", slug="alder-mug", name_zh="桤木杯", variants=0, options=options, attributes=stoneware,
        search_text="alder mug 桤木杯 thrown stoneware",
    )  # fmt: skip
    for position, (colour, size, price) in enumerate(
        [("pine", "8", 2_000), ("pine", "12", 2_400), ("oat", "8", 2_000)]
    ):
        factories.variant(
            mug, position=position, sku=f"MUG-{colour}-{size}".upper(), tint=colour, options={"colour": colour, "size": size},
            wholesale=WHOLESALE, suggested=price, label_en=f"{colour.title()}, {size} oz",
        )  # fmt: skip
    wool = {"material": {"en": "Material", "zh": "材质", "value_en": "Wool", "value_zh": "羊毛"}}
    blanket = factories.product(
        "Moor Blanket", slug="moor-blanket", category=factories.category("textiles"), wholesale=WHOLESALE * 5,
        suggested=12_800, floor=9_000, ceiling=20_000, attributes=wool,
    )  # fmt: skip
    factories.listing(made, mug, position=1)
    factories.listing(made, blanket, position=2)
    made.mug, made.blanket = mug, blanket
    return made


@pytest.fixture
def visitor() -> Callable[..., Client]:
    """Make a browser of a shop's visitor."""

    def make(reseller: Reseller, **extra: Any) -> Client:
        return Client(HTTP_HOST=f"{reseller.slug}.localhost", headers={"accept-language": "en"}, **extra)

    return make


@pytest.fixture
def client(shop: Reseller, visitor: Callable[..., Client]) -> Client:
    return visitor(shop)


@pytest.fixture
def provider(settings: Any) -> Iterator[FakeStripe]:
    """The fake Stripe, used by the gateway of this test."""
    fake = FakeStripe.start()
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = fake.api_key, fake.url
    settings.STRIPE_WEBHOOK_SECRET = fake.secret
    yield fake
    fake.stop()


CONTACT = {
    "email": "June@Example.com", "name": "June Park", "street": "28 Churchill Street", "postcode": "12508",
    "city": "Beacon", "region": "NY", "phone": "", "country": "US",
}  # fmt: skip


@pytest.fixture
def filled(client: Client, shop: Reseller) -> Client:
    """A visitor with one pine mug of 8 oz in the bag."""
    client.post("/bag/add/", {"variant": variant(shop, "MUG-PINE-8").id})
    return client


def variant(shop: Reseller, sku: str) -> Any:
    from supplier.models import Variant

    return Variant.objects.get(sku=sku)


def place(client: Client, method: str = "cod", **changes: Any) -> Any:
    """Send the checkout's form as the page has it."""
    page = client.get("/checkout/").content.decode()
    hidden = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("bag", "total")}
    return client.post("/checkout/", {**CONTACT, **hidden, "method": method, **changes})


def order_of(response: Any) -> str:
    """Give the order's address from the answer that leads there."""
    return str(response.headers["Location"])
