"""The whole life of the books, in any order, with replays, other content, reversals and deaths between the steps."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from orders.models import OrderLine
from orders.services.shares import PARTS, share_of
from s2b2c.kernel import clock, events, money
from s2b2c.kernel.errors import StateRefused
from s2b2c.outbox.models import OutboxEvent
from supplier import handlers
from supplier.models import FulfilmentOrder, Journal, SalesOrder, Transfer
from supplier.selectors import audit
from supplier.services import cash, postings, sealing, shipping, stock
from tests import factories

_numbers = count(1)
_minor = st.integers(0, 2_000)
_which = st.integers(0, 10**6)
MONEY = ("clearing", "cod_clearing", "cash")


class _Crash(Exception):
    """The process dies: what its transaction did is undone."""


@dataclasses.dataclass
class Sold:
    """An order as the shop's side has it: the line with what was sent and what went back of it."""

    event: events.OrderPlaced
    line: OrderLine
    back: dict[str, int]
    sent: int = 0

    @property
    def row(self) -> SalesOrder:
        return SalesOrder.objects.get(order_number=self.event.order_number)


class Books(RuleBasedStateMachine):
    """What happens to orders, beside a plain sum of what each party is to have of it."""

    def __init__(self) -> None:
        super().__init__()
        self.shop = factories.reseller()
        self.variant = factories.first_variant(factories.product(stock=10_000))
        self.orders: list[Sold] = []
        self.told: list[tuple[Callable[[events.Event], None], events.Event]] = []
        self.model: Counter[str] = Counter()
        self.day = clock.now().date()

    def tell(self, handler: Callable[[events.Event], None], event: events.Event, *, crash: bool) -> None:
        """Let S hear of something; dead before the end, it hears of it once more."""
        if crash:
            with suppress(_Crash), transaction.atomic():
                handler(event)
                raise _Crash
        with transaction.atomic():
            handler(event)
        self.told.append((handler, event))

    # --- What happens --------------------------------------------------------------------------------
    @rule(pieces=st.integers(1, 6), parts=st.tuples(_minor, _minor, _minor, _minor, _minor), cod=st.booleans(),
          rate=st.integers(0, 2_500), delivery=_minor, funder=st.sampled_from("bs"), crash=st.booleans())  # fmt: skip
    def sell(self, pieces, parts, cod, rate, delivery, funder, crash):
        wholesale, margin, fee, tax, off = parts
        funded = min(off, wholesale * pieces + margin + fee + tax)
        line = OrderLine(id=next(_numbers), quantity=pieces, variant_id=self.variant.id, wholesale_minor=wholesale * pieces,
                         margin_minor=margin, fee_minor=fee, tax_minor=tax, funded_minor=funded)  # fmt: skip
        sold = events.SoldLine(line_id=line.id, variant_id=self.variant.id, quantity=pieces,
                               **{f"{part}_minor": getattr(line, f"{part}_minor") for part in PARTS}, retail_minor=1)  # fmt: skip
        event = events.OrderPlaced(
            reseller_id=self.shop.id, order_number=f"B{line.id}", currency="USD", method="cod" if cod else "card",
            captured_minor=wholesale * pieces + margin + fee + tax - funded, shipping_minor=0, shipping_tax_minor=0,
            lines=[sold], recipient={"name": "Marta"}, language="en", placed_at=clock.now().isoformat(),
            fee_tax_minor=money.included_bps(fee, rate), shipping_funded_minor=delivery, shipping_funder=funder,
        )  # fmt: skip
        stock.hold(
            reseller_id=self.shop.id,
            order_number=event.order_number,
            wanted={self.variant.id: pieces},
            expires_at=None,
        )
        self.tell(handlers.open_fulfilment, event, crash=crash)
        self.tell(handlers.post_sale, event, crash=crash)
        self.orders.append(Sold(event, line, dict.fromkeys(PARTS, 0)))
        self.orders[-1].line.terms = rate  # type: ignore[attr-defined]
        self.add(money=event.captured_minor, promotion=funded + delivery * (funder == "s"), wholesale=-wholesale * pieces,
                 fee=-fee, tax_payable=-tax, shipping=-delivery, reseller_payable=delivery * (funder == "b") - margin)  # fmt: skip

    def add(self, **moved: int) -> None:
        for kind, minor in moved.items():
            self.model[kind] += minor

    @precondition(lambda self: self.orders)
    @rule(which=_which, pieces=st.integers(1, 6), crash=st.booleans())
    def ship(self, which, pieces, crash):
        order = self.orders[which % len(self.orders)]
        pieces = min(pieces, order.line.unsent)
        found = FulfilmentOrder.objects.filter(order__order_number=order.event.order_number).first()
        if pieces <= 0 or found is None or found.state in ("cancelled", "shipped"):
            return
        line = found.lines.get()
        shipping.ship(
            number=found.number, carrier="P", tracking="", request_key=f"s{next(_numbers)}", pieces={line.id: pieces}
        )
        order.line.shipped += pieces
        sent = OutboxEvent.objects.filter(topic="ShipmentSent").order_by("-id")[0]
        self.tell(handlers.post_shipment, events.from_payload(sent.topic, sent.payload), crash=crash)

    @precondition(lambda self: self.orders)
    @rule(which=_which, pieces=st.integers(1, 6), received=st.booleans(), crash=st.booleans())
    def refund(self, which, pieces, received, crash):
        order = self.orders[which % len(self.orders)]
        line = order.line
        pieces = min(pieces, line.received if received else line.unsent)
        if pieces <= 0:
            return
        share = share_of(line, pieces, order.back, stop=0 if received else pieces, received=pieces if received else 0)
        if share.amount <= 0:
            return
        rate, gone = line.terms, order.back["fee"]  # type: ignore[attr-defined]
        back = events.RefundedLine(line_id=line.id, variant_id=self.variant.id, quantity=pieces, stop=share.stop,
                                   received=share.received, **{f"{part}_minor": getattr(share, part) for part in PARTS})  # fmt: skip
        event = events.RefundMade(
            reseller_id=self.shop.id, order_number=order.event.order_number, refund_id=1, refund_key=f"r{next(_numbers)}",
            currency="USD", amount_minor=share.amount, shipping_minor=0, shipping_tax_minor=0, lines=[back], reason="x",
            method=order.event.method,
            fee_tax_minor=money.included_bps(gone + share.fee, rate) - money.included_bps(gone, rate),
        )  # fmt: skip
        self.tell(handlers.post_refund, event, crash=crash)
        line.refunded += pieces
        line.returned = (line.returned or 0) + share.received
        for part in PARTS:
            order.back[part] += getattr(share, part)
        self.add(money=-share.amount, promotion=-share.funded, wholesale=share.wholesale, fee=share.fee,
                 tax_payable=share.tax, reseller_payable=share.margin)  # fmt: skip

    @precondition(lambda self: self.orders)
    @rule(which=_which, undo=st.booleans(), crash=st.booleans())
    def carrier(self, which, undo, crash):
        """Book cash as collected, or take it back: only its place changes, never how much there is."""
        row = self.orders[which % len(self.orders)].row
        act = cash.undo if undo else lambda **who: cash.settle(outcome="collected", **who)
        try:
            with transaction.atomic():
                act(order_id=row.id, actor_id=None)
                if crash:
                    raise _Crash
        except (StateRefused, _Crash):
            return

    # --- What must change nothing --------------------------------------------------------------------
    @precondition(lambda self: self.told)
    @rule(which=_which)
    def replay(self, which):
        handler, event = self.told[which % len(self.told)]
        if handler is handlers.post_refund:
            handler = lambda again: postings.refund(again)  # noqa: E731 - the inbox sees that stock is freed once
        self.unchanged(lambda: handler(event))

    @precondition(lambda self: self.orders)
    @rule(which=_which)
    def same_key_other_content(self, which):
        event = self.orders[which % len(self.orders)].event
        line = dataclasses.replace(event.lines[0], wholesale_minor=event.lines[0].wholesale_minor + 1)

        def forge() -> None:
            with pytest.raises(StateRefused), transaction.atomic():
                postings.sale(dataclasses.replace(event, lines=[line]))

        self.unchanged(forge)

    def unchanged(self, act: Callable[[], None]) -> None:
        before = (Journal.objects.count(), Transfer.objects.count())
        with transaction.atomic():
            act()
        assert (Journal.objects.count(), Transfer.objects.count()) == before

    @rule()
    def seal(self):
        sealing._seal(self.day)
        self.day += timedelta(days=1)

    # --- What always holds ---------------------------------------------------------------------------
    @invariant()
    def everybody_has_what_is_theirs(self):
        found: Counter[str] = Counter()
        for debit, credit, minor in Transfer.objects.values_list("debit__kind", "credit__kind", "amount_minor"):
            found[_group(debit)] += minor
            found[_group(credit)] -= minor
        assert {k: v for k, v in found.items() if v} == {k: v for k, v in self.model.items() if v}

    @invariant()
    def books_are_clean(self):
        waiting = {"fully_sent_orders_defer_nothing"}  # the outbox is played by hand
        assert [each for each in audit.books() if each.check not in waiting] == []


def _group(kind: str) -> str:
    if kind in MONEY:
        return "money"
    return {"wholesale_deferred": "wholesale", "wholesale_revenue": "wholesale", "fee_tax": "fee"}.get(kind, kind)


@pytest.mark.django_db
def test_books_hold_together_whatever_happens_in_whatever_order():
    quick = settings(
        max_examples=8, stateful_step_count=12, deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )  # fmt: skip

    class InOne(Books):
        """Each walk in a savepoint of its own, undone at its end."""

        def __init__(self) -> None:
            self.kept = transaction.atomic()
            self.kept.__enter__()
            super().__init__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.kept.__exit__(None, None, None)

    run_state_machine_as_test(InOne, settings=quick)
