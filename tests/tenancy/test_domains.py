"""Own domains: anybody may claim one, only its owner can prove it."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator

import pytest

from s2b2c.kernel.errors import Refused, StateRefused
from s2b2c.tenancy import directory, txt
from s2b2c.tenancy.models import Domain, Reseller
from s2b2c.tenancy.services import domains


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
Answer = Callable[[bytes], bytes]


def _answer(query: bytes, *texts: str, flags: int = 0x8180) -> bytes:
    """An answer as resolvers give it: the question, an alias, then TXT records named by a pointer."""
    alias = b"\xc0\x0c" + struct.pack("!HHIH", 5, 1, 60, 2) + b"\xc0\x0c"
    records = [
        b"\xc0\x0c" + struct.pack("!HHIH", 16, 1, 60, len(data)) + data
        for text in texts
        for data in [b"".join(bytes([len(part)]) + part for part in _parts(text.encode()))]
    ]
    return query[:2] + struct.pack("!HHHHH", flags, 1, len(records) + 1, 0, 0) + query[12:] + alias + b"".join(records)


def _parts(text: bytes) -> list[bytes]:
    return [text[at : at + 255] for at in range(0, len(text), 255)]


@pytest.fixture
def resolver() -> Iterator[Callable[[Answer], tuple[str, int]]]:
    """A resolver that answers one question by UDP as told."""
    sockets: list[socket.socket] = []

    def start(answer: Answer) -> tuple[str, int]:
        channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        channel.bind(("127.0.0.1", 0))
        sockets.append(channel)

        def serve() -> None:
            query, client = channel.recvfrom(4096)
            channel.sendto(answer(query), client)

        threading.Thread(target=serve, daemon=True).start()
        return channel.getsockname()

    yield start
    for channel in sockets:
        channel.close()


def test_txt_records_are_read(resolver) -> None:
    server = resolver(lambda query: _answer(query, "one", "x" * 300, "ü"))
    assert txt.ask(server, "_s2b2c.rose.example") == ["one", "x" * 300, "ü"]


def test_a_name_that_does_not_exist_has_no_records(resolver) -> None:
    assert txt.ask(resolver(lambda query: _answer(query, flags=0x8183)), "rose.example") == []


@pytest.mark.parametrize(
    "answer",
    [
        lambda query: b"\x00\x00" + _answer(query, "forged")[2:],
        lambda query: _answer(query[:12] + b"\x04evil" + query[12:], "forged"),
        lambda query: _answer(query, flags=0x8182),
        lambda query: query[:7],
        lambda query: _answer(query, "cut short")[:-3],
    ],
    ids=["number", "question", "server failure", "short", "cut"],
)
def test_a_forged_or_broken_answer_is_an_error(resolver, monkeypatch, answer: Answer) -> None:
    monkeypatch.setattr(txt, "resolvers", lambda: [resolver(answer)])
    with pytest.raises(OSError, match=r".+"):
        txt.records("rose.example")


def test_an_answer_cut_short_is_asked_for_again_by_tcp() -> None:
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(tcp.getsockname())

        def serve() -> None:
            query, client = udp.recvfrom(4096)
            udp.sendto(_answer(query, flags=0x8380), client)
            channel, _ = tcp.accept()
            with channel:
                whole = _answer(channel.recv(4096)[2:], "long")
                channel.sendall(struct.pack("!H", len(whole)) + whole)

        threading.Thread(target=serve, daemon=True).start()
        assert txt.ask(tcp.getsockname(), "rose.example") == ["long"]


def test_no_resolver_is_an_error(monkeypatch) -> None:
    monkeypatch.setattr(txt, "resolvers", list)
    with pytest.raises(OSError, match="no resolver"):
        txt.records("rose.example")
