"""The pages of consumers, the shop and the supplier about complaints, reviews and recalls."""

from __future__ import annotations

import io

import pytest
from django.db import transaction
from django.test import Client
from PIL import Image

from enablement.models import Complaint, Recall, Review
from supplier.models import Product
from tests import factories
from tests.enablement.test_care import complain, lot, read, review, sent
from tests.supplier import office

pytestmark = pytest.mark.django_db(transaction=True)


def photo():
    made = io.BytesIO()
    Image.new("RGB", (300, 200), "olive").save(made, "PNG")
    made.seek(0)
    made.name = "crack.png"
    return made


def visitor(shop):
    return Client(HTTP_HOST=f"{shop.slug}.localhost")


def test_consumer_complains_and_both_desks_show_one_matter(shop, settings, tmp_path):
    settings.SUPPLIER_MFA_REQUIRED, settings.MEDIA_ROOT = False, tmp_path
    order = sent(shop)
    token = read(shop, order.number).token
    person = visitor(shop)
    assert "/tell/" not in person.get(f"/order/{token}/").content.decode()
    told = {"topic": "goods:broken", "text": "It is chipped.", "key": "k", "photos": photo()}
    there = person.post(f"/order/{token}/help/", told).headers["Location"]
    factories.drain()
    made = Complaint.objects.get()
    assert (made.variant, made.line_id is not None, len(made.photos)) == (shop.variant, True, 1)
    quality, support = office.client("quality"), office.client("support")
    page = quality.get(f"/quality/complaints/{made.number}/").content.decode()
    assert [part in page for part in ("It is chipped.", made.photos[0], f"/help/{made.case_id}/")] == [True] * 3
    assert f"/quality/complaints/{made.number}/" in support.get(f"/help/{made.case_id}/").content.decode()
    answer = {"action": "answer", "answer": "We are sorry.", "justified": "yes", "key": "1"}
    assert quality.post(f"/quality/complaints/{made.number}/", answer).status_code == 302
    factories.drain()
    assert "We are sorry." in person.get(there).content.decode()
    assert "We are sorry." in support.get(f"/help/{made.case_id}/").content.decode()
    assert (
        support.post(f"/quality/complaints/{made.number}/", {"action": "judge", "justified": "no"}).status_code == 200
    )
    assert Complaint.objects.get().justified is True


def test_wrong_forms_of_the_desk_say_so(shop, settings):
    settings.SUPPLIER_MFA_REQUIRED = False
    here = f"/quality/complaints/{complain(shop, sent(shop).number).number}/"
    desk = office.client("quality")
    assert desk.post(here, {"action": "answer", "answer": ""}).status_code == 422
    assert desk.post(here, {"action": "close", "cause": "carrier", "reason": ""}).status_code == 422
    assert desk.post(here, {"action": "close", "cause": "nobody", "reason": "x"}).status_code == 422
    assert desk.post(here, {"action": "judge", "justified": "no"}).status_code == 302
    assert desk.post(here, {"action": "close", "cause": "carrier", "reason": "Crushed"}).status_code == 302
    assert (Complaint.objects.get().state, Complaint.objects.get().justified) == ("closed", False)


def test_old_addresses_lead_to_the_thread_and_lose_nothing_typed(shop, other):
    order = sent(shop)
    token, person = read(shop, order.number).token, visitor(shop)
    assert person.get(f"/order/{token}/tell/").headers["Location"] == f"/order/{token}/help/"
    typed = {"about": "goods", "text": "My long story", "key": "k"}
    assert "My long story" in person.post(f"/order/{token}/tell/", typed).content.decode()
    made = complain(shop, order.number)
    owner, stranger = Client(HTTP_HOST="office.localhost"), Client(HTTP_HOST="office.localhost")
    for client, whose in ((owner, shop), (stranger, other)):
        client.force_login(factories.member(whose), "allauth.account.auth_backends.AuthenticationBackend")
    assert owner.get(f"/{shop.slug}/complaints/").headers["Location"] == f"/{shop.slug}/help/"
    there = owner.get(f"/{shop.slug}/complaints/{made.number}/").headers["Location"]
    assert there == f"/{shop.slug}/help/{made.case.number}/"
    assert "It is chipped." in owner.get(there).content.decode()
    assert stranger.get(f"/{other.slug}/complaints/{made.number}/").status_code == 404


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
