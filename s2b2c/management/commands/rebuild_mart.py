"""``manage.py rebuild_mart``: make the facts of sales again from S's orders and refunds; a run broken off is carried on."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from enablement.services import rebuilding


class Command(BaseCommand):
    help = "Make the mart of sales again. Killed half way, it carries on where it was."

    def handle(self, *args: Any, **options: Any) -> None:
        orders, refunds = rebuilding.rebuild(lambda *done: self.stdout.write("  {} orders, {} refunds".format(*done)))
        self.stdout.write(f"mart: {orders} orders and {refunds} refunds are facts")
