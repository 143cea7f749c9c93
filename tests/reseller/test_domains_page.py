"""The shop's own address: from typing it to every link using it, and back."""

from __future__ import annotations

import pytest
from django.test import Client

from s2b2c.tenancy import dns, hosts
from s2b2c.tenancy.models import Domain, Reseller
from s2b2c.tenancy.services import domains
from tests import factories
from tests.resolver import answer, answer_of

PAGE = "/juniper-row/address/"


@pytest.fixture
def owner(shop: Reseller) -> Client:
    client = Client(HTTP_HOST="office.localhost")
    client.force_login(factories.member(shop, "owner"))
    return client


@pytest.fixture
def records(resolver, monkeypatch) -> dict[str, list[str]]:
    """What the DNS holds, by the kind of the question: texts and addresses."""
    held: dict[str, list[str]] = {"txt": [], "ours": [], "theirs": []}

    def reply(query: bytes) -> bytes:
        if query[-3] == 16:
            return answer(query, *held["txt"])
        addresses = held["ours" if b"localhost" in query else "theirs"] if query[-3] == 1 else []
        return answer_of(query, query[-3], *(bytes(map(int, each.split("."))) for each in addresses))

    server = resolver(reply)
    monkeypatch.setattr(dns, "resolvers", lambda: [server])
    return held


def _claimed(owner: Client, name: str = "shop.juniper.example") -> Domain:
    owner.post(PAGE, {"domain": name})
    return Domain.objects.get(domain=name)


def _do(owner: Client, domain: Domain, what: str, **more: str):
    return owner.post(f"{PAGE}{domain.pk}/", {"do": what, **more}, follow=True)


def test_the_first_visit_says_what_it_is_and_asks_for_a_domain(owner: Client) -> None:
    page = owner.get(PAGE).content.decode()
    assert ("juniper-row.localhost" in page, "Use your own address" in page, "CNAME" in page) == (True, True, False)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_claimed_domain_shows_the_records_to_set(owner: Client, language: str) -> None:
    owner.cookies["language"] = language
    claimed = _claimed(owner)
    page = owner.get(PAGE).content.decode()
    wanted = [claimed.domain, "juniper-row.localhost", domains.txt_name(claimed), domains.txt_value(claimed)]
    assert [each for each in wanted if f'data-copy="{each}"' not in page] == []


def test_what_is_no_domain_is_said_and_kept(owner: Client) -> None:
    response = owner.post(PAGE, {"domain": "my shop"})
    assert (response.status_code, Domain.objects.filter(domain="my shop").count()) == (422, 0)
    said = [b'value="my shop"' in response.content, b"Write a domain of your own" in response.content]
    assert said == [True, True]


def test_a_domain_becomes_the_main_address(shop: Reseller, owner: Client, records: dict[str, list[str]]) -> None:
    claimed = _claimed(owner)
    assert b"We don&#x27;t find the record yet" in _do(owner, claimed, "check").content
    records["txt"] = [domains.txt_value(claimed)]
    assert b"is ready and leads to your shop" in _do(owner, claimed, "check").content
    _do(owner, claimed, "primary")
    assert hosts.shop_url(shop).startswith("http://shop.juniper.example")
    assert b'Use your own address<span class="sr-only"> \xe2\x80\x93 done' in owner.get("/juniper-row/").content


def test_a_domain_that_leads_elsewhere_warns_before_it_is_used(
    shop: Reseller, owner: Client, records: dict[str, list[str]]
) -> None:
    claimed = _claimed(owner)
    records |= {"txt": [domains.txt_value(claimed)], "ours": ["192.0.2.1"], "theirs": ["192.0.2.9"]}
    assert b"it leads somewhere else" in _do(owner, claimed, "check").content
    assert _do(owner, claimed, "primary").status_code == 409
    assert hosts.shop_url(shop).startswith("http://juniper-row.localhost")
    assert _do(owner, claimed, "primary", anyway="1").status_code == 200
    assert hosts.shop_url(shop).startswith("http://shop.juniper.example")


def test_a_domain_removed_comes_back_as_it_was(shop: Reseller, owner: Client, records: dict[str, list[str]]) -> None:
    claimed = _claimed(owner)
    records["txt"] = [domains.txt_value(claimed)]
    _do(owner, claimed, "check")
    _do(owner, claimed, "primary")
    assert b"no longer leads to your shop" in _do(owner, claimed, "remove").content
    assert hosts.shop_url(shop).startswith("http://juniper-row.localhost")
    owner.post(f"{PAGE}restore/")
    assert hosts.shop_url(shop).startswith("http://shop.juniper.example")
    assert owner.post(f"{PAGE}restore/").status_code == 409


def test_another_shop_s_domain_is_not_found(owner: Client) -> None:
    other = domains.claim(reseller=factories.reseller("tulip"), name="tulip.example")
    assert {_do(owner, other, what).status_code for what in ("check", "primary", "remove")} == {404}
    assert Domain.objects.filter(pk=other.pk).exists()


def test_the_checklist_links_only_what_the_reader_may_open(shop: Reseller, owner: Client) -> None:
    manager = Client(HTTP_HOST="office.localhost")
    manager.force_login(factories.member(shop, "manager"))
    factories.listing(shop, factories.product("Drift throw"))
    linked = [f'href="{PAGE}"' in client.get("/juniper-row/").content.decode() for client in (owner, manager)]
    assert linked == [True, False]
