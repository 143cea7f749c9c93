"""The page behind the code on a parcel's slip, the way from an order to its lots, and the card on the product's page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from enablement.models import Inspection, Vetting
from enablement.selectors import trace
from enablement.services import quality_cards
from s2b2c.kernel import clock
from supplier.models import Product, Shipment
from supplier.selectors import lots as lot_selectors
from supplier.selectors import parcel_codes
from supplier.services import shipping
from tests.enablement import buying
from tests.enablement.test_inspections import come, decide, plan
from tests.supplier import office

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcel(shop):
    """A parcel of the shop with two pieces of an inspected lot, from a vendor that says where it makes things."""
    vendor = buying.vendor()
    buying.offer(vendor, shop.variant)
    Vetting.objects.update_or_create(
        vendor=vendor, defaults={"state": "approved", "origin_en": "Bennington, Vermont", "origin_zh": "佛蒙特州本宁顿", "published": True}
    )  # fmt: skip
    plan()
    come(vendor, shop.variant, 50, "A-7", expires_on=clock.now().date() + timedelta(days=90))
    decide(Inspection.objects.get())
    order = office.order(shop, [(shop.variant, 2)])
    number = order.fulfilments.get().number
    return shipping.ship(number=number, carrier="DHL", tracking="", request_key="k")


def page(shop, address, **headers):
    return Client(HTTP_HOST=f"{shop.slug}.localhost", headers=headers).get(address)


def test_page_behind_the_code_says_where_things_come_from(shop, parcel):
    answer = page(shop, f"/trace/{parcel_codes.code(parcel.number)}/")
    shown = answer.content.decode()
    assert [word in shown for word in ("A-7", "Bennington, Vermont", "Harbour &amp; Loom")] == [True] * 3
    assert answer["X-Robots-Tag"] == "noindex"
    assert "Dean Street" not in shown
    assert "Lindqvist" not in shown


def test_page_is_in_the_readers_language(shop, parcel):
    shown = page(shop, f"/trace/{parcel_codes.code(parcel.number)}/?lang=zh-hans", **{"Accept-Language": "zh-hans"})
    assert "佛蒙特州本宁顿" in shown.content.decode()


def test_code_is_not_guessed_from_the_number(shop, parcel):
    signed = parcel_codes.code(parcel.number)
    bent = signed[:-1] + ("A" if signed[-1] != "A" else "B")
    assert {page(shop, f"/trace/{each}/").status_code for each in (parcel.number, bent, f"{parcel.number}.", "x")} == {
        404
    }


def test_parcel_of_another_shop_is_not_found(other, parcel):
    assert page(other, f"/trace/{parcel_codes.code(parcel.number)}/").status_code == 404


def test_origin_is_said_only_where_it_is_published(shop, parcel):
    Vetting.objects.update(published=False)
    assert "Vermont" not in page(shop, f"/trace/{parcel_codes.code(parcel.number)}/").content.decode()


def test_slip_names_the_lot_and_bears_the_code(shop, parcel):
    shown = office.client("warehouse").get(f"/fulfilment/parcels/{parcel.number}/").content.decode()
    assert "Lot A-7, 2 pieces" in shown
    assert f"/trace/{parcel_codes.code(parcel.number)}/" in shown


def test_order_leads_to_its_lots_and_lots_to_shops_and_parcels(shop, other, parcel):
    order = parcel.fulfilment.order
    found = trace.lots_of(reseller_id=shop.pk, order_number=order.order_number, variant_id=shop.variant.pk)
    assert [each.code for each in found] == ["A-7"]
    assert trace.lots_of(reseller_id=other.pk, order_number=order.order_number, variant_id=None) == []
    [seen] = lot_selectors.shops([found[0].pk])
    assert (seen.name, seen.parcels, seen.pieces) == ("Juniper Row", 1, 2)
    [sent] = lot_selectors.parcels([found[0].pk])
    assert (sent.number, sent.order_number, sent.pieces) == (parcel.number, order.order_number, 2)
    assert Shipment.objects.count() == 1


def test_trace_of_a_lot_is_two_statements_however_many_parcels(shop, parcel, django_assert_num_queries):
    lot = trace.lots_of(reseller_id=shop.pk, order_number=parcel.fulfilment.order.order_number, variant_id=None)[0]
    with django_assert_num_queries(2):
        lot_selectors.shops([lot.pk])
        lot_selectors.parcels([lot.pk])


def test_card_is_on_the_product_page_without_another_statement(shop, parcel):
    product = Product.objects.get(variants=shop.variant)
    assert product.quality["lots"] == 1
    shown = page(shop, f"/p/{product.slug}/").content.decode()
    assert "Last inspected" in shown
    assert "Bennington, Vermont" in shown


def test_card_says_no_rate_of_few_pieces(shop, parcel):
    product = Product.objects.get(variants=shop.variant)
    quality_cards.refresh(product.pk)
    assert "back" not in Product.objects.get(pk=product.pk).quality
