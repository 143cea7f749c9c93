"""``manage.py check_stock``: prove that the stock hold together; exit 1 and say what is wrong if not."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from supplier.selectors import audit


class Command(BaseCommand):
    help = "Check every invariant of the stock."

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(audit.stock())
        for finding in findings:
            self.stdout.write(f"{finding.check}: {finding.detail}")
        if findings:
            raise CommandError(f"{len(findings)} findings")
        self.stdout.write(f"stock: {len(audit.names('stock'))} checks, all clean")
