"""Random operations on stock beside a plain account of what they moved, each of which may die at any statement.

:class:`Walk` is the walker, of the Hypothesis machine too. :func:`walk_on` is the life of a process that is going to be
killed: its account (:class:`Book`) lies in memory that outlives it, and says what stands and what was under way.
"""

from __future__ import annotations

import os
import random
import traceback
from collections.abc import Callable, MutableSequence, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum

from s2b2c.kernel import clock
from s2b2c.kernel.errors import OutOfStock, Refused
from supplier.models import Movement, Reservation, Stock, StockTransfer, StockTransferLine
from supplier.services import arrivals, bundles, counting, stock, transfers
from supplier.services.stock import buckets
from tests import factories

GOOD, BROKEN, AWAY = 0, 2, 4  # where an account keeps each number, of two variants
_SUMS = 6
APPLICATION = "stock walker"  # how the database knows a walker


class _Death(BaseException):
    """The process dies: what its transaction did is undone."""


class Book:
    """Sums of the pieces moved: two versions, of which one stands, and whether the other is on its way to stand.

    One cell says both, so that being killed between any two steps leaves no doubt what had been said.
    """

    CELLS = 4 + 2 * _SUMS

    def __init__(self, cells: MutableSequence[int] | memoryview | None = None) -> None:
        self._cells = [0] * self.CELLS if cells is None else cells

    @property
    def done(self) -> int:
        return self._cells[0]

    @property
    def deaths(self) -> int:
        return self._cells[1]

    def number(self) -> int:
        self._cells[2] += 1
        return self._cells[2]

    def count(self, *, died: bool) -> None:
        self._cells[0] += 1
        self._cells[1] += died

    def possible(self) -> list[tuple[int, ...]]:
        """Give what may stand now: one version, or two where a step was under way."""
        which, under_way = divmod(self._cells[3], 2)
        return [self._version(which), self._version(1 - which)][: 1 + under_way]

    def standing(self) -> tuple[int, ...]:
        return self.possible()[0]

    def intend(self, changes: dict[int, int]) -> None:
        which = self._cells[3] // 2
        for place, value in enumerate(self._version(which)):
            self._cells[4 + (1 - which) * _SUMS + place] = value + changes.get(place, 0)
        self._cells[3] = which * 2 + 1

    def settle(self, *, stands: bool) -> None:
        which = self._cells[3] // 2
        self._cells[3] = 2 * (1 - which if stands else which)

    def _version(self, which: int) -> tuple[int, ...]:
        return tuple(self._cells[4 + which * _SUMS : 4 + (which + 1) * _SUMS])


class World:
    """Two variants in two warehouses, and a bundle of two of the first and one of the second."""

    def __init__(self) -> None:
        self.variants = [factories.first_variant(factories.product(stock=20)) for _ in range(2)]
        self.places = [factories.warehouse("PVD"), factories.warehouse("OAK", priority=20)]
        self.bundle = factories.variant(factories.product(variants=0), stock=0)
        bundles.put(variant_id=self.bundle.id, parts={self.variants[0].id: 2, self.variants[1].id: 1})


