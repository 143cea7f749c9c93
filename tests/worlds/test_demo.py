"""The demo world: complete, in order, and only in an empty installation."""

from __future__ import annotations

import json
from random import Random

import pytest
from django.core.management import CommandError, call_command

from s2b2c.kernel import clock
from s2b2c.management.worlds.demo import shops
from s2b2c.management.worlds.demo.trade import Trade
from s2b2c.tenancy.models import Reseller
from supplier.models import Category, Company, Product, SalesOrder, Variant, Warehouse
from supplier.selectors import audit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    call_command("seed", no_orders=True, verbosity=0)
    return tmp_path


def test_world_has_what_it_promises(world):
    assert Company.objects.get().demo
    assert (Warehouse.objects.count(), Category.objects.count(), Product.objects.count()) == (3, 8, 67)
    assert Variant.objects.count() > 150
    assert not Product.objects.filter(name_zh="").exists()
    assert set(Reseller.objects.values_list("slug", flat=True)) == {demo.slug for demo in shops.SHOPS}
    assert [*audit.stock()] == []


def test_its_doors_are_written_down(world):
    doors = json.loads((world / "demo-logins.json").read_text(encoding="utf-8"))
    assert {door["audience"] for door in doors} == {"supply", "office", "shop"}


def test_a_few_days_of_orders_leave_books_and_stock_clean(world):
    trade = Trade(Random(1), clock.now(), shops.picker_id())
    demo = shops.SHOPS[1]
    reseller = Reseller.objects.get(slug=demo.slug)
    trade.plan(reseller, demo)
    kept = sorted(trade._calendar)[-40:]
    trade._calendar[:] = kept
    trade.run(lambda made: None)
    assert SalesOrder.objects.count() > 20
    assert [*audit.books(), *audit.stock()] == []


def test_installation_in_use_is_left_alone(world):
    with pytest.raises(CommandError):
        call_command("seed", verbosity=0)
    call_command("seed", if_empty=True, verbosity=0)
    assert Product.objects.count() == 67
