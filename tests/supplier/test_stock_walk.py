"""A long walk over stock by processes that are killed at any moment, also in the middle of a statement.

``STOCK_OPERATIONS=1000000`` in the environment makes it as long as you like; ``STOCK_WALKERS`` (2) walk at a time, and
``STOCK_SEED`` makes it another walk. A million take about an hour of one core; ``pytest -s`` tells how far it is.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import mmap
import os
import random
import signal
import sys
import time

import pytest
from django.db import connection, connections

from supplier.selectors import audit
from tests import factories
from tests.supplier import stock_walk
from tests.supplier.stock_walk import Book, World

OPERATIONS = int(os.environ.get("STOCK_OPERATIONS", "1500"))
WALKERS = int(os.environ.get("STOCK_WALKERS", "2"))
SEED = os.environ.get("STOCK_SEED", "1")
_LONGEST = 1.0 if OPERATIONS < 10_000 else 20.0  # seconds of a life
_AUDIT_EACH = 20  # rounds between two checks of everything


@pytest.mark.timeout(0)
@pytest.mark.django_db(transaction=True)
def test_on_hand_is_the_sum_of_movements_after_many_random_operations_and_kills() -> None:
    """1,500 each time the tests run, a million by hand."""
    world, dice = World(), random.Random(SEED)
    before = stock_walk.there(world)
    shops = [factories.reseller(slug=f"walker-{number}").id for number in range(WALKERS)]
    books = [_book() for _ in shops]
    began, rounds = time.monotonic(), 0
    _warm_up(world, shops[0], books[0], dice)
    while sum(book.done for book in books) < OPERATIONS:
        rounds += 1
        _live_and_die(world, shops, books, rounds, dice)
        _settle(before, stock_walk.there(world), books)
        if rounds % _AUDIT_EACH == 0:
            _check_all(world)
            _say(books, rounds, began)
    _check_all(world)
    _say(books, rounds, began)


def _book() -> Book:
    """Give a book in memory that is shared with the processes forked from now on."""
    return Book(memoryview(mmap.mmap(-1, 8 * Book.CELLS)).cast("q"))


def _warm_up(world: World, shop_id: int, book: Book, dice: random.Random) -> None:
    """Load what walkers need once, not in each of them."""
    walk = stock_walk.Walk(world, shop_id=shop_id, book=book, alone=False)
    for _ in range(100):
        stock_walk.step(walk, dice)
    gc.freeze()


def _live_and_die(world: World, shops: list[int], books: list[Book], number: int, dice: random.Random) -> None:
    """Let a process per shop walk for a while; kill them with SIGKILL, a little apart; wait for the database to see."""
    _close_all()  # a forked process must not share one
    living = [_fork(world, shop, book, f"{SEED}:{number}:{shop}") for shop, book in zip(shops, books, strict=True)]
    time.sleep(dice.uniform(0.2, _LONGEST))
    for pid in dice.sample(living, len(living)):
        os.kill(pid, signal.SIGKILL)
        time.sleep(dice.uniform(0, 0.05))
    ended = [os.waitpid(pid, 0)[1] for pid in living]
    assert all(os.WIFSIGNALED(status) for status in ended), "a walker met an error, see above"
    _wait_for_their_connections_to_end()


def _close_all() -> None:
    """Close this process's connections, also those from before the loop of a browser that runs here.

    While a loop runs Django keeps connections of their own for it; in a forked process none runs, and the others are back.
    """
    connections.close_all()
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        connections.close_all()
    finally:
        asyncio._set_running_loop(running)


def _fork(world: World, shop_id: int, book: Book, seed: str) -> int:
    pid = os.fork()
    if pid == 0:
        stock_walk.walk_on(world, shop_id=shop_id, book=book, seed=seed)
    return pid


def _wait_for_their_connections_to_end() -> None:
    """A statement under way ends by itself, and its transaction with it."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [stock_walk.APPLICATION]
            )
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.01)
    raise AssertionError("a killed walker's connection is still there")


def _settle(before: tuple[int, ...], there: tuple[int, ...], books: list[Book]) -> None:
    """What each killed one said it had done stands; what it was at stands wholly, or not at all."""
    for stands in itertools.product(*(book.possible() for book in books)):
        if there == tuple(map(sum, zip(before, *stands, strict=True))):
            for book, version in zip(books, stands, strict=True):
                book.settle(stands=version != book.standing())
            return
    raise AssertionError(f"{there} is not {before} and {[book.possible() for book in books]}")


def _check_all(world: World) -> None:
    found = stock_walk.there(world)
    assert stock_walk.moved(world) == [good + broken for good, broken in zip(found[:2], found[2:4], strict=True)]
    assert [*audit.stock()] == []


def _say(books: list[Book], rounds: int, began: float) -> None:
    done, deaths = sum(book.done for book in books), sum(book.deaths for book in books)
    print(
        f"{done:,} operations, {deaths:,} of them died at a statement, {rounds * len(books):,} processes killed, "
        f"{time.monotonic() - began:.0f} s, of which the walkers' CPU {sum(os.times()[2:4]):.0f} s",
        file=sys.stderr, flush=True,
    )  # fmt: skip
