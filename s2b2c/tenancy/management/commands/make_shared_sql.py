"""``manage.py make_shared_sql``: write the SQL of a new installation's shared schema anew, or check it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from s2b2c.tenancy import shared_proof, shared_schema


class Command(BaseCommand):
    help = "Write s2b2c/tenancy/shared_schema.sql from the shared apps' migrations; --check proves it equals them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail if the file isn't what it should be"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            made = shared_proof.make()
            shared_schema.FILE.write_text(made.text, encoding="utf-8")
            self.stdout.write(f"{shared_schema.FILE.name}: {len(made.migrations)} migrations")
        differences = shared_proof.differences()
        if differences:
            raise CommandError("\n".join(differences))
        self.stdout.write("A database made from it equals a migrated one.")
