"""Bring the database to where the code expects it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand

from s2b2c import env
from s2b2c.tenancy import roles, shared_schema


class Command(BaseCommand):
    help = "Migrate the shared schema and every shop's, then fill an empty database with the demo world."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-seed", action="store_true", help="leave an empty database empty")

    def handle(self, *args: Any, no_seed: bool = False, **options: Any) -> None:
        known = get_commands()
        with roles.as_owner():
            shared_schema.migrate(self._say)
            if "migrate_shops" in known:
                call_command("migrate_shops", verbosity=0)
            self._share()
        if "adopt_complaints" in known:
            call_command("adopt_complaints")
        if not no_seed and "seed" in known:
            call_command("seed", if_empty=True)

    def _share(self) -> None:
        """Give the web's login its rights, also to what these migrations made."""
        if not settings.DATABASE_OWNER_URL:
            return
        login = env.database(settings.DATABASE_URL)
        roles.share(login["USER"], login["PASSWORD"])
        if opened := roles.share_shops(login["USER"]):
            self._say(f"  Database    the web's login was let into {opened} shops opened before it")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
