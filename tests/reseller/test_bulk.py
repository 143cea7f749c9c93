"""A shop's products, many at once: in this shop only, and back again."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.test import Client

from reseller.models import Listing, Offer
from s2b2c.jobs import runner, services
from s2b2c.jobs.models import Job
from s2b2c.jobs.registry import kinds
from s2b2c.tenancy.models import Reseller
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Reseller:
    return factories.reseller("rose")


@pytest.fixture
def owner(shop: Reseller) -> Client:
    client = Client(HTTP_HOST="office.localhost")
    client.force_login(factories.member(shop, "owner"), "allauth.account.auth_backends.AuthenticationBackend")
    return client


def act(client: Client, action: str, **more: Any) -> Job:
    client.post("/rose/jobs/start/", {"action": f"office.products.{action}", "all": "1", "query": "", **more})
    return Job.objects.latest("id")


def undo(client: Client, job: Job) -> None:
    client.post(f"/rose/jobs/{job.token}/undo/")


def states(shop: Reseller) -> Counter[str]:
    with factories.inside(shop):
        return Counter(Listing.objects.values_list("status", flat=True))


def prices(shop: Reseller) -> list[tuple[int, bool]]:
    with factories.inside(shop):
        return list(Offer.objects.order_by("id").values_list("price_minor", "by_rule"))


def test_all_that_match_are_hidden_in_this_shop_alone_and_come_back(shop: Reseller, owner: Client) -> None:
    other = factories.reseller("tulip")
    for place in (shop, shop, other):
        factories.listing(place)
    job = act(owner, "hide", query="status=published")
    assert (job.done, states(shop), states(other)) == (2, {"hidden": 2}, {"published": 1})
    undo(owner, job)
    assert states(shop) == {"published": 2}


def test_a_large_one_is_worked_off_in_its_shop(shop: Reseller, owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "SMALL", 1)
    monkeypatch.setattr(services, "wake", lambda: None)
    for _number in range(4):
        factories.listing(shop)
    job = act(owner, "hide")
    assert (job.state, states(shop)) == ("gathering", {"published": 4})
    runner.run_due(kinds())
    assert states(shop) == {"hidden": 4}


def test_rows_of_another_shop_are_not_reached_by_their_number(shop: Reseller, owner: Client) -> None:
    other = factories.reseller("tulip")
    factories.listing(shop)
    theirs = [factories.listing(other).pk for _number in range(3)]
    owner.post("/rose/jobs/start/", {"action": "office.products.remove", "row": [theirs[-1]]})
    assert states(other) == {"published": 3}


def test_what_is_taken_out_comes_back_with_its_words_and_prices(shop: Reseller, owner: Client) -> None:
    factories.listing(shop, title_en="Ours")
    before = prices(shop)
    job = act(owner, "remove")
    assert states(shop) == {}
    undo(owner, job)
    assert prices(shop) == before
    with factories.inside(shop):
        assert Listing.objects.get().title_en == "Ours"


def test_prices_by_hand_follow_the_rule_and_come_back_unless_changed_since(shop: Reseller, owner: Client) -> None:
    factories.listing(shop)
    with factories.inside(shop):
        Offer.objects.update(price_minor=1_999, by_rule=False)
    before = prices(shop)
    job = act(owner, "rule")
    assert all(by_rule for _price, by_rule in prices(shop))
    undo(owner, job)
    assert prices(shop) == before
    job = act(owner, "rule")
    with factories.inside(shop):
        Offer.objects.update(price_minor=1_234)
    undo(owner, job)
    assert {price for price, _by_rule in prices(shop)} == {1_234}
    assert Job.objects.latest("id").failed == 1
