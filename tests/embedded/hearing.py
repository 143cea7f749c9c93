"""A child that hears its signals, wherever the tests were started."""

from __future__ import annotations

import signal


def restore() -> None:
    """Undo what a shell's background job or nohup left: a child inherits ignored signals."""
    for sig in (signal.SIGINT, signal.SIGHUP):
        signal.signal(sig, signal.SIG_DFL)
