"""``python -m tests.fakestripe``: serve until interrupted."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from tests.fakestripe import FakeStripe


def main() -> None:
    """Read the arguments, serve, stop on SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakestripe", description="A fake Stripe for test payments.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--webhook-url", default="", help="where events are sent")
    parser.add_argument("--secret", default="", help="what events are signed with, whsec_…")
    parser.add_argument("--api-key", default="sk_test_fake", help="the only key accepted (%(default)s)")
    parser.add_argument("--public-url", default="", help="how a browser reaches this server")
    parser.add_argument("--business-name", default="Test merchant")
    parser.add_argument("--state", type=Path, help="SQLite file that keeps payments over a restart")
    parser.add_argument("--funds", default="", metavar="usd:50000000", help="money that is there from the beginning")
    options = vars(parser.parse_args())
    funds = [part.split(":") for part in options.pop("funds").split(",") if part]
    fake = FakeStripe.start(**options, automatic=True, bank_debit=True)
    if not fake.all("balance_transaction"):
        for currency, amount in funds:
            fake.add_funds(int(amount), currency)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    print(f"fake Stripe at {fake.url}, control page {fake.url}/_control", flush=True)
    stop.wait()
    fake.stop()


if __name__ == "__main__":
    sys.exit(main())
