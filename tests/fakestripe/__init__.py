"""A small, stateful stand-in for Stripe that the official library talks to over HTTP.

In a test::

    fake = FakeStripe.start()            # API and pages at fake.url; key fake.api_key; secret fake.secret
    fake.pay(session_id, "alipay")       # what the customer does on the hosted page
    fake.faults.add("duplicate")         # see tests.fakestripe.faults
    fake.deliver(receiver)               # webhooks: receiver(body, signature) -> status
    fake.stop()

As a process: ``python -m tests.fakestripe --port 18300 --webhook-url URL --secret whsec_…``.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.fakestripe.faults import Faults
from tests.fakestripe.page import return_url
from tests.fakestripe.resources import accounts, balance, checkout, disputes, payouts
from tests.fakestripe.server import Server
from tests.fakestripe.webhooks import Courier, Receiver, Sent
from tests.fakestripe.world import World, public

__all__ = ["FakeStripe", "Sent"]


class FakeStripe:
    """A running fake. ``start`` makes one; it is also a context manager that stops at the end."""

    def __init__(self, world: World, courier: Courier, server: Server) -> None:
        self.world = world
        self.courier = courier
        self.server = server
        self._thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @classmethod
    def start(
        cls,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        webhook_url: str = "",
        secret: str = "",
        api_key: str = "sk_test_fake",
        public_url: str = "",
        business_name: str = "Test merchant",
        state: Path | None = None,
        automatic: bool = False,
        bank_debit: bool = False,
    ) -> FakeStripe:
        """Serve on ``port`` (0: any free one).

        ``automatic`` delivers webhooks as they happen; otherwise ``deliver`` does, when the test says so.
        """
        secret = secret or f"whsec_{secrets.token_hex(16)}"
        world = World(api_key=api_key, secret=secret, business_name=business_name, state=state)
        world.bank_debit = bank_debit
        courier = Courier(world, webhook_url)
        fake = cls(world, courier, Server((host, port), world, courier))
        world.public_url = public_url.rstrip("/") or fake.url
        fake._thread.start()
        if automatic:
            courier.start()
        return fake

    @property
    def url(self) -> str:
        """Where the API and the pages are served."""
        host, port = self.server.server_address[:2]
        return f"http://{host}:{port}"

    @property
    def api_key(self) -> str:
        """The only key the API accepts."""
        return self.world.api_key

    @property
    def secret(self) -> str:
        """What webhooks are signed with."""
        return self.world.secret

    @property
    def faults(self) -> Faults:
        """What shall go wrong: ``fake.faults.add("timeout", only="/v1/refunds")``."""
        return self.world.faults

    def deliver(self, receiver: Receiver | None = None) -> list[Sent]:
        """Deliver every event that waits, once; by HTTP to the webhook URL, or to ``receiver``."""
        return self.courier.deliver(receiver)

    def settle(self, timeout: float = 10) -> None:
        """Wait until an automatic courier has nothing left. :raises TimeoutError: it has."""
        end = time.monotonic() + timeout
        while self.world.store.deliveries:
            if time.monotonic() > end:
                raise TimeoutError(f"undelivered: {list(self.world.store.deliveries)}")
            time.sleep(0.02)

    @contextmanager
    def acting(self) -> Iterator[World]:
        """Do something in the world: alone, and durable afterwards."""
        with self.world.lock:
            yield self.world
            self.world.commit()

    def pay(self, session_id: str, method: str = "card", *, later: bool = False) -> str:
        """Pay as the customer on the hosted page; give the address the browser is sent to.

        ``later``: the bank's answer comes with ``end_payment``.
        """
        with self.acting() as world:
            return return_url(checkout.pay(world, session_id, method, later=later))

    def end_payment(self, session_id: str, *, failed: bool = False) -> None:
        """Let the bank answer a payment that is processing."""
        with self.acting() as world:
            checkout.end_payment(world, session_id, failed=failed)

    def onboard(self, account_id: str, *, more: bool = False) -> None:
        """Hand in the details of an account; ``more``: Stripe then asks for a document and pays nothing yet."""
        with self.acting() as world:
            accounts.submit(world, account_id, more=more)

    def require(self, account_id: str, *fields: str) -> None:
        """Ask an account for more; without ``fields``, for nothing more."""
        with self.acting() as world:
            accounts.require(world, account_id, list(fields))

    def add_funds(self, amount: int, currency: str = "usd") -> None:
        """Put money into the platform's available balance."""
        with self.acting() as world:
            balance.add_funds(world, amount, currency)

    def take_fee(self, amount: int, currency: str = "usd") -> None:
        """Take a fee that belongs to no payment."""
        with self.acting() as world:
            balance.take_fee(world, amount, currency)

    def pay_out(self, account_id: str = "") -> list[str]:
        """Pay out all that is available, as Stripe does daily; give the payouts' ids, one per currency."""
        with self.acting() as world:
            return [payout["id"] for payout in payouts.send_all(world, account_id)]

    def end_payout(self, payout_id: str, failure: str = "") -> None:
        """Let a payout arrive, or come back for a reason such as ``account_closed``."""
        with self.acting() as world:
            payouts.settle(world, payout_id, failure)

    def dispute(self, charge: str, reason: str = "fraudulent", amount: int | None = None) -> str:
        """Let the customer's bank dispute a card payment; give the dispute's id."""
        with self.acting() as world:
            return disputes.open_(world, charge, reason, amount)["id"]

    def decide(self, dispute_id: str, *, won: bool) -> None:
        """Let the bank decide a dispute."""
        with self.acting() as world:
            disputes.decide(world, dispute_id, won=won)

    def decline(self, session_id: str) -> None:
        """Let the customer's card be declined; the page stays open."""
        with self.world.lock:
            checkout.decline(self.world, session_id)
            self.world.commit()

    def all(self, kind: str) -> list[dict[str, Any]]:
        """Give every object of a type (``refund``, ``event``, …), oldest first, as the API shows it."""
        with self.world.lock:
            return [public(item) for item in reversed(list(self.world.store.of(kind)))]

    def stop(self) -> None:
        """Stop serving and delivering; what is in the state file stays."""
        self.courier.stop()
        self.server.shutdown()
        self.server.server_close()
        with self.world.lock:
            self.world.store.close()

    def __enter__(self) -> FakeStripe:
        return self

    def __exit__(
        self, type_: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
