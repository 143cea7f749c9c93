"""Discounts from the bag to the books: who gets which, who bears it, and what it never does."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.models import Order
from orders.selectors import cart as carts
from orders.selectors import quote as quotes
from orders.selectors import taxes
from orders.services import cancellation, cart, checkout, closing, payment
from reseller.models import Promotion, Shop
from reseller.selectors import shop as shops
from reseller.selectors.offers import Sellable
from reseller.selectors.promotions import Running
from reseller.services import promotions
from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused, StateRefused
from s2b2c.tenancy.models import Reseller
from supplier.models import Campaign, SalesOrder, Transfer
from supplier.selectors import audit
from supplier.services import bundles, campaigns
from tests import factories
from tests.fakestripe import FakeStripe
from tests.orders import buying
from tests.supplier import office

pytestmark = pytest.mark.django_db
WHO = {"name": "Marta Keller", "email": "marta@example.com", **factories.address()}


@pytest.fixture
def shop() -> Reseller:
    return factories.reseller()


def balances() -> dict[str, int]:
    """Give debit less credit by kind of account, of those that are not zero."""
    sums: Counter[str] = Counter()
    for each in Transfer.objects.select_related("debit", "credit"):
        sums[each.debit.kind] += each.amount_minor
        sums[each.credit.kind] -= each.amount_minor
    return {str(kind): minor for kind, minor in sums.items() if minor}


def bag(shop: Reseller, quantity: int = 2) -> str:
    variant = factories.first_variant(factories.product(wholesale=1_000, suggested=2_000, floor=1_500))
    factories.listing(shop, variant.product)
    with factories.inside(shop):
        return str(cart.add_line(token=None, variant_id=variant.id, quantity=quantity).token)


def quote(shop: Reseller, token: str) -> quotes.Quote:
    return carts.summary(carts.find(token), shop=shops.get(), reseller_id=shop.pk).quote


def buy(token: str, *, method: str = Order.Method.COD) -> Order:
    return checkout.place_order(cart_token=token, contact=checkout.Contact(**WHO), method=method, language="en")


def test_promotion_runs_by_itself_and_is_frozen_with_the_order(shop: Reseller) -> None:
    token = bag(shop)
    with factories.inside(shop):
        promotions.make(name="Autumn", kind="percent", value=1_000)
        order = buy(token)
        line = order.lines.get()
        assert (line.discount_minor, line.funded_minor, order.discount_minor) == (400, None, 400)
        assert line.paid_minor == 3_600 + line.tax_minor
        assert order.terms["promotions"][0]["name"] == "Autumn"
    factories.drain()
    assert [*audit.books()] == []


def test_code_has_to_be_typed(shop: Reseller) -> None:
    token = bag(shop)
    with factories.inside(shop):
        promotions.make(name="For friends", kind="amount", value=500, code="friend s")
        assert quote(shop, token).discount_minor == 0
        cart.set_code(token=token, code=" friends ")
        assert quote(shop, token).discount_minor == 500
        with pytest.raises(Refused):
            cart.set_code(token=token, code="OTHER")


def test_offers_do_not_add_up(shop: Reseller) -> None:
    token = bag(shop)
    with factories.inside(shop):
        promotions.make(name="Ten", kind="percent", value=1_000)
        promotions.make(name="Five off", kind="amount", value=500, code="FIVE")
        cart.set_code(token=token, code="FIVE")
        found = quote(shop, token)
    assert ([each.name for each in found.used], found.discount_minor) == (["Five off"], 500)


def test_campaign_of_s_is_borne_by_s_as_agreed_and_goes_back_so(shop: Reseller) -> None:
    token = bag(shop)
    offered = campaigns.offer(name_en="Launch", value_bps=2_000, share_bps=7_500, actor_id=None)
    with factories.inside(shop):
        promotions.take_on(campaign_id=offered.pk)
        order = buy(token)
        line = order.lines.get()
        assert (line.discount_minor, line.funded_minor) == (800, 600)
    factories.drain()
    assert SalesOrder.objects.get().funded_minor == 600
    with factories.inside(shop):
        cancellation.cancel(order_number=order.number, actor="b", reason="defect")
    factories.drain()
    assert [*audit.books()] == []
    assert balances() == {}


def test_campaign_ended_by_s_stops_in_the_shops(shop: Reseller) -> None:
    token = bag(shop)
    offered = campaigns.offer(name_en="Launch", value_bps=2_000, share_bps=5_000, actor_id=None)
    with factories.inside(shop):
        promotions.take_on(campaign_id=offered.pk)
        assert quote(shop, token).discount_minor == 800
        with pytest.raises(StateRefused):
            promotions.take_on(campaign_id=offered.pk)
    campaigns.end(campaign_id=offered.pk, actor_id=None)
    with factories.inside(shop):
        assert quote(shop, token).discount_minor == 0


def test_free_delivery_is_borne_by_the_shop_and_goes_back_with_a_cancelled_order(shop: Reseller) -> None:
    token = bag(shop)
    with factories.inside(shop):
        Shop.objects.update(shipping={"price_minor": 590, "free_over_minor": None})
        promotions.make(name="Free delivery", kind="delivery")
        order = buy(token)
        assert (order.shipping_minor, order.terms["shipping_funder"]) == (0, "b")
    factories.drain()
    assert SalesOrder.objects.get().shipping_funded_minor == 590
    assert [*audit.books()] == []
    with factories.inside(shop):
        cancellation.cancel(order_number=order.number, actor="b", reason="defect")
    factories.drain()
    assert balances() == {}


def test_limited_promotion_is_used_so_often_and_no_more(shop: Reseller) -> None:
    first, second = bag(shop), bag(shop)
    with factories.inside(shop):
        promotions.make(name="First", kind="percent", value=1_000, uses_most=1)
        buy(first)
        assert Promotion.objects.get().uses == 1
        assert buy(second).discount_minor is None


def test_use_of_an_order_never_paid_is_given_back(shop: Reseller) -> None:
    token = bag(shop)
    with factories.inside(shop):
        promotions.make(name="First", kind="percent", value=1_000, uses_most=1)
        order = buy(token, method=Order.Method.CARD)
        cancellation.cancel(order_number=order.number, actor="b", reason="defect")
        assert Promotion.objects.get().uses == 0


def test_promotion_that_is_over_takes_nothing_off(shop: Reseller) -> None:
    token = bag(shop)
    with factories.inside(shop):
        made = promotions.make(name="Ten", kind="percent", value=1_000)
        promotions.end(promotion_id=made.pk)
        assert quote(shop, token).discount_minor == 0
        assert Shop.objects.get().promoting is False
        with pytest.raises(Refused):
            promotions.make(name="Past", kind="percent", value=100, ends_at=clock.now() - timedelta(days=1))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no finding
@given(
    price=st.integers(1, 100_000), below=st.integers(0, 100_000), cost=st.integers(0, 100_000),
    quantity=st.integers(1, 30), rate=st.integers(1, 9_000), share=st.integers(0, 10_000),
    fee=st.integers(0, 3_000), tax=st.integers(0, 2_500), included=st.booleans(),
)  # fmt: skip
def test_discount_never_goes_below_the_floor_nor_makes_a_loss(
    price: int, below: int, cost: int, quantity: int, rate: int, share: int, fee: int, tax: int, included: bool
) -> None:
    floor = max(price - below, 0)
    sold = Sellable(1, 1, "a", "A", "A", "", price, min(cost, floor), 9, "", "", floor, 1)
    shop = Shop(currency="USD", tax_bps=tax, tax_included=included, shipping={})
    offer = Running(1, "x", "", "percent", rate, share, frozenset(), frozenset(), 0, False)
    before = quotes.of(shop, [(sold, quantity)], fee_bps=fee)
    after = quotes.of(shop, [(sold, quantity)], fee_bps=fee, running=[offer])
    line = after.lines[0]
    assert line.retail_minor - line.discount_minor >= floor * quantity
    assert 0 <= line.funded_minor <= line.discount_minor
    assert line.margin_minor >= min(before.lines[0].margin_minor, 0)
    assert after.total_minor == sum(each.paid_minor for each in after.lines)
    assert after.total_minor <= before.total_minor


def test_bag_page_takes_a_code_and_says_what_it_did(shop: Reseller, settings: Any) -> None:
    token = bag(shop)
    with factories.inside(shop):
        promotions.make(name="For friends", kind="percent", value=1_000, code="FRIENDS")
    client = Client(HTTP_HOST=f"{shop.slug}.localhost", headers={"accept-language": "en"})
    client.cookies[settings.CART_COOKIE_NAME] = token
    client.post("/bag/code/", {"code": "friends"})
    page = client.get("/bag/").content.decode()
    assert "Your code is taken off." in page
    assert "<dt>For friends</dt><dd>−$4.00</dd>" in page


def test_office_starts_and_ends_a_promotion_and_takes_on_a_campaign(shop: Reseller) -> None:
    campaigns.offer(name_en="Launch", value_bps=2_000, share_bps=5_000, actor_id=None)
    client = Client(HTTP_HOST="office.localhost")
    client.force_login(factories.member(shop, "owner"))
    url = f"/{shop.slug}/promotions/"
    assert "of which" in client.get(url).content.decode()
    assert client.post(url, {"name": "Ten", "kind": "percent", "value": "10"}).status_code == 302
    assert client.post(url, {"name": "None", "kind": "percent", "value": "0"}).status_code == 422
    with factories.inside(shop):
        made = Promotion.objects.get()
    assert (made.value, made.share_bps) == (1_000, 0)
    client.post(f"{url}end/{made.pk}/")
    campaign = campaigns.offer(name_en="Second", value_bps=1_000, share_bps=5_000, actor_id=None)
    client.post(f"{url}take/{campaign.pk}/")
    with factories.inside(shop):
        made.refresh_from_db()
        assert made.ends_at is not None
        assert Promotion.objects.get(campaign_id=campaign.pk).share_bps == 5_000


def test_supplier_offers_and_ends_a_campaign(settings: Any) -> None:
    settings.SUPPLIER_MFA_REQUIRED = False
    client = office.client("finance")
    sent = {"name_en": "Launch", "percent": "20", "share": "50"}
    assert client.post("/campaigns/", sent).status_code == 302
    made = Campaign.objects.get()
    assert (made.value_bps, made.share_bps, made.ends_at) == (2_000, 5_000, None)
    assert "Launch" in client.get("/campaigns/").content.decode()
    client.post(f"/campaigns/end/{made.pk}/")
    made.refresh_from_db()
    assert made.ends_at is not None


def test_tax_is_shown_by_its_frozen_rate_in_both_offices(shop: Reseller, settings: Any) -> None:
    settings.SUPPLIER_MFA_REQUIRED = False
    token = bag(shop)
    with factories.inside(shop):
        Shop.objects.update(tax_bps=800)
        promotions.make(name="Autumn", kind="percent", value=1_000)
        order = buy(token)
        Shop.objects.update(tax_bps=0)
        shipping, tax = order.shipping_minor, order.tax_minor
        assert taxes.of(order) == [taxes.Taxed(800, 3_600 + shipping, tax)]
    factories.drain()
    client = Client(HTTP_HOST="office.localhost")
    client.force_login(factories.member(shop, "owner"))
    page = client.get(f"/{shop.slug}/orders/{order.number}/").content.decode()
    assert "8 % of" in page
    assert "Autumn" in page
    assert "Tax 8 %" in office.client("finance").get(f"/orders/{shop.slug}/{order.number}/").content.decode()


def test_band_holds_for_a_bundle_however_much_is_taken_off(shop: Reseller) -> None:
    """The floor is the bundle's own, whatever its parts may cost; refunded, nothing of the discount is left over."""
    part = factories.first_variant(factories.product(wholesale=300, suggested=900, floor=100))
    made = factories.product(variants=0)
    of = factories.variant(made, stock=0, wholesale=1_000, suggested=2_000, floor=1_500)
    bundles.put(variant_id=of.id, parts={part.id: 2})
    factories.listing(shop, made)
    with factories.inside(shop):
        promotions.make(name="Half", kind="percent", value=5_000)
        order = buy(str(cart.add_line(token=None, variant_id=of.id, quantity=3).token))
        line = order.lines.get()
        assert line.retail_minor - line.discount_minor == 3 * 1_500
    factories.drain()
    with factories.inside(shop):
        cancellation.cancel(order_number=order.number, actor="b", reason="defect")
    factories.drain()
    assert balances() == {}
    assert [*audit.books()] == []
    assert [*audit.stock()] == []


