"""``manage.py check_books``: prove that the books hold together; exit 1 and say what is wrong if not."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from enablement.selectors import audit_buying, audit_services
from supplier.selectors import audit


class Command(BaseCommand):
    help = "Check every invariant of the books."

    def handle(self, *args: Any, **options: Any) -> None:
        findings: list[Any] = [*audit.books(), *audit_buying.books(), *audit_services.books()]
        for finding in findings:
            self.stdout.write(f"{finding.check}: {finding.detail}")
        if findings:
            raise CommandError(f"{len(findings)} findings")
        names = [*audit.names("books"), *audit_buying.names(), *audit_services.names()]
        self.stdout.write(f"books: {len(names)} checks, all clean")
