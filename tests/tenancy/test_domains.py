"""Own domains: anybody may claim one, only its owner can prove it."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from typing import Any

import pytest

from s2b2c.kernel.errors import Refused, StateRefused
from s2b2c.tenancy import directory, dns
from s2b2c.tenancy.models import Domain, Reseller
from s2b2c.tenancy.services import domains
from tests.resolver import Answer, answer, answer_of


def _prove(domain: Domain) -> Domain:
    return domains.prove(domain=domain, look_up=lambda name: ["other", domains.txt_value(domain)])


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Shop.Example.com", "shop.example.com"),
        (" shop.example.com. ", "shop.example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("商店.example", "xn--czrs0t.example"),
    ],
)
def test_a_claim_is_kept_in_its_normal_form(rose: Reseller, written: str, kept: str) -> None:
    assert domains.claim(reseller=rose, name=written).domain == kept


@pytest.mark.parametrize(
    "name",
    ["", "example", "localhost", "tulip.localhost", "a.local", "1.2.3.4", "[::1]", "a_b.example", "a..example", "-a.de",
     "a.example/x", "a.example:80", "https://a.example", "x" * 64 + ".example", ".".join(["abcdefgh"] * 30), "*.a.de"],
)  # fmt: skip
def test_an_unfit_domain_is_refused(rose: Reseller, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        domains.claim(reseller=rose, name=name)
    assert refusal.value.code == "domain_unfit"


def test_a_claim_repeated_is_the_same_claim(rose: Reseller) -> None:
    assert domains.claim(reseller=rose, name="rose.example") == domains.claim(reseller=rose, name="Rose.example")


def test_a_shop_has_no_more_than_a_few(rose: Reseller) -> None:
    for number in range(domains.MOST):
        domains.claim(reseller=rose, name=f"rose{number}.example")
    with pytest.raises(Refused) as refusal:
        domains.claim(reseller=rose, name="one-more.example")
    assert (refusal.value.code, "10" in str(refusal.value)) == ("domains_too_many", True)


def test_a_domain_is_proved_by_its_record(rose: Reseller) -> None:
    asked: list[str] = []
    claimed = domains.claim(reseller=rose, name="rose.example")
    proved = domains.prove(domain=claimed, look_up=lambda name: asked.append(name) or [domains.txt_value(claimed)])
    assert (asked, proved.verified_at is not None) == (["_s2b2c.rose.example"], True)


@pytest.mark.parametrize("answer", [[], ["s2b2c-verification="], ["s2b2c-verification=" + "0" * 32]])
def test_without_its_record_it_stays_unproved(rose: Reseller, answer: list[str]) -> None:
    claimed = domains.claim(reseller=rose, name="rose.example")
    with pytest.raises(Refused) as refusal:
        domains.prove(domain=claimed, look_up=lambda name: answer)
    assert (refusal.value.code, directory.by_domain("rose.example")) == ("domain_unproved", None)


def test_a_silent_dns_proves_nothing(rose: Reseller) -> None:
    def silent(name: str) -> list[str]:
        raise TimeoutError

    with pytest.raises(Refused) as refusal:
        domains.prove(domain=domains.claim(reseller=rose, name="rose.example"), look_up=silent)
    assert refusal.value.code == "domain_unproved"


def test_another_s_claim_does_not_block_the_owner(rose: Reseller, tulip: Reseller) -> None:
    squatter = domains.claim(reseller=rose, name="tulip.example")
    _prove(domains.claim(reseller=tulip, name="tulip.example"))
    assert directory.by_domain("tulip.example") == tulip
    with pytest.raises(Refused) as refusal:
        _prove(squatter)
    assert (refusal.value.code, directory.by_domain("tulip.example")) == ("domain_taken", tulip)


def test_what_is_wrong_with_the_record_is_said(rose: Reseller) -> None:
    def silent(name: str) -> list[str]:
        raise TimeoutError

    said = []
    for look_up in (lambda name: [], lambda name: ["s2b2c-verification=old"], silent):
        with pytest.raises(Refused) as refusal:
            domains.prove(domain=domains.claim(reseller=rose, name="rose.example"), look_up=look_up)
        said.append(str(refusal.value))
    assert ("s2b2c-verification=old" in said[1], len(set(said))) == (True, 3)


@pytest.mark.parametrize(
    ("theirs", "ours", "elsewhere"),
    [
        ({"192.0.2.1"}, {"192.0.2.1", "192.0.2.2"}, False),
        ({"192.0.2.9"}, {"192.0.2.1"}, True),
        (set(), {"192.0.2.1"}, True),
        ({"192.0.2.9"}, set(), False),
    ],
)
def test_a_domain_that_leads_elsewhere_is_seen(
    rose: Reseller, theirs: set[str], ours: set[str], elsewhere: bool
) -> None:
    known = {"rose.example": theirs, "rose.localhost": ours}
    claimed = domains.claim(reseller=rose, name="rose.example")
    assert domains.leads_elsewhere(domain=claimed, look_up=known.__getitem__) is elsewhere


def _given_up(domain: Domain) -> dict[str, Any]:
    kept = {"name": domain.domain, "token": domain.verification_token}
    domains.give_up(domain=domain)
    return kept


def test_a_domain_given_up_comes_back_as_it_was(rose: Reseller) -> None:
    kept = _given_up(domains.make_primary(domain=_prove(domains.claim(reseller=rose, name="rose.example"))))
    back = domains.take_back(reseller=rose, proved=True, primary=True, **kept)
    assert (back.is_primary, back.verification_token) == (True, kept["token"])
    assert (directory.by_domain("rose.example"), Domain.objects.filter(is_primary=True).count()) == (rose, 1)


def test_a_domain_that_another_proved_since_does_not_come_back(rose: Reseller, tulip: Reseller) -> None:
    kept = _given_up(_prove(domains.claim(reseller=rose, name="rose.example")))
    _prove(domains.claim(reseller=tulip, name="rose.example"))
    with pytest.raises(Refused) as refusal:
        domains.take_back(reseller=rose, proved=True, primary=False, **kept)
    assert (refusal.value.code, directory.by_domain("rose.example")) == ("domain_taken", tulip)


def test_only_a_proved_domain_becomes_the_main_one(rose: Reseller) -> None:
    with pytest.raises(StateRefused):
        domains.make_primary(domain=domains.claim(reseller=rose, name="rose.example"))


def test_there_is_always_one_main_address(rose: Reseller) -> None:
    proved = _prove(domains.claim(reseller=rose, name="rose.example"))
    domains.make_primary(domain=proved)
    main = list(Domain.objects.filter(is_primary=True).values_list("domain", flat=True))
    domains.give_up(domain=proved)
    after = list(Domain.objects.filter(is_primary=True).values_list("domain", flat=True))
    assert (main, after) == (["rose.example"], ["rose.localhost"])


def test_the_address_below_the_platform_stays(rose: Reseller) -> None:
    with pytest.raises(StateRefused):
        domains.give_up(domain=Domain.objects.get())


# --- The DNS -----------------------------------------------------------------------------------------
@pytest.fixture
def asked(resolver, monkeypatch) -> Callable[[Answer], None]:
    """Let the machine's only resolver answer as told."""

    def use(reply: Answer) -> None:
        server = resolver(reply)
        monkeypatch.setattr(dns, "resolvers", lambda: [server])

    return use


