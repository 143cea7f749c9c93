"""``python -m tests.chaos [--minutes 2] [--seed N]``: load, kill, quiet, judge. Exit status 0: nothing was wrong."""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

from s2b2c.embedded import places, processes
from s2b2c.embedded.supervisor import say
from tests.chaos import plan
from tests.chaos.parts import Platform

if TYPE_CHECKING:
    from tests.chaos.people import Notes
    from tests.chaos.verdict import Seen

_FAULTS = (
    {"kind": "error", "percent": 10},
    {"kind": "timeout", "percent": 5, "seconds": 0.3},
    {"kind": "duplicate", "percent": 10},
    {"kind": "reorder", "percent": 10},
    {"kind": "delay", "percent": 10, "seconds": 2},
    {"kind": "drop", "percent": 10},
)


def main() -> int:
    """Read the arguments and do it; the logs are kept where something was wrong."""
    options = _options()
    seconds = options.seconds or options.minutes * 60
    say(f"seed {options.seed}: {seconds:g} s, {options.shops} shops, {options.buyers} buyers, {options.staff} at S")
    processes.die_with_parent()
    with Platform() as platform:
        wrong = _run(platform, options, seconds)
        if wrong:
            kept = places.PROJECT / "var" / f"chaos-{options.seed}"
            shutil.rmtree(kept, ignore_errors=True)
            kept.mkdir(parents=True)
            for log in platform.folder.glob("*.log"):
                shutil.copy(log, Path(kept, log.name))
            say(f"The logs are in {kept}. Again: make chaos SEED={options.seed} MINUTES={seconds / 60:g}")
    say(f"seed {options.seed}: " + (f"{wrong} things are WRONG" if wrong else "nothing lost, doubled or out of order"))
    return 1 if wrong else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=2.0, help="of load (%(default)s)")
    parser.add_argument("--seconds", type=float, default=0.0, help="of load, instead of minutes")
    parser.add_argument(
        "--seed", type=int, default=random.SystemRandom().randrange(1_000_000), help="of an earlier run"
    )
    parser.add_argument("--shops", type=int, default=6)
    parser.add_argument("--buyers", type=int, default=6)
    parser.add_argument("--staff", type=int, default=2)
    return parser.parse_args()


def _run(platform: Platform, options: argparse.Namespace, seconds: float) -> int:
    platform.prepare()
    import django

    django.setup()
    from django.db import connections

    from tests.chaos import people, quiet, verdict, world

    made = world.build(seed=options.seed, shops=options.shops)
    connections.close_all()
    platform.serve()
    _faults(platform, on=True)
    notes, stop = people.Notes(), threading.Event()
    common = {"seed": options.seed, "notes": notes, "stop": stop, "world": made, "port": platform.port}
    there = people.start(people.Buyer, options.buyers, **common) + people.start(people.Staff, options.staff, **common)
    killed = plan.carry_out(platform, seconds=seconds, seed=options.seed, say=say)
    stop.set()
    say(f"{seconds:6.1f} s  {killed} times something was killed; now all is to come to rest")
    if not platform.settle(60):
        say("the web server does not come back")
        return 1
    _faults(platform, on=False)
    quiet.leave(there, seconds=30)
    say(f"          at rest after {quiet.come_to_rest(platform, seconds=120):.1f} s")
    seen = verdict.gather(notes, made, stripe_port=platform.stripe_port)
    seen.ended = platform.ended
    _say_what_was_done(notes, seen)
    return verdict.judge(seen, say)


def _faults(platform: Platform, *, on: bool) -> None:
    where = f"http://127.0.0.1:{platform.stripe_port}/_control/faults"
    sent = [("POST", {"times": 0, **fault}) for fault in _FAULTS] if on else [("DELETE", {})]
    for method, data in sent:
        request = urllib.request.Request(
            where, json.dumps(data).encode(), {"Content-Type": "application/json"}, method=method
        )
        urllib.request.urlopen(request, timeout=30).close()


def _say_what_was_done(notes: Notes, seen: Seen) -> None:
    told = sum(1 for order in notes.orders if order.number)
    times = sorted(notes.latencies) or [0.0]
    say(
        f"{len(notes.orders)} checkouts sent, {told} orders acknowledged ({len(seen.orders)} there, {len(seen.sold)} at S),"
        f" {sum(order.paid for order in notes.orders)} paid by card, {sum(order.cancelled for order in notes.orders)} cancelled,"
        f" {len(notes.parcels)} parcels, {len(notes.short)} shortages, {len(notes.sold_out)} times sold out,"
        f" checkout p50 {times[len(times) // 2] * 1000:.0f} ms, longest {times[-1]:.1f} s"
    )
    again = ", ".join(f"{count} × {what}" for what, count in notes.repeated.most_common())
    say(f"requests repeated: {again or 'none'}")


if __name__ == "__main__":
    began = time.monotonic()
    status = main()
    say(f"{time.monotonic() - began:.0f} s in all")
    sys.exit(status)
