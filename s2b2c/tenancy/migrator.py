"""Brings all shops' schemas up to date: batches in parallel, resumable to the shop after kill -9.

Each batch locks its tenant rows, runs one ``DO`` block over their schemas and writes their version, in one
transaction: what the row says is what the schema is. A batch that fails is tried again shop by shop, so that one
broken shop stops nobody else.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from django.db import DatabaseError, connection, transaction
from django.db.models import Count

from s2b2c.tenancy import provision, shop_migrations
from s2b2c.tenancy.models import Reseller
from s2b2c.tenancy.shop_migrations import NO_MIGRATION, Step

BATCH = 25
_LOCK_TIMEOUT = "1s"  # a shop's own requests wait behind us no longer than that
_TRIES = 8
_PATIENCE = 120  # quarters of a second in which all shops that are left are somebody else's


@dataclass
class Outcome:
    """How far a run came. ``failed``: slug → what went wrong; those shops are unchanged."""

    total: int
    done: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    stopped: bool = False


def outdated() -> dict[str, int]:
    """Count the shops behind the code, by version: one query, whatever the number of shops."""
    target = shop_migrations.target_version()
    rows = Reseller.objects.exclude(schema_version__in=["", target]).values_list("schema_version")
    counted = dict(rows.annotate(shops=Count("pk")).values_list("schema_version", "shops"))
    return {version: shops for version, shops in counted.items() if _is_behind(version, target)}


def run(*, workers: int = 2, batch: int = BATCH, report: Callable[[Outcome], None] = lambda outcome: None) -> Outcome:
    """Migrate every shop that is behind; call outside a transaction, as often as you like."""
    behind = outdated()
    outcome = Outcome(total=sum(behind.values()))
    if behind:
        _Run(outcome, batch, report).migrate_all(workers)
    return outcome


class _Run:
    def __init__(self, outcome: Outcome, batch: int, report: Callable[[Outcome], None]) -> None:
        self.outcome, self.batch, self.report = outcome, batch, report
        self.target = shop_migrations.target_version()
        self.steps = shop_migrations.record().steps
        self.excluded: set[int] = set()
        self.lock = threading.Lock()

    def migrate_all(self, workers: int) -> None:
        with ThreadPoolExecutor(workers) as pool:
            futures = [pool.submit(self._work) for _ in range(workers)]
            try:
                for future in futures:
                    future.result()
            except BaseException:
                self.outcome.stopped = True  # the others finish the batch they are at
                raise

    def _work(self) -> None:
        try:
            patience = _PATIENCE
            while not self.outcome.stopped and (version := self._next_version()):
                taken = self._migrate_batch(version)
                patience = _PATIENCE if taken else patience - 1
                if not patience:
                    return  # another migrator, or a service, holds what is left
                if not taken:
                    time.sleep(0.25)
        finally:
            connection.close()

    def _next_version(self) -> str | None:
        rows = Reseller.objects.exclude(schema_version__in=["", self.target]).exclude(pk__in=self.excluded)
        versions = rows.order_by().values_list("schema_version", flat=True).distinct()
        return next((version for version in versions if _is_behind(version, self.target)), None)

    def _migrate_batch(self, version: str) -> bool:
        taken: list[tuple[int, str, str]] = []
        try:
            with transaction.atomic():
                taken = self._take(version)
                if taken:
                    self._apply(version, taken)
        except DatabaseError:
            for shop in taken:
                self._migrate_one(version, shop)
            return True
        self._count(len(taken))
        return bool(taken)

    def _migrate_one(self, version: str, shop: tuple[int, str, str]) -> None:
        for attempt in range(_TRIES):
            try:
                with transaction.atomic():
                    if still := list(self._rows(version).filter(pk=shop[0])):
                        self._apply(version, still)
                self._count(len(still))
                return
            except DatabaseError as error:
                problem = error
                time.sleep(0.1 * 2**attempt if _is_passing(error) else 0)
                if not _is_passing(error):
                    break
        with self.lock:
            self.excluded.add(shop[0])
            self.outcome.failed[shop[2]] = str(problem).strip()

    def _take(self, version: str) -> list[tuple[int, str, str]]:
        rows = self._rows(version, skip_locked=True).exclude(pk__in=self.excluded)
        return list(rows.order_by("pk")[: self.batch])

    def _rows(self, version: str, skip_locked: bool = False):  # type: ignore[no-untyped-def]
        # NO KEY UPDATE: orders that point to the reseller go on meanwhile.
        locked = Reseller.objects.select_for_update(no_key=True, skip_locked=skip_locked)
        return locked.filter(schema_version=version).values_list("pk", "schema_name", "slug")

    def _apply(self, version: str, shops: list[tuple[int, str, str]]) -> None:
        steps = shop_migrations.pending(self.steps, version)
        with connection.cursor() as cursor:
            cursor.execute(_block(steps, [schema for _, schema, _ in shops]))
        Reseller.objects.filter(pk__in=[pk for pk, _, _ in shops]).update(schema_version=self.target)

    def _count(self, shops: int) -> None:
        with self.lock:
            self.outcome.done += shops
            self.report(self.outcome)


def _block(steps: list[Step], schemas: list[str]) -> str:
    names = ", ".join(f"'{schema}'" for schema in schemas)
    statements = (statement for step in steps for statement in step.statements)
    body = "".join(f"    {provision.quoted(statement)};\n" for statement in statements)
    return (
        "DO $shop$\nDECLARE\n  shop text;\nBEGIN\n"
        f"  PERFORM set_config('lock_timeout', '{_LOCK_TIMEOUT}', true);\n"
        f"  FOREACH shop IN ARRAY ARRAY[{names}] LOOP\n"
        "    PERFORM set_config('search_path', shop || ', public', true);\n"
        f"{body}  END LOOP;\n"
        "  PERFORM set_config('search_path', 'public', true);\nEND\n$shop$"
    )


def _is_behind(version: str, target: str) -> bool:
    have = dict(part.split(".") for part in version.split())
    want = dict(part.split(".") for part in target.split())
    return any(number > have.get(label, NO_MIGRATION) for label, number in want.items())


def _is_passing(error: DatabaseError) -> bool:
    """Lock timeout, deadlock, serialization: worth another try."""
    return getattr(error.__cause__, "pgcode", None) in {"55P03", "40P01", "40001"}
