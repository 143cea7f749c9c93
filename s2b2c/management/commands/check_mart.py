"""``manage.py check_mart``: prove that the mart of sales says what the books say; exit 1 and say what is wrong if not."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from enablement.selectors import audit


class Command(BaseCommand):
    help = "Check the mart of sales against the books."

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(audit.mart())
        for finding in findings:
            self.stdout.write(f"{finding.check}: {finding.detail}")
        if findings:
            raise CommandError(f"{len(findings)} findings")
        self.stdout.write(f"mart: {len(audit.names())} checks, all clean")
