"""``manage.py make_shop_sql``: write the block that makes a shop anew from the migrations, or check it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from s2b2c.tenancy import proof, provision


class Command(BaseCommand):
    help = "Write s2b2c/tenancy/shop_schema.sql from the tenant apps' migrations; --check proves it equals them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail if the file isn't up to date")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            block = provision.make()
            provision.FILE.write_text(block.text, encoding="utf-8")
            provision.prepared.cache_clear()
            self.stdout.write(f"{provision.FILE.name}: {block.version}")
        differences = proof.differences(provision.read())
        if differences:
            raise CommandError("\n".join(differences))
        self.stdout.write("A shop made from it equals a migrated one.")
