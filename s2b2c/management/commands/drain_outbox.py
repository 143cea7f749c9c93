"""``manage.py drain_outbox [--loop]``: hand events on without Celery or Redis."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from s2b2c import wiring
from s2b2c.outbox import dispatcher


class Command(BaseCommand):
    help = "Handle due outbox events; with --loop, go on until interrupted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true")
        parser.add_argument("--every", type=float, default=0.2, help="seconds between looks (default 0.2)")

    def handle(self, *args: Any, loop: bool, every: float, **options: Any) -> None:
        while True:
            handled = dispatcher.drain(wiring.HANDLERS)
            if handled or not loop:
                self.stdout.write(f"{handled} events handled")
            if not loop:
                return
            time.sleep(every)
