"""A shop opens in one go or not at all, and says what it is."""

from __future__ import annotations

import time

import pytest

from reseller.models import Listing, Shop
from reseller.services import shop as shops
from s2b2c.accounts.models import Membership
from s2b2c.kernel.errors import Refused, StateRefused
from s2b2c.tenancy import services as tenancy_services
from s2b2c.tenancy.models import Reseller
from tests import factories

pytestmark = pytest.mark.django_db
JUNIPER = {"name": "Juniper  Row ", "slug": "juniper-row", "currency": "USD", "country": "US"}


def test_opening_a_shop_makes_everything() -> None:
    kitchen = factories.category("kitchen")
    product, owner = factories.product(category=kitchen), factories.user("nora@example.com")

    began = time.monotonic()
    made = shops.open_shop(user=owner, look="trail", category_ids=[kitchen.id], **JUNIPER)

    assert time.monotonic() - began < 5
    assert (made.status, made.name) == (Reseller.Status.OPEN, "Juniper Row")
    assert Membership.objects.get().role == "owner"
    with factories.inside(made):
        row = Shop.objects.get()
        assert (row.name, row.look, row.currency, row.email) == ("Juniper Row", "trail", "USD", "nora@example.com")
        assert list(Listing.objects.values_list("product_id", flat=True)) == [product.id]


def test_opening_with_an_empty_shelf_is_fine() -> None:
    made = shops.open_shop(user=factories.user(), category_ids=[factories.category().id], **JUNIPER)
    with factories.inside(made):
        assert Listing.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"slug": "admin"}, "slug_unfit"),
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"look": "x"}, "look"),
    ],
)
def test_a_bad_answer_leaves_nothing_behind(change: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        shops.open_shop(user=factories.user(), **{**JUNIPER, **change})

    assert refused.value.code == code
    assert Reseller.objects.count() == Membership.objects.count() == 0


def test_a_taken_address_is_refused() -> None:
    factories.reseller("juniper-row")
    with pytest.raises(Refused) as refused:
        shops.open_shop(user=factories.user(), **JUNIPER)
    assert refused.value.code == "slug_taken"


def test_where_s_approves_the_shop_waits_and_is_furnished_later(settings) -> None:
    settings.RESELLER_APPROVAL = True
    made = shops.open_shop(user=factories.user(), **JUNIPER)
    assert (made.status, made.has_schema) == (Reseller.Status.APPLIED, False)

    made = tenancy_services.open_shop(reseller=made)
    with factories.inside(made):
        assert shops.furnish(look="kiln").look == "kiln"
        with pytest.raises(StateRefused):
            shops.furnish(look="dusk")


def test_renaming_reaches_the_supplier_too(shop: Reseller) -> None:
    with factories.inside(shop):
        row = shops.write_profile(texts={"name": "Juniper & Co", "story_zh": " 我们的故事 "})

    assert (row.name, row.story_zh, row.version) == ("Juniper & Co", "我们的故事", 2)
    assert Reseller.objects.get().name == "Juniper & Co"


def test_delivery_needs_a_country(shop: Reseller) -> None:
    with factories.inside(shop):
        with pytest.raises(Refused):
            shops.set_delivery(price_minor=500, free_over_minor=None, countries=["USA"])
        row = shops.set_delivery(price_minor=500, free_over_minor=5_000, countries=["us", "CA", "us"])

    assert (row.countries, row.shipping) == (["CA", "US"], {"price_minor": 500, "free_over_minor": 5_000})


def test_one_way_to_pay_must_stay(shop: Reseller) -> None:
    with factories.inside(shop):
        with pytest.raises(Refused):
            shops.set_payment(card=False, cod=False)
        assert shops.set_payment(card=False, cod=True).cod_enabled is True


def test_a_rate_of_tax_above_half_is_refused(shop: Reseller) -> None:
    with factories.inside(shop):
        with pytest.raises(Refused):
            shops.set_tax(tax_bps=5_001, tax_included=False)
        assert shops.set_tax(tax_bps=700, tax_included=True).tax_bps == 700


def test_policies_not_given_stay(shop: Reseller) -> None:
    with factories.inside(shop):
        shops.write_policies(policies={"returns": {"en": "30 days"}, "privacy": {"en": "We keep little."}})
        row = shops.write_policies(policies={"privacy": {"en": " "}})

    assert row.policies == {"returns": {"en": "30 days", "zh": ""}}
