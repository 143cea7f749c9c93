"""Free TCP ports on loopback."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterable

from s2b2c.embedded.errors import CannotStart


def is_free(port: int) -> bool:
    """Tell whether nobody listens on the port, on IPv4 or IPv6: a browser tries both for localhost."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, port))
                probe.listen(1)
        except OSError as problem:
            if problem.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            # no IPv6 on this machine
    return True


def answers(port: int) -> bool:
    """Tell whether somebody accepts connections on the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def pick(preferred: int, *, taken: Iterable[int] = (), span: int = 100) -> int:
    """Return the first free port from ``preferred`` upwards that is not in ``taken``."""
    for port in range(preferred, min(preferred + span, 65536)):
        if port not in taken and is_free(port):
            return port
    raise CannotStart(f"No free port from {preferred} to {preferred + span - 1}. Give another with --port.")


def any_free() -> int:
    """Return a port the system calls free just now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