def paid_late(shop: Reseller, provider: FakeStripe, uses_most: int, *, meanwhile: bool) -> tuple[str, int]:
    """Pay an order that used a discount after it had expired; give how it stands, and how often the discount was used."""
    first, second = bag(shop), bag(shop)
    with factories.inside(shop):
        promotions.make(name="First", kind="percent", value=1_000, uses_most=uses_most)
    with factories.context.entered(shop):
        order = buy(first, method=Order.Method.CARD)
        payment.open_page(order_token=order.token)
        with buying.later(minutes=60):
            closing.expire(order_number=order.number)
            if meanwhile:
                buy(second)
        provider.pay(buying.payment_session(shop))
        payment.record(session_id=buying.payment_session(shop))
    with factories.inside(shop):
        return Order.objects.get(id=order.id).status, Promotion.objects.get().uses


@pytest.mark.django_db(transaction=True)
def test_discount_of_an_order_paid_late_counts_again(shop: Reseller, provider: FakeStripe) -> None:
    assert paid_late(shop, provider, 2, meanwhile=True) == ("placed", 2)


@pytest.mark.django_db(transaction=True)
def test_order_paid_late_does_not_use_a_discount_that_was_used_up(shop: Reseller, provider: FakeStripe) -> None:
    assert paid_late(shop, provider, 1, meanwhile=True) == ("expired", 1)
