"""Opening a shop in the browser: five small steps, kept in the session, without a script."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from reseller.models import Listing, Shop
from s2b2c.accounts.models import Membership
from s2b2c.tenancy.models import Reseller
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Client:
    factories.company()
    return Client(HTTP_HOST="office.localhost")


def answer(client: Client, step: str, **more: object) -> object:
    return client.post("/open/", {"step": step, **more})


def answered(client: Client, slug: str = "fern-fig") -> Client:
    """Answer the first three questions."""
    answer(client, "name", name="Fern & Fig")
    answer(client, "address", address=slug, country="US")
    answer(client, "look", look="trail")
    return client


def now(client: Client) -> str:
    """Give the step whose form is open."""
    page = client.get("/open/").content.decode()
    return re.findall(r'name="step" value="(\w+)"', page)[0]


def test_each_answer_opens_the_next_step(visitor: Client) -> None:
    steps = [now(visitor)]
    answer(visitor, "name", name="Fern & Fig")
    steps.append(now(visitor))
    assert 'value="fern-fig"' in visitor.get("/open/").content.decode()
    answer(visitor, "address", address="fern-fig", country="US")
    steps.append(now(visitor))
    answer(visitor, "look", look="trail")
    steps.append(now(visitor))

    assert steps == ["name", "address", "look", "shelf"]


def test_an_answer_can_be_changed(visitor: Client) -> None:
    answered(visitor)
    page = visitor.get("/open/?step=name").content.decode()
    assert 'value="Fern &amp; Fig"' in page
    assert now(visitor) == "shelf"


def test_a_step_cannot_be_jumped_to(visitor: Client) -> None:
    assert 'name="step" value="name"' in visitor.get("/open/?step=shelf").content.decode()


@pytest.mark.parametrize(
    ("step", "data"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "x" * 81}),
        ("address", {"address": "No Such", "country": "US"}),
        ("address", {"address": "admin", "country": "US"}),
        ("address", {"address": "fern-fig", "country": "ZZ"}),
        ("look", {"look": "nope"}),
        ("nonsense", {}),
    ],
)
def test_a_bad_answer_is_said_and_kept(visitor: Client, step: str, data: dict[str, str]) -> None:
    found = visitor.post("/open/", {"step": step, **data})
    assert found.status_code == 422


def test_a_taken_address_is_said_while_typing(visitor: Client) -> None:
    factories.reseller("taken-one")
    assert "taken" in visitor.get("/open/address/?address=taken-one").content.decode()
    assert "Free" in visitor.get("/open/address/?address=free-one").content.decode()
    assert visitor.get("/open/address/?address=").status_code == 200


def test_the_drawing_follows_the_look(visitor: Client) -> None:
    dusk, unknown = (visitor.get(f"/open/phone/?look={look}").content.decode() for look in ("dusk", "nope"))
    assert dusk != unknown
    assert "<svg" in unknown


def test_a_visitor_signs_up_and_finds_the_answers(visitor: Client) -> None:
    shelf = factories.product().category
    answered(visitor)
    gone = answer(visitor, "shelf", shelf=[shelf.id])
    assert gone.headers["Location"] == "/signup/?next=%2Fopen%2F"
    assert Reseller.objects.count() == 0

    visitor.force_login(factories.user("nora@example.com"))
    opened = answer(visitor, "shelf", shelf=[shelf.id])
    assert opened.headers["Location"] == "/fern-fig/live/"
    made = Reseller.objects.get()
    assert Membership.objects.get().reseller == made
    with factories.inside(made):
        assert (Shop.objects.get().look, Listing.objects.count()) == ("trail", 1)
    assert "Fern &amp; Fig is live" in visitor.get("/fern-fig/live/").content.decode()


def test_an_address_lost_meanwhile_is_asked_again(visitor: Client) -> None:
    visitor.force_login(factories.user())
    answered(visitor, "just-lost")
    factories.reseller("just-lost")
    found = answer(visitor, "shelf")

    assert found.status_code == 409
    assert 'name="step" value="address"' in found.content.decode()


def test_where_s_approves_the_application_waits(visitor: Client, settings: object) -> None:
    settings.RESELLER_APPROVAL = True  # type: ignore[attr-defined]
    visitor.force_login(factories.user())
    answered(visitor)
    assert answer(visitor, "shelf").headers["Location"] == "/?all=1"
    assert Reseller.objects.get().status == Reseller.Status.APPLIED


@pytest.mark.parametrize("step", ["name", "address", "look", "shelf"])
def test_nonsense_is_never_a_fault(visitor: Client, step: str) -> None:
    visitor.force_login(factories.user())
    answered(visitor)
    nul = chr(0)
    assert answer(visitor, step, **{step: f"a{nul}b", "country": nul}).status_code < 500
    assert answer(visitor, "shelf", shelf=["9" * 17, nul]).status_code < 500
    assert visitor.get("/open/address/", {"address": "a b"}).status_code == 200
