"""Bring the database to where the code expects it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand

from s2b2c.tenancy import shared_schema


class Command(BaseCommand):
    help = "Migrate the shared schema and every shop's, then fill an empty database with the demo world."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-seed", action="store_true", help="leave an empty database empty")

    def handle(self, *args: Any, no_seed: bool = False, **options: Any) -> None:
        shared_schema.migrate(self._say)
        known = get_commands()
        if "migrate_shops" in known:
            call_command("migrate_shops", verbosity=0)
        if "adopt_complaints" in known:
            call_command("adopt_complaints")
        if not no_seed and "seed" in known:
            call_command("seed", if_empty=True)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
