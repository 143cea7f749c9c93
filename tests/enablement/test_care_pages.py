"""The pages of consumers, the shop and the supplier about complaints, reviews and recalls."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client

from enablement.models import Complaint, Recall, Review
from supplier.models import Product
from tests import factories
from tests.enablement.test_care import complain, lot, read, review, sent
from tests.supplier import office

pytestmark = pytest.mark.django_db(transaction=True)


def read_line(order):
    return order.lines.get().pk


def visitor(shop):
    return Client(HTTP_HOST=f"{shop.slug}.localhost")


def test_consumer_complains_and_reads_the_answer_on_the_orders_page(shop):
    order = sent(shop)
    token = read(shop, order.number).token
    person = visitor(shop)
    assert f"/order/{token}/tell/" in person.get(f"/order/{token}/").content.decode()
    with factories.inside(shop):
        line = read_line(order)
    told = {"about": "goods", "line": str(line), "text": "It is chipped.", "key": "k"}
    assert person.post(f"/order/{token}/tell/", told).status_code == 303
    person.post(f"/order/{token}/tell/", told)
    made = Complaint.objects.get()
    assert made.variant == shop.variant
    desk = office.client("quality")
    assert "It is chipped." in desk.get(f"/quality/complaints/{made.number}/").content.decode()
    desk.post(f"/quality/complaints/{made.number}/", {"answer": "We are sorry.", "justified": "yes"})
    assert "We are sorry." in person.get(f"/order/{token}/tell/").content.decode()
    assert Complaint.objects.get().justified is True


def test_service_reaches_the_shop_and_not_the_supplier(shop, other):
    order = sent(shop)
    asked = complain(shop, order.number, about="service", variant_id=None, text="Nobody answered.")
    assert "Nobody answered." not in office.client("quality").get("/quality/complaints/").content.decode()
    owner = Client(HTTP_HOST="office.localhost")
    owner.force_login(factories.member(shop), "allauth.account.auth_backends.AuthenticationBackend")
    assert "Nobody answered." in owner.get(f"/{shop.slug}/complaints/").content.decode()
    owner.post(f"/{shop.slug}/complaints/{asked.number}/", {"answer": "Sorry, I was away."})
    assert Complaint.objects.get().answer == "Sorry, I was away."
    stranger = Client(HTTP_HOST="office.localhost")
    stranger.force_login(factories.member(other), "allauth.account.auth_backends.AuthenticationBackend")
    assert stranger.get(f"/{other.slug}/complaints/{asked.number}/").status_code == 404


def test_buyer_reviews_and_the_supplier_reads_it_first(shop):
    order = sent(shop)
    token, product = read(shop, order.number).token, Product.objects.get(variants=shop.variant)
    person = visitor(shop)
    told = {"product": product.pk, "stars": "4", "text": "Lovely blue.", "name": "Maya"}
    assert person.post(f"/order/{token}/review/", told).status_code == 303
    made = Review.objects.get()
    assert "Lovely blue." not in person.get(f"/p/{product.slug}/").content.decode()
    desk = office.client("quality")
    assert "Lovely blue." in desk.get(f"/quality/reviews/{made.pk}/").content.decode()
    desk.post(f"/quality/reviews/{made.pk}/", {"show": "1"})
    assert "Lovely blue." in person.get(f"/p/{product.slug}/").content.decode()


def test_recall_is_written_shown_and_begun_by_its_number(shop):
    with transaction.atomic():
        lot(shop.variant)
    sent(shop)
    desk = office.client("quality")
    told = {"lots": "a-7", "reason_en": "Chips.", "advice_en": "Stop.", "remedy": "none"}
    assert desk.post("/quality/recalls/new/", {**told, "lots": "nothing"}).status_code == 422
    assert desk.post("/quality/recalls/new/", told).status_code == 302
    made = Recall.objects.get()
    address = f"/quality/recalls/{made.number}/"
    assert "Juniper Row" in desk.get(address).content.decode()
    assert desk.post(f"{address}start/", {"number": "x"}).status_code == 422
    desk.post(f"{address}start/", {"number": made.number})
    assert Recall.objects.get().state == "running"
    assert office.client("support").post(f"{address}start/").status_code == 403


def test_desks_open_empty_and_full(shop):
    desk = office.client("quality")
    pages = ("complaints", "reviews", "recalls", "lots", "inspections", "plans")
    assert {desk.get(f"/quality/{page}/").status_code for page in pages} == {200}
    order = sent(shop)
    complain(shop, order.number)
    review(shop, order.number, Product.objects.get(variants=shop.variant).pk)
    assert {desk.get(f"/quality/{page}/").status_code for page in pages} == {200}
