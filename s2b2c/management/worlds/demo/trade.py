"""Eleven weeks of the demo's orders, through the same services buyers and staff use, each at its own time."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from uuid import UUID

from orders.gateways.stripe import PaymentFact
from orders.models import Order, Payment
from orders.services import cancellation, cart, checkout, closing, payment, refund
from orders.services.writing import Contact
from reseller.models import Customer, Shop
from reseller.selectors import offers
from s2b2c.kernel import clock
from s2b2c.kernel.errors import OutOfStock, Refused
from s2b2c.management.worlds import replay
from s2b2c.management.worlds.demo import matches, people
from s2b2c.management.worlds.demo.shops import DemoShop
from s2b2c.tenancy import context
from s2b2c.tenancy.models import Reseller
from supplier.models import FulfilmentOrder
from supplier.selectors import cash as supplier_cash
from supplier.selectors import lots
from supplier.services import cash, picking, shipping

DAYS = 77  # the month before this one, and something before it
CARRIERS = (("Pacific Parcel", "PP"), ("Two Rivers Post", "TR"), ("Northline", "NL"))


@dataclass
class Trade:
    """A calendar of things to do; each may put further ones into it."""

    random: Random
    now: datetime
    staff_id: int
    made: int = 0
    _calendar: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _ranges: dict[int, list[int]] = field(default_factory=dict)
    _beside: dict[int, dict[int, int]] = field(default_factory=dict)
    _shops: dict[str, tuple[Reseller, DemoShop]] = field(default_factory=dict)
    _tick: Iterator[int] = field(default_factory=count)

    @property
    def days(self) -> int:
        return DAYS

    def shop(self, slug: str) -> tuple[Reseller, DemoShop]:
        """Give one of the shops whose arrivals were noted."""
        return self._shops[slug]

    def at(self, instant: datetime, what: Callable[[], None]) -> None:
        """Note something for later; what lies in the future never happens."""
        heapq.heappush(self._calendar, (instant, next(self._tick), what))

    def plan(self, reseller: Reseller, demo: DemoShop) -> None:
        """Note the arrivals of a shop's buyers; on the first day there is one."""
        self._shops[demo.slug] = reseller, demo
        self.at(self.now - timedelta(days=DAYS - 0.7), lambda: self.buy(reseller, demo))
        for day in range(DAYS):
            start = self.now - timedelta(days=DAYS - day)
            mean = demo.orders_a_day * (1 + demo.ramp * day / DAYS) * (1.5 if start.weekday() >= 5 else 0.8)
            for _ in range(self._poisson(mean)):
                instant = start + timedelta(hours=self.random.triangular(0, 24, 19))
                self.at(instant, lambda: self.buy(reseller, demo))
        for minutes in (7, 95) if demo.orders_a_day >= 0.5 else ():
            self.at(self.now - timedelta(minutes=minutes), lambda: self.buy(reseller, demo))

    def run(self, say: Callable[[int], None]) -> None:
        """Do everything in order of time; events are handed on every four hours."""
        since: datetime | None = None
        while self._calendar:
            instant, _tick, what = heapq.heappop(self._calendar)
            if instant > self.now:
                break
            if since is not None and instant - since > timedelta(hours=4):
                self._drain(instant)
                since = None
            since = since or instant
            with clock.set_to(instant):
                what()
            say(self.made)
        self._drain(self.now)

    def _drain(self, instant: datetime) -> None:
        replay.drain(instant)

    def _poisson(self, mean: float) -> int:
        limit, product, number = math.exp(-mean), self.random.random(), 0
        while product > limit:
            product *= self.random.random()
            number += 1
        return number

    # --- What buyers do --------------------------------------------------------------------------
    def buy(
        self,
        reseller: Reseller,
        demo: DemoShop,
        *,
        wanted: dict[int, int] | None = None,
        contact: Contact | None = None,
    ) -> None:
        """Fill a bag and order; what follows depends on chance and on how long ago it was.

        ``wanted``: pieces by variant of somebody who knows, and neither leaves the order unpaid nor calls it off.
        """
        chance = self.random.random() if wanted is None else 0.5
        with context.entered(reseller):
            bag = self._bag() if wanted is None else self._filled(wanted)
            if bag is None:
                return
            cod = demo.cod and self.random.random() < 0.4
            language = demo.language if self.random.random() < 0.85 else "en"
            try:
                order = checkout.place_order(
                    cart_token=bag,
                    contact=contact or people.contact(self.random),
                    method=Order.Method.COD if cod else Order.Method.CARD,
                    language=language,
                )
            except OutOfStock:
                return
            now = clock.now()
            # A first order makes the customer; the row was written today.
            with context.reading():
                Customer.objects.filter(pk=order.customer_id, created_at__gt=now).update(created_at=now)
        self.made += 1
        if not cod and chance < 0.04:
            self.at(now + timedelta(minutes=16), lambda: self._expire(reseller, order))
            return
        if not cod:
            self.at(now + timedelta(minutes=2), lambda: self._pay(reseller, order))
        if chance < 0.09:
            self.at(now + timedelta(hours=1.5), lambda: self._cancel(reseller, order))
            return
        if chance > 0.96:
            self.at(now + timedelta(hours=2), lambda: self._refund_one(reseller, order))
        self.at(now + timedelta(hours=self.random.uniform(4, 20)), lambda: self.pick(order))

    def _bag(self) -> UUID | None:
        with context.reading():
            ids, beside = self._range()
        wanted: dict[int, int] = {}
        for _ in range(self.random.choice((1, 1, 1, 2, 2, 3))):
            # The square makes a few things bestsellers.
            variant_id = ids[int(self.random.random() ** 2 * len(ids))]
            wanted[variant_id] = self.random.choice((1, 1, 1, 1, 2, 2, 4))
            if variant_id in beside and self.random.random() < matches.OFTEN:
                wanted.setdefault(beside[variant_id], 1)
        return self._filled(wanted)

    def _filled(self, wanted: dict[int, int]) -> UUID | None:
        token: UUID | None = None
        for variant_id, quantity in wanted.items():
            try:
                token = cart.add_line(token=token, variant_id=variant_id, quantity=quantity).token
            except Refused:
                continue
        return token

    def _range(self) -> tuple[list[int], dict[int, int]]:
        """What the shop sells, and what goes with what, read once."""
        shop = context.current()
        assert shop is not None
        if shop.id not in self._ranges:
            currency = Shop.objects.values_list("currency", flat=True).get()
            self._ranges[shop.id] = list(offers.on_sale(currency).order_by("id").values_list("variant_id", flat=True))
            self._beside[shop.id] = matches.beside(self._ranges[shop.id])
        return self._ranges[shop.id], self._beside[shop.id]

    def _pay(self, reseller: Reseller, order: Order) -> None:
        """Settle as the provider would report it: the demo's provider knows payments of this name."""
        session = f"cs_demo_{order.number.lower()}"
        with context.entered(reseller):
            with context.reading():
                Payment.objects.create(
                    order=order,
                    provider="stripe",
                    session_id=session,
                    amount_minor=order.total_minor,
                    created_at=clock.now(),
                )
            payment.settle(
                PaymentFact(
                    session_id=session,
                    state="paid",
                    order_number=order.number,
                    reseller_slug=reseller.slug,
                    amount_minor=order.total_minor,
                    currency=order.currency,
                    payment_intent=f"pi_demo_{order.number.lower()}_{order.total_minor}_{order.currency.lower()}",
                )
            )

    def _expire(self, reseller: Reseller, order: Order) -> None:
        with context.entered(reseller):
            closing.expire(order_number=order.number)

    def _cancel(self, reseller: Reseller, order: Order) -> None:
        with context.entered(reseller):
            try:
                cancellation.cancel(order_number=order.number, actor="customer", reason="changed_mind")
            except Refused:
                return

    def _refund_one(self, reseller: Reseller, order: Order) -> None:
        with context.entered(reseller):
            with context.reading():
                line = order.lines.order_by("id").first()
            if line is None or not line.unsent + line.received:
                return
            refund.grant(
                order_number=order.number,
                pieces={} if line.received else {line.id: 1},
                received={line.id: 1} if line.received else {},
                shipping=False,
                reason="goodwill",
                key=f"demo:{order.number}",
                actor=reseller.name,
            )

    # --- What the warehouse does -------------------------------------------------------------------
    def pick(self, order: Order) -> None:
        """Pick an order, and pack and send it in the hours after."""
        for fulfilment in self._waiting(order):
            picking.start_picking(number=fulfilment.number, actor_id=self.staff_id)
            self._scan(fulfilment)
        self.at(clock.now() + timedelta(hours=self.random.uniform(0.5, 6)), lambda: self._pack(order))

    def _scan(self, fulfilment: FulfilmentOrder) -> None:
        """Count what lies in the tote where pieces have serial numbers: those one by one."""
        lines = list(fulfilment.lines.select_related("variant").order_by("id"))
        for line in lines if any(line.variant.serials for line in lines) else ():
            free = lots.pickable(line.variant_id, fulfilment.warehouse_id) if line.variant.serials else []
            told: list[tuple[int, int | None]] = [
                (place, each.lot.pk) for place, each in enumerate(free[: line.left], 1)
            ]
            told = told or [(line.left, None)]
            for picked, lot_id in told:
                picking.record_pick(
                    number=fulfilment.number, line_id=line.pk, picked=picked, actor_id=self.staff_id, lot_id=lot_id
                )

    def _pack(self, order: Order) -> None:
        for fulfilment in self._waiting(order):
            picking.pack(number=fulfilment.number, actor_id=self.staff_id)
        self.at(clock.now() + timedelta(hours=self.random.uniform(1, 18)), lambda: self._ship(order))

    def _ship(self, order: Order) -> None:
        for fulfilment in self._waiting(order):
            pieces = self._part(fulfilment)
            if pieces:
                self.at(clock.now() + timedelta(hours=30), lambda: self._ship(order))
            carrier, letters = self.random.choice(CARRIERS)
            shipping.ship(
                number=fulfilment.number,
                carrier=carrier,
                tracking=f"{letters}{self.random.randrange(10**9, 10**10)}",
                request_key=f"demo:{fulfilment.number}:{fulfilment.state}",
                pieces=pieces,
                actor_id=self.staff_id,
            )
        if order.method == Order.Method.COD:
            self.at(clock.now() + timedelta(days=4), lambda: self._bring_cash(order))

    def _bring_cash(self, order: Order) -> None:
        """The carrier pays in what it collected; of an order not sent whole yet it comes with the rest."""
        try:
            sold = supplier_cash.order_of(order.number)
            cash.settle(order_id=sold, outcome="collected", actor_id=self.staff_id)
        except Refused:
            return

    def _part(self, fulfilment: FulfilmentOrder) -> dict[int, int] | None:
        """Now and then only the first line fits the parcel; the rest follows."""
        if fulfilment.state != FulfilmentOrder.State.PACKED or self.random.random() > 0.25:
            return None
        lines = list(fulfilment.lines.order_by("id"))
        first = {line.id: line.left for line in lines if line.line_id == lines[0].line_id}  # a bundle's are several
        return first if len(first) < len(lines) and all(first.values()) else None

    def _waiting(self, order: Order) -> list[FulfilmentOrder]:
        done = (FulfilmentOrder.State.SHIPPED, FulfilmentOrder.State.CANCELLED)
        return list(
            FulfilmentOrder.objects.filter(order__order_number=order.number).exclude(state__in=done).order_by("id")
        )
