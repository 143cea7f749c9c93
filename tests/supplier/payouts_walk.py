"""The whole life of resellers' money, step by step, at a provider with faults and in a process that may die anywhere.

Nothing is put in: orders are bought and paid at the fake Stripe, its webhooks come signed to the platform's address,
the worker drains the outbox, S's staff settle. Beside it runs a plain account of what each reseller earned, kept from
what its shop sold and gave back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import count
from typing import Any

from django.db import connection
from django.test import Client, override_settings

from orders.models import OrderLine, Payment
from orders.services import refund
from s2b2c import wiring
from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused
from s2b2c.outbox import dispatcher
from s2b2c.outbox.models import OutboxEvent
from supplier import tasks
from supplier.models import Dispute, Payout, SalesOrder, SettlementRun, StatementLine
from supplier.services import disputes
from supplier.services.settlement import accounts, bank, clawback, payouts, runs
from tests import factories
from tests.fakestripe import FakeStripe
from tests.fakestripe.errors import ApiError
from tests.fakestripe.resources import balance, checkout
from tests.fakestripe.resources import disputes as their_disputes
from tests.orders import buying
from tests.supplier import settling
from tests.supplier.payouts_held import Held, Sold, at_its_time

_names = count(1)
RETURN_DAYS, RESERVE_DAYS = 14, 30
TRANSFERS = "POST /v1/transfers"
Terms = settling.Terms


class Killed(BaseException):
    """The process dies: what was committed stays, nothing else does, and nobody catches it."""


@contextmanager
def dying(after: int) -> Iterator[None]:
    """Die before the statement of this number; 0: live."""
    left = after

    def execute(run: Any, *statement: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            raise Killed
        return run(*statement)

    with suppress(Killed), connection.execute_wrapper(execute):
        yield


def receive(body: bytes, signature: str) -> int:
    asked = Client(HTTP_HOST="localhost").post(
        "/webhooks/stripe/", body, content_type="application/json", headers={"Stripe-Signature": signature}
    )
    return asked.status_code


class Walk(Held):
    """Two shops, one paid through Stripe and one through S's bank, and all that may happen to their money."""

    def __init__(self) -> None:
        self.now = clock.now()
        self.fake = FakeStripe.start()
        self.fake.world.clock = lambda: self.now.timestamp()
        self.settings = override_settings(
            STRIPE_SECRET_KEY=self.fake.api_key,
            STRIPE_API_BASE=self.fake.url,
            STRIPE_WEBHOOK_SECRET=self.fake.secret,
        )
        self.settings.enable()
        self.sold: list[Sold] = []
        self.disputes: list[str] = []
        super().__init__()
        self._open_shops()

    def close(self) -> None:
        self.settings.disable()
        self.fake.stop()

    def _open_shops(self) -> None:
        factories.company()
        settling.agreed(return_days=RETURN_DAYS, reserve_bps=1_000, reserve_days=RESERVE_DAYS, min_payout_minor=0)
        product = factories.product(stock=10_000, wholesale=1_001, suggested=1_999)
        self.shops = [self._open_shop(product) for _ in range(2)]
        bank_terms = Terms.objects.get(reseller=None)
        fields = ("fee_bps", "payout_schedule", "return_days", "reserve_bps", "reserve_days", "valid_from")
        Terms.objects.create(
            reseller=self.shops[1], version=1, payout_method="bank", **{name: getattr(bank_terms, name) for name in fields}
        )  # fmt: skip
        settling.bank(self.shops[1])
        self.staff = [factories.staff("finance") for _ in range(2)]
        made = accounts.connect(
            reseller=self.shops[0], email="j@example.com", url="https://j.example.com", actor=factories.user()
        )
        self.account = made.stripe_id
        self.fake.onboard(self.account)
        accounts.refresh(reseller=self.shops[0])

    def _open_shop(self, product: Any) -> Any:
        shop: Any = factories.reseller(f"walk-{next(_names)}", tax_bps=700)
        factories.listing(shop, product)
        shop.variant = factories.first_variant(product)
        return shop

    # --- What happens -----------------------------------------------------------------------------------
    @at_its_time
    def sell(self, which: int, pieces: int, *, sent: bool) -> None:
        """Sell and, where ``sent``, bring it at once."""
        shop = self.shops[which % 2]
        order = buying.paid_order(shop, self.fake, pieces)
        self._drain()
        self.sold.append(Sold(shop, order))
        if sent:
            self._send(self.sold[-1])

    @at_its_time
    def deliver(self, which: int) -> None:
        one = self._one(which, lambda sold: sold.sent_at is None)
        if one is None or not self._is_going(one):
            return
        self._send(one)

    def _send(self, one: Sold) -> None:
        buying.ship_all(one.shop, one.order)
        one.sent_at = self.now
        self._drain()

    def _is_going(self, one: Sold) -> bool:
        return not SalesOrder.objects.filter(order_number=one.order.number, status="cancelled").exists() and not (
            OutboxEvent.objects.filter(state="pending", key=f"{one.shop.id}:{one.order.number}").exists()
        )

    @at_its_time
    def give_back(self, which: int, pieces: int, after: int) -> None:
        """Refund pieces, sent or not."""
        one = self._one(which)
        if one is None:
            return
        with factories.inside(one.shop):
            line = OrderLine.objects.get(order__number=one.order.number)
        chosen = {"received": {line.pk: pieces}, "pieces": {}} if one.sent_at else {"pieces": {line.pk: pieces}}
        with dying(after), suppress(Refused), factories.context.entered(one.shop):
            refund.grant(
                order_number=one.order.number, shipping=False, reason="x", key=f"k{next(_names)}", actor="clerk", **chosen
            )  # fmt: skip

    @at_its_time
    def dispute(self, which: int) -> None:
        one = self._one(which)
        if one is None:
            return
        with factories.inside(one.shop):
            intent = Payment.objects.filter(order__number=one.order.number).latest("id").payment_intent
        charge = next(each["id"] for each in self.fake.all("charge") if each["payment_intent"] == intent)
        with suppress(ApiError):
            self.disputes.append(self.fake.dispute(charge))

    @at_its_time
    def decide(self, which: int, *, won: bool, shop_bears: bool) -> None:
        if not self.disputes:
            return
        found = self.disputes[which % len(self.disputes)]
        row = Dispute.objects.filter(provider_id=found, closed_at=None).first()
        if row is not None:
            disputes.set_bearer(
                dispute_pk=row.pk,
                bearer="shop" if shop_bears else "supplier",
                reason="Agreed",
                actor_id=self.staff[0].pk,
            )
        with suppress(ApiError):
            self.fake.decide(found, won=won)

    def pass_time(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        with self.fake.acting() as world:
            checkout.age(world)
            their_disputes.age(world)

    def trouble(self, kind: str, times: int) -> None:
        """Let the provider fail when money is to be moved."""
        self.fake.faults.add(kind, only=TRANSFERS, times=times)

    @at_its_time
    def stop_account(self, *, stopped: bool) -> None:
        """Let Stripe ask the first shop for more, or have it all; it tells so."""
        self.fake.require(self.account, *(["individual.verification.document"] if stopped else []))

    def fund(self, minor: int) -> None:
        self.fake.add_funds(minor)

    # --- What S does -------------------------------------------------------------------------------------
    @at_its_time
    def draft(self, who: int, after: int) -> None:
        for one in self.sold:
            one.ripe = one.ripe or self._is_ripe(one)
        with dying(after), suppress(Refused):
            runs.start(currency="USD", actor=self.staff[who % 2])

    def _is_ripe(self, one: Sold) -> bool:
        held = Dispute.objects.filter(order_number=one.order.number, closed_at=None).exists()
        over = one.sent_at is not None and one.sent_at + timedelta(days=RETURN_DAYS) <= self.now
        return over and not held

    @at_its_time
    def review(self, who: int, after: int) -> None:
        run, actor = self._run(), self.staff[who % 2]
        if run is None:
            return
        with dying(after), suppress(Refused):
            runs.review(run_id=run.pk, actor=actor)
        run.refresh_from_db()
        assert run.state != "reviewed" or run.reviewed_by_id != run.made_by_id  # four eyes

    @at_its_time
    def release(self, who: int, after: int) -> None:
        run = self._run()
        if run is None:
            return
        for one in self.sold:  # what is disputed since the draft waits, unless a statement has it already
            one.ripe = one.ripe and (self._is_ripe(one) or self._is_settled(one))
        with dying(after), suppress(Refused):
            runs.release(run_id=run.pk, actor=self.staff[who % 2])

    def _is_settled(self, one: Sold) -> bool:
        sale = f"sale:{one.shop.id}:{one.order.number}"
        return StatementLine.objects.filter(settlement__released=True, transfer__journal__key=sale).exists()

    def dispute_meanwhile(self, which: int, after: int) -> None:
        """Draft a run, have one of its orders disputed, and release it."""
        self.draft(0, 0)
        self.dispute(which)
        self.hear(1)
        self.work(0)
        self.review(1, 0)
        self.release(1, after)

    @at_its_time
    def cancel(self, after: int) -> None:
        run = self._run()
        if run is None:
            return
        with dying(after), suppress(Refused):
            runs.cancel(run_id=run.pk, actor=self.staff[0])

    def settle(self, after: int) -> None:
        """Do a whole run, and die somewhere on its way."""
        self.draft(0, 0)
        self.review(1, 0)
        self.release(1, after)

    def month(self, which: int, pieces: int, after: int) -> None:
        """Sell and bring in both shops, wait for the window, settle, and let the money go."""
        for shop in (which, which + 1):
            self.sell(shop, pieces, sent=True)
        self.pass_time((RETURN_DAYS + 1) * 24 * 60)
        self.hear(1)
        self.work(0)
        self.settle(0)
        self.work(after)

    def has_payout(self, **wanted: str) -> bool:
        return Payout.objects.filter(**wanted).exists()

    def has_run(self) -> bool:
        return self._run() is not None

    def _run(self) -> SettlementRun | None:
        return SettlementRun.objects.filter(state__in=SettlementRun.OPEN).first()

    @at_its_time
    def to_bank(self, after: int) -> None:
        """Hand the bank a file; who may have died asks for it again."""
        with dying(after), suppress(Refused):
            bank.make(currency="USD", actor=self.staff[0])

    @at_its_time
    def bank_says(self, which: int, *, paid: bool, after: int) -> None:
        rows = list(Payout.objects.filter(method="bank", state="sent").order_by("pk"))
        if rows:
            with dying(after), suppress(Refused):
                payouts.tell(payout_id=rows[which % len(rows)].pk, actor=self.staff[0], paid=paid, reason="closed")

    @at_its_time
    def ask_again(self, which: int) -> None:
        rows = list(Payout.objects.filter(method="stripe").order_by("pk"))
        if rows:
            with suppress(Refused):
                payouts.ask_again(payout_id=rows[which % len(rows)].pk, actor=self.staff[0])

    @at_its_time
    def take_back(self, after: int) -> None:
        with dying(after), suppress(Refused):
            clawback.ask(reseller=self.shops[0], currency="USD", actor=self.staff[0])

    # --- The machinery -------------------------------------------------------------------------------------
    @at_its_time
    def work(self, after: int) -> None:
        with dying(after):
            self._drain()

    def _drain(self) -> None:
        """Let the worker do all there is, and try once more what failed before."""
        rows, due = OutboxEvent.objects.filter(state="pending"), self.now - timedelta(days=400)
        rows.update(next_at=due)
        while dispatcher.drain(wiring.HANDLERS) and rows.filter(tries=0).update(next_at=due):
            pass

    @at_its_time
    def hear(self, copies: int) -> None:
        """Let webhooks come that wait, some more than once."""
        self.fake.faults.add("duplicate", copies=copies, times=3)
        self.fake.deliver(receive)

    @at_its_time
    def hear_again(self, which: int) -> None:
        """Let a webhook come again that came before: nothing follows from it."""
        told = [each for each in self.fake.all("event") if "account" not in each]
        heard = [each["id"] for each in told if each["pending_webhooks"] == 0]
        if not heard:
            return
        waiting = dict(self.fake.world.store.deliveries)
        self.fake.world.store.deliveries.clear()
        self.fake.courier.resend(heard[which % len(heard)])
        before = OutboxEvent.objects.count()
        self.fake.deliver(receive)
        assert OutboxEvent.objects.count() == before
        self.fake.world.store.deliveries.update(waiting)

    @at_its_time
    def tasks_twice(self, after: int) -> None:
        """Run what beat runs, once to its death and once more."""
        for task in (tasks.mark_due, tasks.run_settlements, tasks.reconcile_provider):
            with dying(after):
                task()
            task()

    def _one(self, which: int, fits: Callable[[Sold], bool] = lambda sold: True) -> Sold | None:
        some = [one for one in self.sold if fits(one)]
        return some[which % len(some)] if some else None

    # --- The end
    def finish(self) -> None:
        """Let all go well in the end: nothing stays open, and our books are the provider's."""
        self.fake.faults.clear()
        self.fake.require(self.account)
        self.fund(1_000_000)
        for _ in range(4):
            self.pass_time(20)
            self.hear(1)
            self.work(0)
            self.tasks_twice(0)
            self.check()
        assert set(OutboxEvent.objects.values_list("state", flat=True)) <= {"done"}
        assert set(Payout.objects.filter(method="stripe").values_list("state", flat=True)) <= {"paid", "failed"}
        with self.fake.acting() as world:
            theirs = sum(sum(both) for both in balance.sums(world).values())
        assert self._balance("clearing", None) + self._refused() == theirs