class Walk:
    """Every operation there is on stock. ``alone``: nobody else moves pieces, so what is refused can be foretold."""

    def __init__(self, world: World, *, shop_id: int, book: Book, alone: bool) -> None:
        self.shop_id, self.book, self.alone = shop_id, book, alone
        self.variants, self.places, self.bundle = world.variants, world.places, world.bundle
        newest = Reservation.objects.filter(reseller_id=shop_id).order_by("-id")[:50]
        self.orders = list(newest.values_list("order_number", flat=True))[::-1]
        sent = StockTransfer.objects.filter(state=StockTransfer.State.SENT, note=self.note)
        self.sent = list(sent.values_list("number", flat=True))

    @property
    def note(self) -> str:
        return f"walk {self.shop_id}"

    def place(self, which: int) -> dict[str, Any]:
        return {"variant_id": self.variants[which % 2].id, "warehouse_id": self.places[which // 2 % 2].id}

    def attempt(self, work: Callable[[], object], *, dies: int, changes: dict[int, int] | None = None) -> bool:
        """Do one step in a transaction; give whether it stands: refused or dead, nothing of it does.

        ``dies``: at which statement, or at the end where there are fewer; 0: not.
        """
        self.book.intend(changes or {})
        stands = False
        try:
            with transaction.atomic(), connection.execute_wrapper(_Dying(dies)):
                work()
                if dies:
                    raise _Death
            stands = True
        except (_Death, Refused, OutOfStock):
            pass
        self.book.settle(stands=stands)
        return stands

    def hold(self, first: int, second: int, *, dies: int, sets: int = 0) -> None:
        number = f"{self.shop_id}-{self.book.number()}"
        wanted = {v.id: n for v, n in zip((*self.variants, self.bundle), (first, second, sets), strict=True) if n}
        enough = self.alone and self._enough(first, second, sets)

        def work() -> None:
            stock.hold(
                reseller_id=self.shop_id, order_number=number, wanted=wanted, expires_at=clock.now() - timedelta(1)
            )

        done = self.attempt(work, dies=dies)
        if self.alone:  # never falsely sold out
            assert done == (not dies and enough)
        if done:
            self.orders.append(number)

    def _enough(self, first: int, second: int, sets: int) -> bool:
        """Tell whether it can be had at all: each bundle whole in one of the two places."""
        one, two = ([self._free(variant.id, place.id) for place in self.places] for variant in self.variants)
        most = [min(one[place] // 2, two[place]) for place in (0, 1)]
        return sets <= sum(most) and 2 * sets + first <= sum(one) and sets + second <= sum(two)

    def _free(self, variant_id: int, warehouse_id: int) -> int:
        rows = Stock.objects.filter(variant_id=variant_id, warehouse_id=warehouse_id)
        return sum(rows.values_list("available", flat=True))

    def end(self, how: str, which: int, *, dies: int) -> None:
        """Confirm, expire or release."""
        if self.orders:
            number = self.orders[which % len(self.orders)]
            work = getattr(stock, how)
            self.attempt(lambda: work(reseller_id=self.shop_id, order_number=number), dies=dies)

    def again(self, which: int, *, dies: int) -> None:
        """A late payment: what expired is held again, or refused."""
        over = Reservation.objects.filter(reseller_id=self.shop_id, state__in=("expired", "released"))
        found = over.filter(order_number__in=self.orders).order_by("-id").first()
        if found is not None and not found.lines.filter(shipped__gt=0).exists():
            wanted = {self.variants[which % 2].id: 1 + which % 3}
            number = found.order_number
            self.attempt(
                lambda: stock.hold_again(reseller_id=self.shop_id, order_number=number, wanted=wanted), dies=dies
            )

    def ship(self, which: int, *, dies: int) -> None:
        number = self.orders[which % len(self.orders)] if self.orders else ""
        paid = Reservation.objects.filter(reseller_id=self.shop_id, order_number=number, state="paid").first()
        kept = paid.lines.order_by("id") if paid else ()
        lines = [each for each in kept if each.quantity > each.shipped + each.released]
        if paid and lines:
            line = lines[which % len(lines)]

            def work() -> None:
                stock.ship_pieces(
                    reservation_id=paid.id, warehouse_id=line.warehouse_id, pieces=[(line.variant_id, 1)],
                    cause="shipment:walk", actor_id=None,
                )  # fmt: skip

            self.attempt(work, dies=dies, changes={GOOD + self._index(line.variant_id): -1})

    def shift(self, how: str, which: int, n: int, *, dies: int) -> None:
        """Receive, adjust, take back, damage, repair or scrap."""
        signed = -n if how == "adjust" and which % 3 else n
        work, index = getattr(stock, how), which % 2
        changes = {
            GOOD + index: {"damage": -n, "repair": n, "scrap": 0}.get(how, signed),
            BROKEN + index: {"damage": n, "repair": -n, "scrap": -n}.get(how, 0),
        }
        facts = {**self.place(which), "quantity": signed, "reason": "walk", "cause": "walk"}
        self.attempt(lambda: work(**facts), dies=dies, changes=changes)

    def send(self, which: int, n: int, *, dies: int) -> None:
        place, index = self.place(which), which % 2
        target = self.places[0] if place["warehouse_id"] == self.places[1].id else self.places[1]
        made = transfers.draft(
            source_id=place["warehouse_id"], target_id=target.id, pieces={place["variant_id"]: n}, note=self.note,
            actor_id=None,
        )  # fmt: skip
        changes = {GOOD + index: -n, AWAY + index: n}
        if self.attempt(lambda: transfers.send(number=made.number, actor_id=None), dies=dies, changes=changes):
            self.sent.append(made.number)

    def arrive(self, which: int, *, dies: int) -> None:
        if not self.sent:
            return
        number = self.sent[which % len(self.sent)]
        line = StockTransferLine.objects.get(transfer__number=number)
        got, index = line.quantity - which % 2, self._index(line.variant_id)
        facts: dict[str, Any] = {"number": number, "received": {line.id: got}, "shortage": "walk", "actor_id": None}
        changes = {GOOD + index: got, AWAY + index: -line.quantity}
        if self.attempt(lambda: transfers.receive(**facts), dies=dies, changes=changes):
            self.sent.remove(number)

    def count(self, which: int, n: int, *, dies: int) -> None:
        place = self.place(which)
        sheet = counting.start(warehouse_id=place["warehouse_id"], variant_ids=[place["variant_id"]], actor_id=None)
        line = sheet.lines.get()
        counting.record(number=sheet.number, counted={line.id: n})
        line.refresh_from_db()
        changes = {GOOD + which % 2: line.difference}
        self.attempt(
            lambda: counting.post(number=sheet.number, reason="walk", actor_id=None), dies=dies, changes=changes
        )

    def expect(self, which: int, n: int, *, dies: int) -> None:
        made = arrivals.announce(**self.place(which), quantity=n, arrives_on=date(2030, 1, 1))
        self.attempt(
            lambda: arrivals.receive(arrival_id=made.id, quantity=n, actor_id=None),
            dies=dies, changes={GOOD + which % 2: n},
        )  # fmt: skip

    def move(self, how: str, which: int, n: int, *, dies: int) -> None:
        """Heat or cool."""
        more = {"buckets": n + 1} if how == "heat" else {}
        work = getattr(buckets, how)
        self.attempt(lambda: work(**self.place(which), **more), dies=dies)

    def _index(self, variant_id: int) -> int:
        return 0 if variant_id == self.variants[0].id else 1


class _Dying:
    """Let a process die at its ``at``-th statement."""

    def __init__(self, at: int) -> None:
        self.left = at

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            raise _Death
        return execute(*arguments)


_KINDS = ("receive", "adjust", "take_back", "damage", "repair", "scrap")


def step(walk: Walk, dice: random.Random) -> None:
    """Do one random operation; one in ten dies at one of its statements, or just before its end."""
    which, n = dice.randrange(10**6), dice.randint(1, 6)
    dies = dice.randint(1, 12) if dice.random() < 0.1 else 0
    kind = dice.random()
    if kind < 0.3:
        walk.hold(dice.randint(0, 3), dice.randint(1, 3), dies=dies, sets=dice.choice((0, 0, 1, 2)))
    elif kind < 0.6:
        walk.end(dice.choice(("confirm", "expire", "release")), which, dies=dies)
        walk.orders = walk.orders[-50:]
    elif kind < 0.75:
        walk.ship(which, dies=dies)
    elif kind < 0.9:
        walk.shift(dice.choice(_KINDS), which, n, dies=dies)
    elif kind < 0.95:
        walk.move(dice.choice(("heat", "cool")), which, n, dies=dies)
    elif kind < 0.97:
        walk.again(which, dies=dies)
    elif kind < 0.985:
        dice.choice((walk.send, walk.count, walk.expect))(which, n, dies=dies)
    else:
        walk.arrive(which, dies=dies)
    walk.book.count(died=bool(dies))


def walk_on(world: World, *, shop_id: int, book: Book, seed: str) -> None:
    """Do random operations until killed. For a forked process whose parent has no open connection."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('application_name', %s, false)", [APPLICATION])
        walk, dice = Walk(world, shop_id=shop_id, book=book, alone=False), random.Random(seed)
        while True:
            step(walk, dice)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def there(world: World) -> tuple[int, ...]:
    """Give the sums as the database has them: fit for sale or held, and broken; and what moved but did not arrive."""
    found = [0] * _SUMS
    index = {variant.id: number for number, variant in enumerate(world.variants)}
    mine = Stock.objects.filter(variant__in=world.variants)
    for row in mine.values_list("variant_id", "available", "held", "damaged"):
        found[GOOD + index[row[0]]] += row[1] + row[2]
        found[BROKEN + index[row[0]]] += row[3]
    sent = StockTransferLine.objects.filter(transfer__state=StockTransfer.State.SENT, variant__in=world.variants)
    for variant_id, quantity in sent.values_list("variant_id", "quantity"):
        found[AWAY + index[variant_id]] += quantity
    return tuple(found)


def moved(world: World) -> Sequence[int]:
    """Give the sum of the movements of each variant."""
    sums = Movement.objects.values("variant_id").annotate(sum=Sum("quantity")).values_list("variant_id", "sum")
    found = dict(sums.filter(variant__in=world.variants))
    return [found[variant.id] for variant in world.variants]
