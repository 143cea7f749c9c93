"""``manage.py drain_outbox [--loop]``: hand events on without Celery or Redis."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, connection

from s2b2c import wiring
from s2b2c.outbox import alarm, dispatcher

_WATCH_SECONDS = 30.0


class Command(BaseCommand):
    help = "Handle due outbox events; with --loop, go on until interrupted, also when the database was away."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true")
        parser.add_argument("--every", type=float, default=0.2, help="seconds between looks (default 0.2)")

    def handle(self, *args: Any, loop: bool, every: float, **options: Any) -> None:
        if not loop:
            self._say(dispatcher.drain(wiring.HANDLERS))
            return
        watched = time.monotonic()
        while True:
            try:
                if handled := dispatcher.drain(wiring.HANDLERS):
                    self._say(handled)
                if time.monotonic() - watched > _WATCH_SECONDS:
                    watched = time.monotonic()
                    alarm.watch()
            except (OperationalError, InterfaceError) as away:
                connection.close()
                self.stderr.write(f"the database is away: {str(away).strip()[:200]}")
                time.sleep(1)
            time.sleep(every)

    def _say(self, handled: int) -> None:
        self.stdout.write(f"{handled} events handled")
        self.stdout.flush()
