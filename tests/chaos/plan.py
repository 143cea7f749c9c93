"""Which part dies when, and how: all from the seed, so that a run can be had again."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.chaos.parts import Platform

_GRACE = 2.0  # at the beginning and at the end, in which nothing dies
_LAST_WORDS = 40  # lines of a log that may tell why
_PATIENCE = 20.0  # how long a strike waits for pages to be there again

WAYS = (
    "worker child", "redis", "postgres child", "web child", "worker", "postgres", "web", "postgres at once", "beat",
    "worker child", "redis",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Strike:
    """After ``wait`` seconds ``what`` dies, and stays dead for ``pause`` seconds.

    ``at_rest``: not before the platform has come back from what died before; else two things are away at once.
    """

    wait: float
    what: str
    pause: float
    at_rest: bool


def make(seed: int) -> Iterator[Strike]:
    """Give strikes without end: each way comes before one comes twice."""
    chance = random.Random(f"{seed}:plan")
    while True:
        for what in chance.sample(WAYS, len(WAYS)):
            pause = round(chance.uniform(0.0, 1.5), 2)
            yield Strike(round(chance.uniform(0.8, 3.0), 2), what, pause, chance.random() < 0.7)


def strike(platform: Platform, one: Strike, chance: random.Random) -> None:
    """Let it happen, and start the part again where nobody else does."""
    name, _, rest = one.what.partition(" ")
    part = platform.parts[name]
    if rest == "child":
        part.kill_child(chance)
        return
    part.kill(signal.SIGQUIT if rest else signal.SIGKILL)
    if name == "redis":
        platform.wipe_redis()
    time.sleep(one.pause)
    part.up()


def carry_out(platform: Platform, *, seconds: float, seed: int, say: Callable[[str], None]) -> int:
    """Let things die until the time is over, and look after the rest in between; give how many did."""
    began, chance, count = time.monotonic(), random.Random(f"{seed}:children"), 0
    until = began + seconds - _GRACE
    _look_after(platform, began + _GRACE, say)
    for one in make(seed):
        _look_after(platform, min(time.monotonic() + one.wait, until), say)
        if one.at_rest:
            platform.settle(min(_PATIENCE, max(0.0, until - time.monotonic())))
        now = time.monotonic()
        if now >= until:
            break
        away = f", away for {one.pause:g} s" if "child" not in one.what else ""
        say(f"{now - began:6.1f} s  kill -9 {one.what}{away}")
        strike(platform, one, chance)
        count += 1
    _look_after(platform, began + seconds, say)
    return count


def _look_after(platform: Platform, until: float, say: Callable[[str], None]) -> None:
    while time.monotonic() < until:
        for name in platform.look_after():
            say(f"          {name} had ended by itself and is started again; the end of its log:")
            say("\n".join(platform.log(name).read_text(errors="replace").splitlines()[-_LAST_WORDS:]))
        time.sleep(0.1)
