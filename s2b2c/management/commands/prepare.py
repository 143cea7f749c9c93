"""Bring the database to where the code expects it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    help = "Migrate the shared schema and every shop's, then fill an empty database with the demo world."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-seed", action="store_true", help="leave an empty database empty")

    def handle(self, *args: Any, no_seed: bool = False, **options: Any) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("  Database    migrating the shared schema …")
            self.stdout.flush()
            call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
        known = get_commands()
        if "migrate_shops" in known:
            call_command("migrate_shops", verbosity=0)
        if "adopt_complaints" in known:
            call_command("adopt_complaints")
        if not no_seed and "seed" in known:
            call_command("seed", if_empty=True)
