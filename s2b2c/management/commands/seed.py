"""``manage.py seed``: fill an empty installation with the demo world."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from enablement.services import advice, forecasts, sums
from orders.tasks import sort_customers
from s2b2c.kernel import clock
from s2b2c.management.worlds.demo import (
    aftersales,
    buying,
    catalogue,
    goodness,
    habits,
    helping,
    network,
    numbered,
    provider,
    sets,
    shops,
    stockroom,
    together,
    tools,
    treasury,
    visits,
)
from s2b2c.management.worlds.demo.trade import DAYS, Trade
from supplier.models import Company, Product

SEED = 20101201


def advise() -> None:
    """Advice of four weeks ago, so that its worth can be shown."""
    advice.run()


class Command(BaseCommand):
    help = "Fill an empty installation with the demo world: a supplier, seven shops, eleven weeks of orders."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there is a supplier already")
        parser.add_argument("--no-orders", action="store_true", help="catalogue and shops only")

    def handle(self, *args: Any, if_empty: bool, no_orders: bool, **options: Any) -> None:
        if Company.objects.exists() or Product.objects.exists():
            if if_empty:
                return
            raise CommandError("This installation is not empty. The demo is made only in an empty one.")
        random, now = Random(SEED), clock.now()
        trade = self._furnish(random, now)
        self._write_logins()
        if not no_orders:
            self.stdout.write("Eleven weeks of orders …")
            trade.run(self._progress)
            sums.refresh()
            forecasts.run()
            advice.run()
            sort_customers()
            habits.finish()
            provider.tell()
            self.stdout.write(f"{trade.made} orders")

    @transaction.atomic
    def _furnish(self, random: Random, now: Any) -> Trade:
        """Catalogue, staff and shops, all or nothing."""
        with clock.set_to(now - timedelta(days=DAYS + 1)):
            self.stdout.write("The demo world: catalogue, staff and shops …")
            catalogue.company()
            shops.staff()
            catalogue.products(random)
            sets.furnish()
            resellers = [(shops.open_shop(demo), demo) for demo in shops.SHOPS]
        picker = shops.picker_id()
        buying.furnish(now, shops.admin_id(), picker)
        tools.furnish(now, shops.admin_id())
        trade = Trade(random, now, picker)
        for reseller, demo in resellers:
            trade.plan(reseller, demo)
        for part in (
            treasury,
            stockroom,
            aftersales,
            tools,
            goodness,
            numbered,
            network,
            visits,
            together,
            helping,
            habits,
        ):
            part.plan(trade)
        trade.at(now - timedelta(days=29), advise)
        return trade

    def _progress(self, made: int) -> None:
        if made % 100 == 0 and made != getattr(self, "_told", 0):
            self._told = made
            self.stdout.write(f"  {made} orders")

    def _write_logins(self) -> None:
        """Note the demo's doors where ``manage.py up`` looks for them."""
        doors: list[dict[str, str]] = [
            {
                "audience": "supply",
                "title": f"{name} ({role})",
                "host": "supply",
                "path": "/",
                "email": email,
                "password": shops.PASSWORD,
            }
            for email, name, role in shops.STAFF[:1]
        ]
        doors += [
            {
                "audience": "office",
                "title": demo.name,
                "host": "office",
                "path": f"/{demo.slug}/",
                "email": demo.owner,
                "password": shops.PASSWORD,
            }
            for demo in shops.SHOPS[:2]
        ]
        doors += [{"audience": "shop", "title": demo.name, "host": demo.slug, "path": "/"} for demo in shops.SHOPS]
        path = settings.VAR_DIR / "demo-logins.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(doors, ensure_ascii=False, indent=1), encoding="utf-8")
