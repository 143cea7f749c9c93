"""Ends the process groups of a supervisor that was killed.

Run as a script, isolated and without site packages: ``watchdog.py GRACE_SECONDS``. Reads
``+PGID SIGNAL`` and ``-PGID`` from standard input; at its end, which is the supervisor's end, asks
every group still there to stop, youngest first, and kills after the grace what does not.
"""

import contextlib
import os
import signal
import sys
import time


def _signal(pgid: int, sig: int) -> bool:
    try:
        os.killpg(pgid, sig)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def main() -> None:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    groups: dict[int, int] = {}
    for line in sys.stdin:
        word, _, sig = line.strip().partition(" ")
        if word.startswith("+"):
            groups[int(word[1:])] = int(sig)
        elif word.startswith("-"):
            groups.pop(int(word[1:]), None)
    for pgid, stop_signal in reversed(groups.items()):
        with contextlib.suppress(OSError):
            os.kill(pgid, stop_signal)  # the leader tells its own
    end = time.monotonic() + float(sys.argv[1])
    while groups and time.monotonic() < end:
        groups = {pgid: sig for pgid, sig in groups.items() if _signal(pgid, 0)}
        time.sleep(0.1)
    for pgid in groups:
        _signal(pgid, signal.SIGKILL)


if __name__ == "__main__":
    main()
