"""``manage.py check_books``: prove that the books hold together; exit 1 and say what is wrong if not."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from enablement.selectors import audit_buying, audit_desk, audit_services
from supplier.selectors import audit

_PARTS: tuple[Any, ...] = (audit, audit_buying, audit_services, audit_desk)


class Command(BaseCommand):
    help = "Check every invariant of the books."

    def handle(self, *args: Any, **options: Any) -> None:
        findings: list[Any] = [finding for part in _PARTS for finding in part.books()]
        for finding in findings:
            self.stdout.write(f"{finding.check}: {finding.detail}")
        if findings:
            raise CommandError(f"{len(findings)} findings")
        names = [*audit.names("books"), *audit_buying.names(), *audit_services.names(), *audit_desk.names()]
        self.stdout.write(f"books: {len(names)} checks, all clean")
