"""Make cases of complaints that were written before there were cases."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from orders.services import cases


class Command(BaseCommand):
    help = (
        "Make a case of help of each complaint that has none. Once, after an upgrade; running it again does nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        made = cases.adopt_all()
        if made:
            self.stdout.write(f"  Complaints  {made} became cases of help")