def test_txt_records_are_read(asked) -> None:
    asked(lambda query: answer(query, "one", "x" * 300, "ü"))
    assert dns.records("_s2b2c.rose.example") == ["one", "x" * 300, "ü"]


def test_a_name_that_does_not_exist_has_no_records(asked) -> None:
    asked(lambda query: answer(query, flags=0x8183))
    assert (dns.records("rose.example"), dns.addresses("rose.example")) == ([], set())


def test_addresses_of_both_kinds_are_read(asked) -> None:
    four, six = bytes([192, 0, 2, 7]), bytes.fromhex("20010db8" + "0" * 23 + "7")
    asked(lambda query: answer_of(query, 1, four) if query[-3] == 1 else answer_of(query, 28, six))
    assert dns.addresses("rose.example") == {"192.0.2.7", "2001:db8::7"}


@pytest.mark.parametrize(
    "reply",
    [
        lambda query: b"\x00\x00" + answer(query, "forged")[2:],
        lambda query: answer(query[:12] + b"\x04evil" + query[12:], "forged"),
        lambda query: answer(query, flags=0x8182),
        lambda query: query[:7],
        lambda query: answer(query, "cut short")[:-3],
    ],
    ids=["number", "question", "server failure", "short", "cut"],
)
def test_a_forged_or_broken_answer_is_an_error(asked, reply: Answer) -> None:
    asked(reply)
    with pytest.raises(OSError, match=r".+"):
        dns.records("rose.example")


def test_an_answer_cut_short_is_asked_for_again_by_tcp() -> None:
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(tcp.getsockname())

        def serve() -> None:
            query, client = udp.recvfrom(4096)
            udp.sendto(answer(query, flags=0x8380), client)
            channel, _ = tcp.accept()
            with channel:
                whole = answer(channel.recv(4096)[2:], "long")
                channel.sendall(struct.pack("!H", len(whole)) + whole)

        threading.Thread(target=serve, daemon=True).start()
        assert dns.ask(tcp.getsockname(), "rose.example") == [b"\x04long"]


def test_no_resolver_is_an_error(monkeypatch) -> None:
    monkeypatch.setattr(dns, "resolvers", list)
    with pytest.raises(OSError, match="no resolver"):
        dns.records("rose.example")
