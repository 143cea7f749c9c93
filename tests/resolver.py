"""Resolvers that answer as told, on real sockets."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator

import pytest

Answer = Callable[[bytes], bytes]


def answer(query: bytes, *texts: str, flags: int = 0x8180) -> bytes:
    """An answer as resolvers give it: the question, an alias, then TXT records named by a pointer."""
    held = [b"".join(bytes([len(part)]) + part for part in _parts(text.encode())) for text in texts]
    return answer_of(query, 16, *held, flags=flags)


def answer_of(query: bytes, kind: int, *held: bytes, flags: int = 0x8180) -> bytes:
    """An answer with records of any kind."""
    alias = b"\xc0\x0c" + struct.pack("!HHIH", 5, 1, 60, 2) + b"\xc0\x0c"
    records = [b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(data)) + data for data in held]
    return query[:2] + struct.pack("!HHHHH", flags, 1, len(records) + 1, 0, 0) + query[12:] + alias + b"".join(records)


def _parts(text: bytes) -> list[bytes]:
    return [text[at : at + 255] for at in range(0, len(text), 255)]


@pytest.fixture
def resolver() -> Iterator[Callable[[Answer], tuple[str, int]]]:
    """A resolver that answers by UDP as told."""
    sockets: list[socket.socket] = []

    def start(reply: Answer) -> tuple[str, int]:
        channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        channel.bind(("127.0.0.1", 0))
        channel.settimeout(10)
        sockets.append(channel)

        def serve() -> None:
            try:
                while True:
                    query, client = channel.recvfrom(4096)
                    channel.sendto(reply(query), client)
            except OSError:
                return  # closed, or nobody asks: the test is over

        threading.Thread(target=serve, daemon=True).start()
        return channel.getsockname()

    yield start
    for channel in sockets:
        channel.close()
