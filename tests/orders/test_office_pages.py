"""Orders and money in the shop's office: what b sees, cancels and gives back."""

from __future__ import annotations

import pytest
from django.test import Client

from orders.models import Order, OrderLine, Refund
from orders.web import office_lines
from reseller.services import promotions
from s2b2c.accounts.models import User
from s2b2c.outbox.models import OutboxEvent
from s2b2c.tenancy.models import Reseller
from supplier.selectors import statement
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Reseller:
    factories.company()
    factories.terms(300)
    return factories.reseller(name="Juniper Row", shipping={"price_minor": 690, "free_over_minor": None})


def office(user: User) -> Client:
    client = Client(HTTP_HOST="office.localhost")
    client.force_login(user)
    return client


@pytest.fixture
def owner(shop: Reseller) -> Client:
    return office(factories.member(shop, "owner"))


def bought(shop: Reseller, quantity: int = 2) -> Order:
    return factories.buy(shop, factories.first_variant(factories.listing(shop).product), quantity)


def read(shop: Reseller, order: Order) -> Order:
    with factories.inside(shop):
        return Order.objects.get(pk=order.pk)


def test_the_list_shows_what_is_kept(shop: Reseller, owner: Client) -> None:
    order = bought(shop)
    page = owner.get(f"/{shop.slug}/orders/").content.decode()
    assert f"#{order.number}" in page
    assert "$18.80" in page


def test_the_order_shows_the_split_to_the_cent(shop: Reseller, owner: Client) -> None:
    order = bought(shop)
    page = owner.get(f"/{shop.slug}/orders/{order.number}/").content.decode()
    for amount in ("$18.80", "$20.00", "$1.20", "$6.90", "$46.90"):
        assert amount in page


def test_an_order_of_another_shop_is_not_found(shop: Reseller, owner: Client) -> None:
    foreign = factories.order(factories.reseller())
    for path in ("", "cancel/", "refund/"):
        assert owner.get(f"/{shop.slug}/orders/{foreign.number}/{path}").status_code == 404


def test_cancelling_needs_a_reason_then_gives_everything_back(shop: Reseller, owner: Client) -> None:
    order = bought(shop)
    url = f"/{shop.slug}/orders/{order.number}/cancel/"
    assert owner.get(url).status_code == 200
    assert owner.post(url).status_code == 422
    assert read(shop, order).status == Order.Status.PROCESSING

    assert owner.post(url, {"reason": "changed_mind"}).status_code == 302
    after = read(shop, order)
    assert (after.status, after.refunded_minor) == (Order.Status.CANCELLED, after.total_minor)


def test_a_refund_sent_twice_goes_back_once(shop: Reseller, owner: Client) -> None:
    order = bought(shop)
    with factories.inside(shop):
        line = order.lines.get()
    url = f"/{shop.slug}/orders/{order.number}/refund/"
    form = {"reason": "damaged", f"unsent_{line.pk}": "1", "key": "one\0", "note": "a chip\0"}
    assert "$20.00" in owner.post(url, form).content.decode()
    assert read(shop, order).refunded_minor == 0  # only said so far
    form |= {"confirm": "1", "expected": "2000"}
    assert [owner.post(url, form).status_code, owner.post(url, form).status_code] == [302, 302]

    with factories.inside(shop):
        made = Refund.objects.get()
        assert (made.amount_minor, made.reason, made.note) == (2_000, "damaged", "a chip")
    assert owner.get(f"/{shop.slug}/orders/{order.number}/").status_code == 200


def test_the_refund_form_asks_where_the_pieces_are(shop: Reseller, owner: Client) -> None:
    order = bought(shop)
    with factories.inside(shop):
        line = order.lines.get()
        OrderLine.objects.update(shipped=1)
    url = f"/{shop.slug}/orders/{order.number}/refund/"
    page = owner.get(url).content.decode()
    assert [f'name="{kind}_{line.pk}" type="number" min="0" max="1"' in page for kind in ("unsent", "received")] == [
        True,
        True,
    ]
    form = {"reason": "damaged", f"received_{line.pk}": "1", "key": "one", "confirm": "1", "expected": "2000"}
    assert [owner.post(url, form | {f"received_{line.pk}": "2"}).status_code, owner.post(url, form).status_code] == [
        422,
        302,
    ]
    with factories.inside(shop):
        line = OrderLine.objects.get()
        assert (line.refunded, line.returned, line.unsent) == (1, 1, 1)


def test_somebody_with_a_long_address_and_no_name_cancels(shop: Reseller) -> None:
    order = bought(shop)
    person = factories.user(f"{'a' * 60}@{'b' * 60}.example.com", name="")
    factories.member(shop, "owner", user=person)
    url = f"/{shop.slug}/orders/{order.number}/cancel/"
    assert office(person).post(url, {"reason": "changed_mind"}).status_code == 302
    assert read(shop, order).status == Order.Status.CANCELLED


def test_a_refund_that_did_not_go_through_is_sent_again(shop: Reseller, owner: Client) -> None:
    order = bought(shop)
    with factories.inside(shop):
        made = Refund.objects.create(
            order=order, key="k", amount_minor=100, state=Refund.State.FAILED, created_at=order.placed_at
        )
    path = f"/{shop.slug}/orders/{order.number}/refund/{made.pk}/"
    assert path in owner.get(f"/{shop.slug}/orders/{order.number}/").content.decode()
    assert owner.post(f"/{shop.slug}/orders/{bought(shop).number}/refund/{made.pk}/").status_code == 404
    assert [owner.post(path).status_code, owner.post(path).status_code] == [302, 302]
    assert OutboxEvent.objects.filter(topic="RefundRequested").count() == 1
    assert path not in owner.get(f"/{shop.slug}/orders/{order.number}/").content.decode()


