"""TXT records and addresses straight from the resolver: what the standard library lacks, and no more (RFC 1035)."""

from __future__ import annotations

import ipaddress
import secrets
import socket
import struct
from pathlib import Path

_A, _TXT, _AAAA, _IN, _SECONDS = 1, 16, 28, 1, 3.0
_RESOLV_CONF = Path("/etc/resolv.conf")


def records(name: str) -> list[str]:
    """Look up the TXT records of a name; [] if there are none.

    :raises OSError: no resolver gave a usable answer.
    """
    return [_joined(data) for data in _looked_up(name, _TXT)]


def addresses(name: str) -> set[str]:
    """Look up where a name leads, by IPv4 and IPv6, aliases followed by the resolver.

    :raises OSError: no resolver gave a usable answer.
    """
    found = [*_looked_up(name, _A), *_looked_up(name, _AAAA)]
    return {str(ipaddress.ip_address(data)) for data in found if len(data) in (4, 16)}


def _looked_up(name: str, kind: int) -> list[bytes]:
    """Ask each of the machine's resolvers in turn, until one answers."""
    problem: OSError = OSError("no resolver is configured")
    for server in resolvers():
        try:
            return ask(server, name, kind)
        except (OSError, struct.error, IndexError, UnicodeError) as error:
            problem = error if isinstance(error, OSError) else OSError(f"malformed answer: {error}")
    raise problem


def resolvers() -> list[tuple[str, int]]:
    """Give the machine's name servers."""
    lines = _RESOLV_CONF.read_text().splitlines() if _RESOLV_CONF.exists() else []
    return [(words[1], 53) for line in lines if (words := line.split())[:1] == ["nameserver"] and len(words) > 1]


def ask(server: tuple[str, int], name: str, kind: int = _TXT) -> list[bytes]:
    """Ask one resolver for records of a kind, by UDP and, where the answer is cut short, by TCP."""
    number = secrets.randbelow(65536)
    question = _name(name) + struct.pack("!HH", kind, _IN)
    query = struct.pack("!HHHHHH", number, 0x0100, 1, 0, 0, 0) + question
    answer = _by_udp(server, query)
    if struct.unpack("!H", answer[2:4])[0] & 0x0200:
        answer = _by_tcp(server, query)
    return _read(answer, number, question, kind)


def _name(name: str) -> bytes:
    labels = [label.encode("ascii") for label in name.rstrip(".").split(".")]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def _by_udp(server: tuple[str, int], query: bytes) -> bytes:
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as channel:
        channel.settimeout(_SECONDS)
        channel.connect(server)  # answers from elsewhere are dropped
        channel.send(query)
        return channel.recv(4096)


def _by_tcp(server: tuple[str, int], query: bytes) -> bytes:
    with socket.create_connection(server, _SECONDS) as channel, channel.makefile("rb") as stream:
        channel.sendall(struct.pack("!H", len(query)) + query)
        return stream.read(struct.unpack("!H", stream.read(2))[0])


def _read(answer: bytes, number: int, question: bytes, wanted: int) -> list[bytes]:
    seen, flags, questions, answers = struct.unpack("!HHHH", answer[:8])
    start = 12 + len(question)
    if seen != number or questions != 1 or answer[12:start].lower() != question.lower():
        raise OSError("the answer is to another question")
    if flags & 0xF == 3:
        return []  # the name doesn't exist
    if flags & 0xF:
        raise OSError(f"the resolver answers with error {flags & 0xF}")
    return _records(answer, start, answers, wanted)


def _records(answer: bytes, at: int, count: int, wanted: int) -> list[bytes]:
    found = []
    for _ in range(count):
        at = _after_name(answer, at)
        kind, _, _, length = struct.unpack("!HHIH", answer[at : at + 10])
        at += 10
        if at + length > len(answer):
            raise OSError("the answer is cut")
        if kind == wanted:
            found.append(answer[at : at + length])
        at += length
    return found


def _after_name(answer: bytes, at: int) -> int:
    while answer[at]:
        if answer[at] & 0xC0:
            return at + 2  # a pointer ends the name
        at += answer[at] + 1
    return at + 1


def _joined(data: bytes) -> str:
    parts, at = [], 0
    while at < len(data):
        parts.append(data[at + 1 : at + 1 + data[at]])
        at += data[at] + 1
    return b"".join(parts).decode("utf-8", "replace")
