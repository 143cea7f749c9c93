"""Whatever c, b, S and the payment provider do, in any order: stock, books and money hold together."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from orders.gateways.facts import PaymentFact, RefundFact
from orders.models import Order, Payment, Refund
from orders.services import cancellation, cart, checkout, closing, payment, refund, sending
from s2b2c import wiring
from s2b2c.kernel import clock
from s2b2c.kernel.errors import OutOfStock, Refused
from s2b2c.outbox import dispatcher
from s2b2c.outbox.models import OutboxEvent
from supplier.models import FulfilmentOrder, SalesOrder, Transfer
from supplier.selectors import audit
from supplier.services import cash, picking, shipping, shortage
from tests import factories
from tests.orders.buying import CONTACT, drain, later

pytestmark = pytest.mark.django_db(transaction=True)
_number = count(1)
Status, Paid = Order.Status, Order.Paid
ENDED = (Status.SHIPPED, Status.CANCELLED, Status.EXPIRED)
pieces = st.integers(1, 3)
which = st.integers(0, 99)


class Bank:
    """The payment provider as the gateway shows it: what it took by page, what it gave back by key."""

    def __init__(self) -> None:
        self.pages: dict[str, PaymentFact] = {}
        self.back: dict[str, tuple[str, int]] = {}

    def refund(self, *, payment_intent: str, amount_minor: int, idempotency_key: str, **fields: Any) -> RefundFact:
        self.back.setdefault(idempotency_key, (payment_intent, amount_minor))
        return RefundFact(f"re_{idempotency_key}", "succeeded", payment_intent, amount_minor, fields["currency"])

    def expire_checkout(self, session_id: str) -> PaymentFact:
        return self.pages[session_id]

    def kept(self, number: str) -> int:
        """Give what it holds of an order's money. Never has it given back more than it took."""
        paid = {page.payment_intent: page.amount_minor for page in self.pages.values() if page.order_number == number}
        back = [amount for intent, amount in self.back.values() if intent in paid]
        return sum(paid.values()) - sum(back)


def _cash(number: str) -> int:
    """Give what S has of an order's cash, by its books."""
    rows = Transfer.objects.filter(journal__order_number=number)
    into = sum(rows.filter(debit__kind="cash").values_list("amount_minor", flat=True))
    return into - sum(rows.filter(credit__kind="cash").values_list("amount_minor", flat=True))