@pytest.mark.parametrize("pieces", ["3", "-1", "x", "", "9999999"])
def test_a_refund_that_will_not_do_is_said_and_kept(shop: Reseller, owner: Client, pieces: str) -> None:
    order = bought(shop)
    with factories.inside(shop):
        line = order.lines.get()
    answer = owner.post(
        f"/{shop.slug}/orders/{order.number}/refund/",
        {"reason": "damaged", f"unsent_{line.pk}": pieces, "key": "k", "note": "kept words"},
    )
    assert answer.status_code == 422
    assert "kept words" in answer.content.decode()
    assert read(shop, order).refunded_minor == 0


def test_a_clerk_sees_orders_and_changes_none(shop: Reseller) -> None:
    order = bought(shop)
    clerk = office(factories.member(shop, "clerk"))
    page = clerk.get(f"/{shop.slug}/orders/{order.number}/")
    assert page.status_code == 200
    assert "refund/" not in page.content.decode()
    for path in ("cancel/", "refund/"):
        assert clerk.post(f"/{shop.slug}/orders/{order.number}/{path}", {"reason": "other"}).status_code == 403


def test_money_agrees_with_the_books(shop: Reseller, owner: Client) -> None:
    bought(shop)
    bought(shop, 1)
    balance = statement.balance(shop.id, "USD")
    page = owner.get(f"/{shop.slug}/money/").content.decode()
    assert balance.total == 2_820
    assert "$28.20" in page
    lines = owner.get(f"/{shop.slug}/money/lines/?waiting=1")
    assert lines.context["table"].totals[-1][1] == f"${balance.on_the_way / 100:.2f}"


def test_sum_of_the_lines_is_that_of_all_pages(shop: Reseller, owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        bought(shop, 1)
    monkeypatch.setattr(office_lines.Lines, "size", 2)
    first = owner.get(f"/{shop.slug}/money/lines/").context["table"]
    assert (len(first.page.rows), bool(first.page.after), first.totals[-1][1]) == (2, True, "$28.20")
    second = owner.get(f"/{shop.slug}/money/lines/{first.after_url}").context["table"]
    assert (len(second.page.rows), second.totals[-1][1]) == (1, "$28.20")


def test_lines_name_the_delivery_the_shop_paid(owner: Client, shop: Reseller) -> None:
    with factories.inside(shop):
        promotions.make(name="Free delivery", kind="delivery")
    bought(shop)
    rows = owner.get(f"/{shop.slug}/money/lines/").context["table"].page.rows
    assert sorted(office_lines.what(row) for row in rows) == ["Delivery you paid", "Sold"]


@pytest.mark.parametrize("query", ["month=2026-13", "month=x"])
def test_a_month_that_is_none_is_not_found(shop: Reseller, owner: Client, query: str) -> None:
    assert owner.get(f"/{shop.slug}/money/lines/?{query}").status_code == 404


def test_no_page_of_a_shop_holds_a_word_of_another(shop: Reseller, owner: Client) -> None:
    other = factories.reseller(name="Canary Nest")
    made = factories.listing(other, factories.product("Shared mug"), title_en="Canary mug")
    factories.buy(other, factories.first_variant(made.product), name="Canary Customer", email="canary@example.com")
    bought(shop)
    for path in ("", "orders/", "products/", "add/", "money/", "money/lines/", "customers/", "settings/", "share/"):
        assert "canary" not in owner.get(f"/{shop.slug}/{path}").content.decode().lower()


def test_countries_are_named_in_the_readers_language(shop: Reseller, owner: Client) -> None:
    order = bought(shop)
    with factories.inside(shop):
        Order.objects.update(address={"city": "Lyon", "country": "FR"})
    url = f"/{shop.slug}/orders/{order.number}/"
    assert "France" in owner.get(url).content.decode()
    chinese = owner.get(url, headers={"accept-language": "zh-hans"})
    owner.cookies["language"] = "zh-hans"
    assert "法国" in (chinese.content.decode() + owner.get(url).content.decode())


def test_an_order_nobody_paid_says_so(shop: Reseller, owner: Client) -> None:
    with factories.inside(shop):
        Order.objects.filter(pk=bought(shop).pk).update(status=Order.Status.EXPIRED, paid=Order.Paid.UNPAID)
        order = Order.objects.get()
    page = owner.get(f"/{shop.slug}/orders/{order.number}/").content.decode()
    assert "How the payment would be divided" in page
    assert f"{order.name} paid" not in page


def test_a_suspended_shop_is_told_so_on_every_page(shop: Reseller, owner: Client) -> None:
    assert "Your shop is suspended." not in owner.get(f"/{shop.slug}/").content.decode()
    factories.tenancy_services.suspend(reseller=shop, reason="Nobody answers")
    for path in ("", "orders/", "money/"):
        assert "Your shop is suspended." in owner.get(f"/{shop.slug}/{path}").content.decode()


def test_a_phone_reaches_the_pages_the_bottom_bar_has_no_room_for(shop: Reseller, owner: Client) -> None:
    page = owner.get(f"/{shop.slug}/").content.decode()
    header = page.partition("<header")[2].partition("</header>")[0]
    for path in ("customers", "design", "share", "settings", "settings/staff", "settings/api-keys"):
        assert f'href="/{shop.slug}/{path}/"' in header


def test_a_page_not_for_the_role_keeps_the_way_to_the_others(shop: Reseller) -> None:
    answer = office(factories.member(shop, "clerk")).get(f"/{shop.slug}/settings/staff/")
    assert answer.status_code == 403
    assert f'href="/{shop.slug}/orders/"' in answer.content.decode()
