"""Host look-up: from memory, from Redis, from the database; never out of date for long."""

from __future__ import annotations

import socket
import subprocess
import sys
import time

import pytest
from django.core.cache import cache
from django.db import transaction

from s2b2c.tenancy import directory, memory, services
from s2b2c.tenancy.cache import TolerantRedisCache
from s2b2c.tenancy.memory import Memory
from s2b2c.tenancy.models import Reseller
from tests.tenancy.conftest import ROOT, make_reseller


@pytest.fixture
def dead_redis(settings, monkeypatch) -> None:
    dead = TolerantRedisCache("redis://127.0.0.1:1/0", {})
    monkeypatch.setattr(directory, "cache", dead)
    monkeypatch.setattr(TolerantRedisCache, "silent_until", 0.0)


def test_a_look_up_asks_the_database_once(rose: Reseller, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        found = [directory.by_slug("rose") for _ in range(3)]
    assert found == [rose, rose, rose]


def test_another_process_finds_it_in_redis(rose: Reseller, django_assert_num_queries) -> None:
    directory.by_slug("rose")
    memory.clear_all()  # as a fresh process
    with django_assert_num_queries(0):
        assert directory.by_slug("rose") == rose


def test_each_request_gets_an_instance_of_its_own(rose: Reseller) -> None:
    one, two = directory.by_slug("rose"), directory.by_slug("rose")
    one.name = "changed"
    assert two.name == "Rose"


def test_all_fields_survive_the_cache(rose: Reseller) -> None:
    directory.by_slug("rose")
    memory.clear_all()
    found, stored = directory.by_slug("rose"), Reseller.objects.get()
    assert {name: getattr(found, name) for name in directory._FIELDS} == {
        name: getattr(stored, name) for name in directory._FIELDS
    }


def test_a_suspension_outdates_redis_at_once(rose: Reseller) -> None:
    directory.by_slug("rose")
    services.suspend(reseller=rose, reason="unpaid")
    memory.clear_all()
    assert directory.by_slug("rose").status == "suspended"


def test_an_entry_read_before_a_change_and_written_after_it_is_not_believed(rose: Reseller) -> None:
    key = "slug|rose"
    stale = cache.get(directory._entry_key(key)) or directory._from_redis_or_database(key, directory.Q(slug="rose"))
    entry = cache.get(directory._entry_key(key))
    services.suspend(reseller=rose, reason="unpaid")
    cache.set(directory._entry_key(key), entry, 60)  # the slow writer
    assert stale is not None
    assert directory.by_slug("rose").status == "suspended"


_WATCH = """
import sys, time, django
django.setup()
from s2b2c.tenancy import directory
while directory.by_slug("rose").status != "suspended":
    if not sys.stdout.closed:
        print("open", flush=True)
    time.sleep(0.02)
print("suspended", flush=True)
"""


def test_a_suspension_reaches_another_process_within_five_seconds(installation) -> None:
    made = installation.python("-c", _MAKE)
    assert made.returncode == 0, made.stderr
    watcher = subprocess.Popen(
        [sys.executable, "-c", _WATCH], cwd=ROOT, env=installation.environment, stdout=subprocess.PIPE, text=True
    )
    assert watcher.stdout.readline() == "open\n"
    assert installation.python("-c", _SUSPEND).returncode == 0
    began = time.monotonic()  # the suspending process has ended: it committed before now
    last = [line.strip() for line in watcher.stdout][-1]
    watcher.wait(10)
    assert last == "suspended"
    assert time.monotonic() - began < 5


_MAKE = """
import django; django.setup()
from s2b2c.tenancy import services
services.create_reseller(slug="rose", name="Rose", currency="EUR", country="DE")
"""
_SUSPEND = """
import django; django.setup()
from s2b2c.tenancy import services
from s2b2c.tenancy.models import Reseller
services.suspend(reseller=Reseller.objects.get(), reason="unpaid")
"""


def test_an_unknown_name_is_remembered(db: None, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert [directory.by_slug("nobody"), directory.by_slug("nobody")] == [None, None]


def test_a_new_shop_is_found_though_its_name_was_unknown(db: None) -> None:
    assert directory.by_slug("rose") is None
    make_reseller("rose")
    assert directory.by_slug("rose").slug == "rose"


def test_a_flood_of_unknown_names_pushes_out_no_shop(rose: Reseller, monkeypatch) -> None:
    monkeypatch.setattr(directory, "unknown", Memory(10, 2.0))
    directory.by_slug("rose")
    for number in range(30):
        directory.by_slug(f"nobody-{number}")
    assert (len(directory.unknown), directory.known.get("slug|rose") is not None) == (10, True)


def test_a_dead_redis_costs_only_the_database(rose: Reseller, dead_redis: None, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert directory.by_slug("rose") == rose


def test_a_dead_redis_is_asked_again_only_after_a_pause(rose: Reseller, dead_redis: None) -> None:
    directory.by_slug("rose")
    assert TolerantRedisCache.silent_until > time.monotonic()


def test_a_dead_redis_fails_no_suspension(rose: Reseller, dead_redis: None) -> None:
    services.suspend(reseller=rose, reason="unpaid")
    assert directory.by_slug("rose").status == "suspended"


def test_a_change_rolled_back_leaves_the_old_in_sight(rose: Reseller) -> None:
    with pytest.raises(RuntimeError, match="stop"), transaction.atomic():  # noqa: PT012
        services.suspend(reseller=rose, reason="unpaid")
        raise RuntimeError("stop")
    assert directory.by_slug("rose").status == "open"


def test_memory_forgets_the_least_used_and_the_old(monkeypatch) -> None:
    small = Memory(2, 1.0)
    for key in "ab":
        small.put(key, key)
    small.get("a")
    small.put("c", "c")
    kept = [small.get(key) for key in "abc"]
    later = time.monotonic() + 1.5
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert (kept, small.get("a")) == (["a", None, "c"], None)


# --- Cache keys --------------------------------------------------------------------------------------
def test_cache_keys_carry_the_shop(rose: Reseller) -> None:
    from s2b2c.tenancy import context
    from s2b2c.tenancy.cache import GLOBAL

    with context.entered(rose):
        cache.set("x", "rose's")
        cache.set(f"{GLOBAL}x", "everybody's")
    assert (cache.get("x"), cache.get(f"{GLOBAL}x")) == (None, "everybody's")


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        (lambda c: c.get("x", 5), 5),
        (lambda c: c.get_many(["x"]), {}),
        (lambda c: c.set("x", 1), None),
        (lambda c: c.set_many({"x": 1}), ["x"]),
        (lambda c: c.add("x", 1), True),
        (lambda c: c.delete("x"), False),
        (lambda c: c.touch("x"), False),
        (lambda c: "x" in c, False),
        (lambda c: c.get_or_set("x", 3), 3),
    ],
)
def test_a_dead_cache_answers_as_an_empty_one(dead_redis: None, call, answer) -> None:
    assert call(directory.cache) == answer


def test_a_cache_that_never_answers_is_given_up(monkeypatch) -> None:
    monkeypatch.setattr(TolerantRedisCache, "silent_until", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mute = TolerantRedisCache(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", {})
        began = time.monotonic()
        assert [mute.get("x", n) for n in range(50)] == list(range(50))
        assert time.monotonic() - began < 3


def test_a_dead_cache_counts_nothing(dead_redis: None) -> None:
    with pytest.raises(ValueError, match="not found"):
        directory.cache.incr("x")
