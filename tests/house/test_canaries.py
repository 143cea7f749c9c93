"""Nobody reads what is another's: canaries in every text column of one shop and of S, and everything else is read."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import URLPattern, URLResolver

from s2b2c.accounts.services import audit
from s2b2c.api import scopes
from s2b2c.api.models import ApiKey
from s2b2c.tenancy.models import Reseller
from s2b2c.urls import office as office_urls
from storefront.memo import Memo
from supplier.models import Company, FulfilmentOrder, OrderNote, SalesOrder, Shipment, Variant, Warehouse
from tests import factories
from tests.api.conftest import ApiClient, make_key
from tests.house import canaries
from tests.house.crawling import crawl

pytestmark = pytest.mark.django_db

SHOPS_OWN, SUPPLIERS_OWN = "zqcanary", "zqwarble"
# What S asks for the goods, in every spelling; no other figure looks like it.
COST = 1_337
COSTS = ["13.37", "1337", "26.74", "2674", "13,37", "26,74"]
PUBLIC = [
    "/", "/c/", "/bag/", "/checkout/", "/account/", "/search/?q=product", "/sitemap.xml", "/robots.txt", "/manifest.webmanifest",
    "/api/v1/products/", "/api/v1/categories/",
]  # fmt: skip
WORDS_OF_COST = ["wholesale", "margin", "进货价", "批发价", "利润", "毛利"]


@dataclass
class World:
    aster: Reseller
    birch: Reseller
    secrets: list[str]
    order: Any
    cart: str


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Schemas of rolled back tests may come again with the same versions."""
    for name, module in list(sys.modules.items()):
        for value in vars(module).values() if name.startswith("storefront.") else ():
            if isinstance(value, Memo):
                value.clear()


@pytest.fixture
def world(settings: Any) -> World:
    """Two shops that sell the same goods; Aster's words, and S's own, are canaries."""
    settings.SUPPLIER_MFA_REQUIRED = False
    factories.company()
    factories.terms()
    aster, birch = factories.reseller("aster"), factories.reseller("birch")
    goods = [factories.product(wholesale=COST, suggested=2_950, stock=40, brand="Loom") for _ in range(2)]
    order = canaries.furnish(aster, goods)
    canaries.furnish(birch, goods)
    secrets = [*_of_the_shop(aster), *_of_the_supplier()]
    with factories.inside(aster):
        from orders.models import Cart

        cart = str(Cart.objects.latest("pk").token)
    mail.outbox.clear()
    return World(aster, birch, secrets, order, cart)


def _of_the_shop(aster: Reseller) -> Iterator[str]:
    owner = factories.member(aster, "owner")
    make_key(aster, *scopes.SHOP)
    audit.record(action="shop.note", subject=SHOPS_OWN, reseller=aster, actor=owner)
    with factories.inside(aster):
        rows = canaries.tables_of_a_shop()
        found = [*canaries.hang(rows, SHOPS_OWN)]
    sales = SalesOrder.objects.filter(reseller=aster)
    public = [
        sales,
        OrderNote.objects.filter(order__in=sales),
        FulfilmentOrder.objects.filter(order__in=sales),
        Shipment.objects.filter(fulfilment__order__in=sales),
        ApiKey.objects.filter(reseller=aster),
        type(owner).objects.filter(pk=owner.pk),
    ]
    found += [*canaries.hang(public, SHOPS_OWN)]
    Reseller.objects.filter(pk=aster.pk).update(name=SHOPS_OWN)
    yield from {each for each in found if len(each) > 6 and each != "main"}
    yield "aster"


def _of_the_supplier() -> Iterator[str]:
    """What only S's own people see: its warehouses, drafts, and what is out of sale."""
    Warehouse.objects.update(name_en=SUPPLIERS_OWN, name_zh=SUPPLIERS_OWN, city=SUPPLIERS_OWN)
    for status in ("draft", "withdrawn"):
        hidden = factories.product(
            SUPPLIERS_OWN, status=status, name_zh=SUPPLIERS_OWN, slug=f"{SUPPLIERS_OWN}-{status}"
        )
        Variant.objects.filter(product=hidden).update(sku=f"{SUPPLIERS_OWN}-{status}")
    Company.objects.update(email=f"{SUPPLIERS_OWN}@example.com")
    factories.member(None, "admin", user=factories.user(f"{SUPPLIERS_OWN}@example.com", name=SUPPLIERS_OWN))
    yield SUPPLIERS_OWN


