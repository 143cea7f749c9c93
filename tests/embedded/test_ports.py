"""Which ports count as free."""

from __future__ import annotations

import socket

import pytest

from s2b2c.embedded import ports
from s2b2c.embedded.errors import CannotStart


@pytest.fixture
def taken() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_pick_passes_over_a_port_in_use(taken: int) -> None:
    assert not ports.is_free(taken)
    assert ports.pick(taken) > taken


def test_pick_passes_over_a_port_in_use_on_ipv6() -> None:
    with socket.socket(socket.AF_INET6) as listener:
        try:
            listener.bind(("::1", 0))
        except OSError:
            pytest.skip("no IPv6 here")
        listener.listen()
        assert not ports.is_free(listener.getsockname()[1])


def test_pick_passes_over_a_port_already_given() -> None:
    port = ports.any_free()
    assert ports.pick(port, taken=[port]) != port


def test_pick_says_when_there_is_none(taken: int) -> None:
    with pytest.raises(CannotStart, match=str(taken)):
        ports.pick(taken, span=1)
