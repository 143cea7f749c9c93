"""The pages of help: c's without a login, the shop's, S's; each sees what is its own."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.test import Client
from PIL import Image

from enablement.models import DeskCase, DeskClock, DeskSkill
from enablement.services import desk
from orders.models import Case
from s2b2c.accounts.models import Membership
from s2b2c.kernel import clock
from tests import factories
from tests.orders import buying
from tests.supplier import office as supply

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _one_factor(settings, tmp_path):
    settings.SUPPLIER_MFA_REQUIRED, settings.MEDIA_ROOT = False, tmp_path


@pytest.fixture
def order(shop):
    return buying.buy(shop)


@pytest.fixture
def visitor(shop):
    return Client(HTTP_HOST=f"{shop.slug}.localhost")


@pytest.fixture
def owner(shop):
    client = Client(HTTP_HOST="office.localhost")
    client.force_login(factories.member(shop, "clerk"))
    return client


def photo() -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (400, 300), "olive").save(made, "PNG")
    made.seek(0)
    made.name = "crack.png"
    return made


def asked(visitor, order, topic: str = "service", text: str = "Is it a gift box?", **more) -> str:
    answer = visitor.post(f"/order/{order.token}/help/", {"topic": topic, "text": text, "key": "k", **more})
    assert answer.status_code == 303, answer.content
    buying.drain()
    return answer.headers["Location"]


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_customer_asks_reads_and_solves(shop, order, visitor, owner, language):
    visitor.cookies["language"] = owner.cookies["language"] = language
    assert visitor.get(f"/order/{order.token}/help/").status_code == 200
    thread = asked(visitor, order, photos=photo())
    page = text(visitor.get(thread))
    assert ("Is it a gift box?" in page, 'src="/media/help/' in page) == (True, True)
    number = thread.rstrip("/").rsplit("/", 1)[1]
    there = f"/{shop.slug}/help/{number}/"
    assert "Maya Lindqvist" in text(owner.get(f"/{shop.slug}/help/?state=open&turn=shop"))
    assert "Is it a gift box?" in text(owner.get(f"/{shop.slug}/"))
    assert owner.post(there, {"action": "answer", "text": "Yes, it is.", "key": "1"}).status_code == 302
    buying.drain()
    assert "Yes, it is." in text(visitor.get(thread))
    assert f"/help/{number}/" in text(visitor.get(f"/order/{order.token}/"))
    visitor.post(thread, {"text": "Thank you", "key": "2"})
    assert visitor.post(f"{thread}solved/").status_code == 303
    with factories.inside(shop):
        assert Case.objects.get().state == "closed"
    assert owner.get(there).status_code == 200


def test_words_between_shop_and_supplier_never_reach_the_customer(shop, order, visitor, owner):
    thread = asked(visitor, order, "goods", "Cracked!")
    number = thread.rstrip("/").rsplit("/", 1)[1]
    owner.post(f"/{shop.slug}/help/{number}/", {"action": "ask", "text": "She is a good one", "key": "1"})
    buying.drain()
    case = DeskCase.objects.get()
    agent = supply.client("support")
    here = f"/help/{case.pk}/"
    assert "She is a good one" in text(agent.get(here))
    agent.post(here, {"action": "note", "text": "Third one this week"})
    agent.post(here, {"action": "ask", "text": "Which colour?", "key": "2"})
    buying.drain()
    agent.post(here, {"action": "answer", "text": "So sorry.", "key": "3"})
    buying.drain()
    seen, at_shop = text(visitor.get(thread)), text(owner.get(f"/{shop.slug}/help/{number}/"))
    assert [words in seen for words in ("Cracked!", "So sorry.", "She is a good one", "Which colour?", "Third one")] == [True, True, False, False, False]  # fmt: skip
    assert [words in at_shop for words in ("Which colour?", "Third one")] == [True, False]


def test_supplier_reads_nothing_and_no_contact_before_it_may(shop, order, visitor):
    thread = asked(visitor, order)
    agent = supply.client("support")
    here = f"/help/{DeskCase.objects.get().pk}/"
    page = text(agent.get(here))
    assert ("gift box" in page, "between the shop and its customer" in page, "maya@example.com" in page) == (
        False,
        True,
        False,
    )
    assert agent.post(here, {"action": "answer", "text": "Hi", "key": "1"}).status_code == 409
    with clock.set_to(clock.now() + timedelta(days=3)):
        desk.ring()
    buying.drain()
    page = text(agent.get(here))
    assert ("gift box" in page, "maya@example.com" in page) == (True, False)
    visitor.post(f"{thread}allow/", {"allowed": "1"})
    buying.drain()
    assert "maya@example.com" in text(agent.get(here))
    visitor.post(f"{thread}allow/", {"allowed": "0"})
    buying.drain()
    assert "maya@example.com" not in text(agent.get(here))


def test_desk_lists_assigns_and_closes_with_its_cause(shop, order, visitor):
    asked(visitor, order, "goods", "Cracked!")
    agent = supply.client("support")
    case = DeskCase.objects.get()
    assert case.number in text(agent.get("/help/?state=open&turn=supplier"))
    me = Membership.objects.get(reseller=None).user_id
    agent.post(f"/help/{case.pk}/", {"action": "assign", "assignee": str(me)})
    assert DeskCase.objects.get().assignee_id == me
    assert agent.post(f"/help/{case.pk}/", {"action": "close", "cost": "6"}).status_code == 422
    assert agent.post(f"/help/{case.pk}/", {"action": "close", "cause": "supplier", "cost": "six"}).status_code == 422
    assert agent.post(f"/help/{case.pk}/", {"action": "close", "cause": "supplier", "cost": "6.00"}).status_code == 302
    buying.drain()
    assert (DeskCase.objects.get().state, DeskCase.objects.get().cost_minor) == ("closed", 600)
    assert "$6.00" in text(agent.get("/help/?sort=-moved_at"))
    with factories.inside(shop):
        assert Case.objects.get().state == "closed"


def test_rules_of_the_desk_are_set_and_kept_in_bounds():
    agent = supply.client("support")
    me = Membership.objects.get(reseller=None).user_id
    form = {"topic": "goods", "shop_hours": "12", "desk_hours": "8", "people": [str(me)]}
    assert agent.post("/help/rules/", form).status_code == 302
    assert DeskClock.objects.values_list("topic", "shop_hours", "desk_hours").get() == ("goods", 12, 8)
    assert DeskSkill.objects.values_list("user_id", "topic").get() == (me, "goods")
    assert agent.post("/help/rules/", {**form, "shop_hours": "0"}).status_code == 422
    assert agent.post("/help/rules/", {**form, "people": ["99999"]}).status_code == 422
    assert agent.post("/help/rules/", {**form, "people": []}).status_code == 302
    assert DeskSkill.objects.count() == 0


def test_wrong_forms_keep_what_was_typed(shop, order, visitor, owner):
    answer = visitor.post(f"/order/{order.token}/help/", {"topic": "", "text": "My long story", "key": "k"})
    assert (answer.status_code, "My long story" in text(answer)) == (422, True)
    bad = io.BytesIO(b"no picture")
    bad.name = "x.png"
    answer = visitor.post(
        f"/order/{order.token}/help/", {"topic": "goods", "text": "My story", "key": "k", "photos": bad}
    )
    assert (answer.status_code, "My story" in text(answer)) == (422, True)
    thread = asked(visitor, order)
    silent = visitor.post(thread, {"text": " ", "key": "1"})
    assert (silent.status_code, "Please tell us in a few words." in text(silent)) == (422, True)
    number = thread.rstrip("/").rsplit("/", 1)[1]
    assert owner.post(f"/{shop.slug}/help/{number}/", {"action": "answer", "text": "", "key": "1"}).status_code == 422
    assert owner.post(f"/{shop.slug}/help/{number}/", {"action": "dance"}).status_code == 422
    assert visitor.get(f"/order/{order.token}/help/H00000000/").status_code == 404
    assert owner.get(f"/{shop.slug}/help/nonsense/").status_code == 404


def test_sentences_of_what_is_known_go_into_the_answer(shop, order, visitor, owner):
    thread = asked(visitor, order, "delivery", "Where is it?")
    number = thread.rstrip("/").rsplit("/", 1)[1]
    owner.post(
        f"/{shop.slug}/help/{number}/", {"action": "answer", "text": "Hello!", "known": ["packing"], "key": "1"}
    )
    assert "Your order is in the warehouse and is being packed." in text(visitor.get(thread))
