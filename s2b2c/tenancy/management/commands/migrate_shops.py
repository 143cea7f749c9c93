"""``manage.py migrate_shops``: bring every shop's schema up to date. `migrate_schemas --shared` does public."""

from __future__ import annotations

import os
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from s2b2c.tenancy import checks, migrator, roles


class Command(BaseCommand):
    help = "Bring every shop's schema up to date: in batches, in parallel, and from where it stopped."
    requires_system_checks = [checks.TENANT_MIGRATIONS]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workers", type=int, default=min(4, os.cpu_count() or 1))
        parser.add_argument("--batch", type=int, default=migrator.BATCH, help="schemas per transaction")
        parser.add_argument("--check", action="store_true", help="change nothing; fail if a shop is behind")

    def handle(self, *args: Any, workers: int, batch: int, check: bool, verbosity: int, **options: Any) -> None:
        if check:
            self._check()
            return
        began = self._said = time.monotonic()
        with roles.as_owner():
            outcome = migrator.run(workers=workers, batch=batch, report=self._report)
        if outcome.total or verbosity:
            took = time.monotonic() - began
            self.stdout.write(f"{outcome.done} of {outcome.total} shops migrated in {took:.2f} s")
        for slug, problem in sorted(outcome.failed.items()):
            self.stderr.write(f"{slug}: {problem}")
        left = sum(migrator.outdated().values())
        if left:
            raise CommandError(f"{left} shops are still behind; run it again.")

    def _check(self) -> None:
        for version, shops in sorted(migrator.outdated().items()):
            self.stdout.write(f"{shops} shops at {version}")
        if migrator.outdated():
            raise CommandError("Some shops are behind.")

    def _report(self, outcome: migrator.Outcome) -> None:
        now = time.monotonic()
        if now - self._said >= 1:
            self._said = now
            self.stdout.write(f"{outcome.done} of {outcome.total} shops")
