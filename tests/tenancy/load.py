"""Many threads in many shops at once, then a look at whose rows lie where. A program: the leak test runs it.

``python -m tests.tenancy.load make 200`` makes shops; ``run 8 5 [autocommit]`` puts 8 threads to work for 5 seconds
and prints ``{"written": …, "foreign_seen": …, "misplaced": …, "lost": …}``. ``autocommit`` works without
transactions, which only the stock backend allows: the counter-check that this test can see a leak.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
import uuid
from collections import Counter
from contextlib import nullcontext, suppress
from typing import Any

import django
from django.conf import settings

if engine := os.environ.get("LOAD_ENGINE"):
    settings.DATABASES["default"]["ENGINE"] = engine
django.setup()

from django.db import DatabaseError, connection, transaction  # noqa: E402

from reseller.models import Customer  # noqa: E402
from s2b2c.tenancy import context, services  # noqa: E402
from s2b2c.tenancy.models import Reseller  # noqa: E402

RUN = uuid.uuid4().hex
found: Counter[str] = Counter()
problems: list[BaseException] = []


def make(shops: int) -> None:
    for number in range(shops):
        services.create_reseller(slug=f"load-{number}", name=f"Load {number}", currency="EUR", country="DE")


def run(threads: int, seconds: float, in_autocommit: bool) -> None:
    resellers = list(Reseller.objects.order_by("pk"))
    unit = nullcontext if in_autocommit else transaction.atomic
    until = time.monotonic() + seconds
    workers = [threading.Thread(target=_work, args=(resellers, until, unit, seed)) for seed in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if problems:
        raise problems[0]
    _look(resellers)


def _work(resellers: list[Reseller], until: float, unit: Any, seed: int) -> None:
    tolerated = (DatabaseError,) if unit is nullcontext else ()
    chance = random.Random(seed)
    try:
        while time.monotonic() < until:
            one, two = chance.sample(resellers, 2)
            with suppress(*tolerated):
                chance.choice([_write, _read, _switch, _change_mind, _public])(one, two, unit)
    except BaseException as problem:
        problems.append(problem)
    finally:
        connection.close()


def _add(reseller: Reseller) -> None:
    """Write a row that names the shop it belongs to."""
    email = f"{RUN}-{uuid.uuid4()}@example.org"
    Customer.objects.create(email=email, name=reseller.schema_name, address={}, login={})
    found["written"] += 1


def _look_around(reseller: Reseller) -> None:
    names = set(Customer.objects.filter(email__startswith=RUN).values_list("name", flat=True))
    found["foreign_seen"] += len(names - {reseller.schema_name})


def _write(one: Reseller, two: Reseller, unit: Any) -> None:
    with context.entered(one), unit():
        _add(one)


def _read(one: Reseller, two: Reseller, unit: Any) -> None:
    with context.entered(one), unit():
        _look_around(one)


def _switch(one: Reseller, two: Reseller, unit: Any) -> None:
    """Two shops in one transaction."""
    with unit():
        with context.entered(one):
            _add(one)
        with context.entered(two):
            _look_around(two)
            _add(two)


def _change_mind(one: Reseller, two: Reseller, unit: Any) -> None:
    """Enter a second shop inside a savepoint that is rolled back."""
    with context.entered(one), unit():
        try:
            with context.entered(two), unit():
                _look_around(two)
                raise InterruptedError
        except InterruptedError:
            _add(one)


def _public(one: Reseller, two: Reseller, unit: Any) -> None:
    assert Reseller.objects.get(pk=one.pk).slug == one.slug


def _look(resellers: list[Reseller]) -> None:
    """Count rows by the schema they really lie in, without any search path."""
    rows = 0
    with connection.cursor() as cursor:
        for reseller in resellers:
            table = f"{reseller.schema_name}.reseller_customer"
            cursor.execute(f"SELECT name, count(*) FROM {table} WHERE starts_with(email, %s) GROUP BY name", [RUN])
            for name, count in cursor.fetchall():
                rows += count
                found["misplaced"] += count if name != reseller.schema_name else 0
    found["lost"] = found["written"] - rows


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(int(sys.argv[2]))
    else:
        run(int(sys.argv[2]), float(sys.argv[3]), "autocommit" in sys.argv)
        print(json.dumps({key: found[key] for key in ("written", "foreign_seen", "misplaced", "lost")}))