def _client(host: str, user: Any = None, language: str = "en") -> Client:
    client = Client(HTTP_HOST=f"{host}.localhost", raise_request_exception=False)
    client.cookies["language"] = language
    if user is not None:
        client.force_login(user)
    return client


def test_canaries_sing_at_home(world: World) -> None:
    """The nets below hold: the owner of the shop, and S, do see them."""
    owner = factories.member(world.aster, "owner")
    seen = crawl(_client("office", owner), "/aster/", pages=40)
    assert len(seen.saying(SHOPS_OWN)) > 5
    staff = crawl(_client("supply", factories.staff()), "/", "/stock/", "/catalogue/", pages=40)
    assert len(staff.saying(SUPPLIERS_OWN)) > 3


def test_owner_of_another_shop_reads_nothing_foreign(world: World) -> None:
    owner = factories.member(world.birch, "owner")
    for language in ("en", "zh-hans"):
        seen = crawl(_client("office", owner, language), "/", "/birch/", *_foreign_addresses(world), pages=120)
        assert len(seen.pages) > 40
        assert seen.wrong == []
        assert seen.saying(*world.secrets) == []


def _foreign_addresses(world: World) -> list[str]:
    """Give addresses of Birch's office that name Aster's things, and Aster's own."""
    number = world.order.number
    found = [
        "/birch/" + re.sub(r"<(?:slug|str):\w+>", number, pattern)
        for pattern in _patterns(office_urls.pages)
        if re.search(r"<(?:slug|str):(?:number|token)>", pattern)
    ]
    assert found != []
    return [*found, "/aster/", "/aster/orders/", "/aster/money/"]


def _patterns(patterns: list[Any]) -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _patterns(each.url_patterns)
        elif isinstance(each, URLPattern):
            yield str(each.pattern)


def test_visitor_of_another_shop_reads_nothing_foreign(world: World) -> None:
    token = world.order.token
    own = [f"/order/{token}/", f"/api/v1/orders/{token}/", f"/api/v1/carts/{world.cart}/"]
    for language in ("en", "zh-hans"):
        client = _client("birch", language=language)
        assert [client.get(path).status_code for path in own] == [404, 404, 404]
        _fill_bag(client)
        for _ in range(2):  # the second time from what was kept of the first
            seen = crawl(client, *PUBLIC, *own, pages=60)
            assert len(seen.pages) > 15
            assert seen.wrong == []
            assert seen.saying(*world.secrets, *COSTS, *WORDS_OF_COST) == []


def test_consumer_reads_nothing_of_what_the_goods_cost(world: World) -> None:
    for language in ("en", "zh-hans"):
        client = _client("aster", language=language)
        _fill_bag(client)
        of_the_order = [f"/order/{world.order.token}/", f"/api/v1/orders/{world.order.token}/"]
        seen = crawl(client, *PUBLIC, *of_the_order, f"/api/v1/carts/{world.cart}/", pages=60)
        assert seen.wrong == []
        assert len(seen.saying(SHOPS_OWN)) > 10
        assert seen.saying(*COSTS, *WORDS_OF_COST, SUPPLIERS_OWN) == []


def test_programs_and_mails_of_another_shop_say_nothing_foreign(world: World) -> None:
    client = ApiClient("birch.localhost", make_key(world.birch, *scopes.SHOP))
    paths = ["categories", "products", f"orders/{world.order.token}", f"carts/{world.cart}", "schema"]
    said = [client.get(f"/api/v1/{path}/").content.decode() for path in paths]
    factories.buy(world.birch, _on_sale(), 1)
    assert len(mail.outbox) > 0
    said += [_words(message) for message in mail.outbox]
    wanted = [SHOPS_OWN, SUPPLIERS_OWN, world.order.number, *COSTS]
    assert [each for each in wanted if each.lower() in "\n".join(said).lower()] == []


def _words(message: EmailMessage) -> str:
    """Give all that a mail says; its ids and boundaries are random numbers, in which any number may stand."""
    told = [message.subject, message.from_email, *message.to, *message.extra_headers.values(), message.body]
    return "\n".join([*map(str, told), *(str(each.content) for each in getattr(message, "alternatives", []))])


def _on_sale() -> Variant:
    return Variant.objects.filter(product__status="active").order_by("id")[0]


def _fill_bag(client: Client) -> None:
    assert client.post("/bag/add/", {"variant": _on_sale().id}).status_code == 303
