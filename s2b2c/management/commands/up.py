"""``manage.py up`` as Django knows it; ``manage.py`` itself takes a shorter way, without Django."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import Any

from django.core.management.base import BaseCommand

from s2b2c.embedded import up


class Command(BaseCommand):
    help = "Start the whole platform on this machine: PostgreSQL, Redis, web, workers, clock, demo payments."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        up.arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(up.run(Namespace(**options)))
