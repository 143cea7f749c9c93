"""What an attacker would try first, on every host; what has a home of its own is tested there.

Roles: ``test_role_matrix``. Foreign data: ``test_canaries``. Sessions and hosts: ``tests/tenancy``. Log-in and its
redirects: ``tests/accounts``. Pictures: ``tests/supplier/test_catalogue_media``. Webhooks: ``tests/orders``.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from orders.models import Cart, Order, OrderLine
from reseller.models import Shop
from s2b2c.accounts.models import Membership, User
from s2b2c.tenancy.models import Reseller
from supplier.models import Media, Product
from tests import factories
from tests.api.conftest import ApiClient
from tests.house import canaries
from tests.house.crawling import crawl

pytestmark = pytest.mark.django_db

CONTACT = {"name": "Maya", "email": "maya@example.com", **factories.address()}
# What a buyer might like to decide.
GREED = {
    "price": 1, "price_minor": 1, "unit_minor": 1, "total": 1, "total_minor": 1, "items_minor": 1, "shipping_minor": 0, "tax_minor": 0,
    "wholesale_minor": 0, "margin_minor": 0, "fee_minor": 0, "paid": "paid", "status": "shipped", "discount": 100, "currency": "VND",
    "reseller": 1, "customer": 1, "number": "MINE", "token": "mine", "terms": {"fee_bps": 0},
}  # fmt: skip


@pytest.fixture
def shop(settings: Any) -> Reseller:
    """A shop that sells one product."""
    settings.SUPPLIER_MFA_REQUIRED = False
    factories.company()
    factories.terms()
    made = factories.reseller("aster", shipping={"price_minor": 500, "free_over_minor": None})
    made.product = factories.product(stock=40)
    factories.listing(made, made.product)
    made.variant = factories.first_variant(made.product)
    return made


def client(host: str, user: Any = None, **options: Any) -> Client:
    made = Client(HTTP_HOST=f"{host}.localhost" if host else "localhost", raise_request_exception=False, **options)
    if user is not None:
        made.force_login(user)
    return made


# --- Every page --------------------------------------------------------------------------------------------
def test_every_page_of_the_supplier_keeps_to_the_policy(shop: Reseller) -> None:
    canaries.furnish(factories.reseller("birch"), [shop.product, factories.product(stock=40)])
    starts = ["/", "/catalogue/", "/stock/", "/ledger/journals/", "/imports/", "/events/", "/settings/staff/", "/api/v1/docs/"]  # fmt: skip
    seen = crawl(client("supply", factories.staff("admin")), *starts, pages=120, of_a_kind=2)
    assert len(seen.pages) > 40
    assert seen.wrong == []


def test_every_page_before_signing_in_keeps_to_the_policy(shop: Reseller) -> None:
    for host in ("", "supply", "office"):
        seen = crawl(client(host), "/", "/accounts/login/", "/accounts/password/reset/", "/nowhere/", "/healthz")
        assert seen.wrong == []


@pytest.mark.parametrize(
    "host",
    ["aster.localhost.evil.test", "evil.test", "aster", "localhost.evil.test", "x.aster.localhost", "127.0.0.1"],
)
@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/api/v1/products/", "/webhooks/stripe/"])
def test_forged_host_ends_before_any_view(shop: Reseller, host: str, path: str) -> None:
    response = Client(HTTP_HOST=host).get(path)
    assert (response.status_code, "aster" in response.content.decode().lower()) == (404, False)


@pytest.mark.parametrize("target", ["https://evil.test/", "//evil.test", "/\\evil.test", "https:evil.test", "javascript:alert(1)"])  # fmt: skip
@pytest.mark.parametrize(
    ("host", "path"), [("aster", "/i18n/language/"), ("supply", "/i18n/language/"), ("aster", "/bag/add/")]
)
def test_forms_lead_to_no_other_host(shop: Reseller, host: str, path: str, target: str) -> None:
    data = {"language": "en", "next": target, "back": target, "variant": shop.variant.id}
    where = client(host).post(path, data).headers.get("Location", "")
    assert re.fullmatch(r"(?:/(?![/\\]).*)?", where)


# --- Forms from elsewhere -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("host", "path", "who"),
    [
        ("office", "/aster/settings/", "owner"),
        ("office", "/aster/products/rule/", "owner"),
        ("office", "/aster/settings/staff/", "owner"),
        ("office", "/accounts/logout/", "owner"),
        ("supply", "/resellers/aster/suspend/", "admin"),
        ("supply", "/catalogue/new/", "admin"),
        ("supply", "/settings/api-keys/", "admin"),
        ("supply", "/resellers/terms/", "admin"),
    ],
)
def test_office_takes_no_form_from_a_shop(shop: Reseller, host: str, path: str, who: str) -> None:
    """Shops live on sibling hosts and hold words of resellers; a signed-in person may look at one."""
    person = factories.member(None if host == "supply" else shop, who)
    for origin in ("http://aster.localhost:8000", "http://evil.test", "null"):
        lured = client(host, person, enforce_csrf_checks=True)
        lured.get("/accounts/")  # so that there is a token's cookie
        token = lured.cookies["csrf"].value if "csrf" in lured.cookies else ""
        answer = lured.post(path, {"csrfmiddlewaretoken": token, "reason": "x"}, headers={"origin": origin})
        assert answer.status_code == 403
    shop.refresh_from_db()
    assert shop.is_open


# --- More than was asked for ---------------------------------------------------------------------------------------
def test_buyer_decides_no_figure_over_the_api(shop: Reseller) -> None:
    api = ApiClient("aster.localhost")
    cart = api.send(
        "post", "/api/v1/carts/", {**GREED, "lines": [{"variant": shop.variant.id, "quantity": 2, **GREED}]}
    )
    assert (cart.status_code, cart.json()["total_minor"]) == (201, 4_500)
    token = cart.json()["token"]
    line = f"/api/v1/carts/{token}/lines/{shop.variant.id}/"
    assert api.send("put", line, {"quantity": 1, **GREED}).json()["total_minor"] == 2_500
    with factories.inside(shop):
        assert Cart.objects.get(token=token).lines[0].keys() <= {"variant", "quantity", "seen_minor", "added_at"}
    placed = api.send(
        "post", "/api/v1/checkout/", {**GREED, "cart": token, "method": "cod", "contact": {**CONTACT, **GREED}}
    )
    assert (placed.status_code, placed.json()["total_minor"], placed.json()["status"]) == (201, 2_500, "placed")
    _is_as_sold(shop, placed.json()["token"], total=2_500, pieces=1)


def test_buyer_decides_no_figure_on_the_page(shop: Reseller) -> None:
    buyer = client("aster")
    buyer.post("/bag/add/", {**GREED, "variant": shop.variant.id, "quantity": 2, "terms": "x"})
    page = buyer.get("/checkout/").content.decode()
    bag = page.split('name="bag" value="')[1].split('"')[0]
    cheap = {**GREED, **CONTACT, "terms": "x", "bag": bag, "method": "cod", "total": "1"}
    assert buyer.post("/checkout/", cheap).status_code == 409  # the total is what was shown, not what is paid
    answer = buyer.post("/checkout/", {**cheap, "total": "4500"})
    assert answer.status_code == 303
    _is_as_sold(shop, answer.headers["Location"].split("/")[2], total=4_500, pieces=2)


def _is_as_sold(shop: Reseller, token: str, *, total: int, pieces: int) -> None:
    with factories.inside(shop):
        order = Order.objects.get(token=token)
        line = OrderLine.objects.get(order=order)
    assert (order.total_minor, order.status, order.paid, order.currency) == (total, "placed", "due", "USD")
    assert (line.quantity, line.unit_minor, line.wholesale_minor, line.fee_minor) == (
        pieces, 2_000, 1_000 * pieces, 60 * pieces,
    )  # fmt: skip


@pytest.mark.parametrize("method", ["invoice", "paid", "", "CARD", "card"])
def test_buyer_takes_only_ways_to_pay_that_are_offered(shop: Reseller, method: str) -> None:
    with factories.inside(shop):
        Shop.objects.update(card_enabled=False)
    api = ApiClient("aster.localhost")
    token = api.send("post", "/api/v1/carts/", {"lines": [{"variant": shop.variant.id}]}).json()["token"]
    answer = api.send("post", "/api/v1/checkout/", {"cart": token, "method": method, "contact": CONTACT})
    assert answer.status_code == 422


def test_owner_makes_nobody_more_than_the_form_offers(shop: Reseller) -> None:
    """Extra fields of a form reach no column: not the state of the shop, not staff of S, not another shop."""
    owner = factories.member(shop, "owner")
    other = factories.reseller("birch")
    office = client("office", owner)
    greed = {
        "status": "open", "schema_name": "public", "slug": "mine", "is_staff": "on", "is_superuser": "on", "currency": "VND",
        "reseller": other.pk, "role": "admin", "id": 7, "pk": 7, "look": "kiln",
    }  # fmt: skip
    office.post("/aster/settings/", {**greed, "section": "profile", "name": "Aster & Co", "email": "a@example.com"})
    office.post("/aster/settings/staff/", {**greed, "email": "new@example.com", "action": "invite"})
    shop.refresh_from_db()
    with factories.inside(shop):
        row = Shop.objects.get()
    assert (shop.slug, shop.currency, row.name, row.currency, row.look) == (
        "aster", "USD", "Aster & Co", "USD", "hearth",
    )  # fmt: skip
    assert not User.objects.filter(is_superuser=True).exists()
    assert not Membership.objects.filter(reseller=None).exists()
    assert not Membership.objects.filter(reseller=other).exists()


# --- Files -------------------------------------------------------------------------------------------------------
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!doctype html><script>alert(1)</script>"


@pytest.mark.parametrize("content", [SVG, HTML, b"GIF89a" + HTML, b"\xff\xd8\xff\xe0" + HTML, b"%PDF-1.7 " + HTML])
@pytest.mark.parametrize("name", ["x.svg", "x.png", "x.html", "../../x.jpg"])
def test_upload_that_is_no_picture_is_refused(shop: Reseller, content: bytes, name: str) -> None:
    staff = client("supply", factories.staff("catalogue"))
    file = SimpleUploadedFile(name, content, content_type="image/png")
    answer = staff.post(f"/catalogue/{shop.product.pk}/pictures/", {"file": file})
    assert (answer.status_code, Media.objects.count()) == (422, 0)


def test_picture_with_a_page_inside_is_drawn_anew(shop: Reseller, settings: Any, tmp_path: Any) -> None:
    """A picture that is a page as well: what is stored is neither."""
    settings.MEDIA_ROOT = tmp_path
    drawn = BytesIO()
    Image.new("RGB", (600, 600), "navy").save(drawn, "JPEG", comment=HTML)
    file = SimpleUploadedFile("x.html", drawn.getvalue() + HTML, content_type="text/html")
    client("supply", factories.staff("catalogue")).post(f"/catalogue/{shop.product.pk}/pictures/", {"file": file})
    stored = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert Media.objects.filter(product=Product.objects.get(pk=shop.product.pk)).count() == 1
    assert {path.suffix for path in stored} == {".webp"}
    assert [path for path in stored if b"<script" in path.read_bytes()] == []