class Orders(RuleBasedStateMachine):
    """One product of few pieces in two warehouses, sold by one shop."""

    shop: Any
    bank: Bank

    def __init__(self) -> None:
        super().__init__()
        product = factories.product(stock=3, wholesale=1_037, floor=1_037, suggested=1_999)
        factories.listing(self.shop, product)
        self.variant = factories.first_variant(product)
        factories.receive(self.variant, 3, at=factories.warehouse("REN", priority=20))
        self.orders: list[Order] = []

    @initialize(method=st.sampled_from(["cod", "card"]))
    def begin(self, method: str) -> None:
        """Most happens to an order S has heard of: begin with one."""
        self.place(3, method)
        if method == "card":
            self.pay(0)
        drain()

    @rule(quantity=pieces, method=st.sampled_from(["cod", "card"]))
    def place(self, quantity: int, method: str) -> None:
        try:
            with factories.inside(self.shop):
                bag = cart.add_line(token=None, variant_id=self.variant.id, quantity=quantity)
            with factories.context.entered(self.shop):
                made = checkout.place_order(cart_token=bag.token, contact=CONTACT, method=method, language="en")
        except OutOfStock:
            return
        self.orders.append(made)

    @precondition(lambda self: self.orders)
    @rule(which=which)
    def pay(self, which: int) -> None:
        """Money comes in, for whatever became of the order: in time, late, or once more."""
        order = self._one(which)
        if order.method != Order.Method.CARD:
            return
        session = f"cs_{next(_number)}"
        fact = PaymentFact(
            session_id=session,
            state="paid",
            order_number=order.number,
            reseller_slug=self.shop.slug,
            amount_minor=order.total_minor,
            currency=order.currency,
            payment_intent=f"pi_{session}",
        )
        with factories.inside(self.shop):
            now = clock.now()
            Payment.objects.create(
                order=order, provider="stripe", session_id=session, amount_minor=order.total_minor, created_at=now
            )
        self.bank.pages[session] = fact
        with factories.context.entered(self.shop):
            payment.settle(fact)
            payment.settle(fact)

    @precondition(lambda self: self.orders)
    @rule(which=which)
    def expire(self, which: int) -> None:
        with later(minutes=16), factories.context.entered(self.shop):
            closing.expire(order_number=self._one(which).number)

    @precondition(lambda self: self.orders)
    @rule(which=which)
    def cancel(self, which: int) -> None:
        with factories.context.entered(self.shop):
            self._try(cancellation.cancel, order_number=self._one(which).number, actor="customer", reason="x")

    @precondition(lambda self: self.orders)
    @rule(which=which, unsent=st.integers(0, 3), received=st.integers(0, 3), shipping_too=st.booleans())
    def give_back(self, which: int, unsent: int, received: int, shipping_too: bool) -> None:
        order = self._one(which)
        with factories.inside(self.shop):
            line = order.lines.get()
        with factories.context.entered(self.shop):
            self._try(
                refund.grant,
                order_number=order.number,
                pieces={line.id: unsent},
                received={line.id: received},
                shipping=shipping_too,
                reason="x",
                key=f"k{next(_number)}",
                actor="clerk",
            )

    @rule()
    def hear(self) -> None:
        drain()

    @rule(events=st.integers(1, 3))
    def hear_some(self, events: int) -> None:
        """Workers are slow: S and the shop have heard of some of what happened."""
        OutboxEvent.objects.filter(state="pending").update(next_at=clock.now())
        dispatcher.drain(wiring.HANDLERS, limit=events)

    @rule(which=which, step=st.sampled_from([picking.start_picking, picking.put_back, picking.pack, picking.unpack]))
    def prepare(self, which: int, step: Callable[..., Any]) -> None:
        for fulfilment in self._waiting(which):
            self._try(step, number=fulfilment.number, actor_id=None)

    @rule(which=which, quantity=pieces)
    def ship(self, which: int, quantity: int) -> None:
        for fulfilment in self._waiting(which):
            self._try(
                shipping.ship,
                number=fulfilment.number,
                carrier="P",
                tracking="",
                request_key=f"k{next(_number)}",
                pieces={fulfilment.lines.get().id: quantity},
            )

    @rule(which=which, quantity=pieces, write_off=st.booleans())
    def short(self, which: int, quantity: int, write_off: bool) -> None:
        for fulfilment in self._waiting(which):
            self._try(
                shortage.report_short,
                number=fulfilment.number,
                pieces={fulfilment.lines.get().id: quantity},
                reason="damaged",
                actor_id=None,
                write_off=write_off,
            )

    @precondition(lambda self: self.orders)
    @rule(which=which, outcome=st.sampled_from(["collected", "refused"]))
    def bring_cash(self, which: int, outcome: str) -> None:
        sold = SalesOrder.objects.filter(order_number=self._one(which).number).first()
        if sold is not None:
            self._try(cash.settle, order_id=sold.id, outcome=outcome, actor_id=None)

    def teardown(self) -> None:
        drain()
        assert [*audit.stock(), *audit.books()] == []
        for order in self.orders:
            self._check_money(self._read(order))
        self._send_the_rest()
        drain()
        assert [*audit.stock(), *audit.books()] == []
        for order in self.orders:
            self._check_end(self._read(order))

    def _send_the_rest(self) -> None:
        for fulfilment in FulfilmentOrder.objects.filter(
            order__order_number__in=[each.number for each in self.orders]
        ):
            self._try(
                shipping.ship,
                number=fulfilment.number,
                carrier="P",
                tracking="",
                request_key=f"rest:{fulfilment.number}",
            )

    def _check_money(self, order: Order) -> None:
        """What the bank keeps is what the order says; refunds are within the total, and all were sent."""
        with factories.inside(self.shop):
            given = [row.amount_minor for row in order.refunds.exclude(reason="unused_payment")]
            assert order.method != Order.Method.CARD or not order.refunds.exclude(state=Refund.State.DONE).exists()
        assert sum(given) == order.refunded_minor <= order.total_minor
        due = order.total_minor - order.refunded_minor if order.paid not in (Paid.UNPAID, Paid.DUE) else 0
        kept = _cash(order.number) if order.method == Order.Method.COD else self.bank.kept(order.number)
        assert kept == due

    def _check_end(self, order: Order) -> None:
        """Nobody waits for ever: each piece was sent or its money went back, and the order says so."""
        with factories.inside(self.shop):
            line = order.lines.get()
        if order.status == Status.PENDING:
            return
        assert order.status in ENDED
        if order.paid != Paid.UNPAID:
            assert line.unsent == 0
            assert 0 <= (line.returned or 0) <= line.shipped
        assert (line.shipped > 0) == (order.status == Status.SHIPPED)

    def _one(self, which: int) -> Order:
        return self._read(self.orders[which % len(self.orders)])

    def _read(self, order: Order) -> Order:
        with factories.inside(self.shop):
            return Order.objects.get(id=order.id)

    def _waiting(self, which: int) -> list[FulfilmentOrder]:
        """Give one of S's fulfilment orders, if it has any."""
        found = list(
            FulfilmentOrder.objects.filter(order__order_number__in=[each.number for each in self.orders]).order_by(
                "id"
            )
        )
        return found[which % len(found) :][:1] if found else []

    @staticmethod
    def _try(step: Callable[..., Any], **arguments: Any) -> None:
        with contextlib.suppress(Refused):
            step(**arguments)


@pytest.fixture(params=[True, False], ids=["tax included", "tax on top"])
def world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> type[Orders]:
    bank = Bank()
    monkeypatch.setattr(sending.gateway, "refund", bank.refund)
    monkeypatch.setattr(payment.gateway, "expire_checkout", bank.expire_checkout)
    factories.company()
    factories.terms(333)
    shop = factories.reseller(
        tax_bps=825, tax_included=request.param, shipping={"price_minor": 499, "free_over_minor": 5_000}
    )
    return type("Orders", (Orders,), {"shop": shop, "bank": bank})


def test_every_way_of_an_order_ends_right(world):
    run_state_machine_as_test(
        world,
        settings=settings(
            max_examples=20,
            stateful_step_count=15,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
