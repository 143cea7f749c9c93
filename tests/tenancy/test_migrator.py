"""All shops migrate: in batches, in parallel, exactly once, and from where a killed run stopped."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command

from s2b2c.tenancy import migrator, provision, services, shop_migrations
from s2b2c.tenancy.models import Reseller
from s2b2c.tenancy.shop_migrations import Step
from tests.tenancy.conftest import Installation

NULLABLE = "migrations.AddField('shop', 'newer', models.IntegerField(null=True))"
SLOWLY = "migrations.RunSQL('SELECT pg_sleep(0.03)', '')"
NewerCode = Callable[..., dict[str, str]]

_VERSIONS = "SELECT split_part(schema_version, 'reseller.', 2), count(*) FROM tenancy_reseller GROUP BY 1 ORDER BY 1"
_COLUMNS = (
    "SELECT schema_version LIKE '%%reseller.9999', count(a.attname) FROM tenancy_reseller r"
    " LEFT JOIN pg_attribute a ON a.attrelid = (schema_name || '.reseller_shop')::regclass AND attname = 'newer'"
    " WHERE schema_version <> '' GROUP BY r.id"
)


def _make(installation: Installation, shops: int) -> None:
    made = installation.python("-m", "tests.tenancy.load", "make", str(shops))
    assert made.returncode == 0, made.stderr


def _is_true_of_each(installation: Installation) -> bool:
    """Tell whether every tenant row says what its schema is."""
    return all(newer == bool(column) for newer, column in installation.query(_COLUMNS))


def test_every_shop_gets_the_new_column_and_a_new_shop_has_it(
    installation: Installation, newer_code: NewerCode
) -> None:
    _make(installation, 30)
    code = newer_code(NULLABLE)
    run = installation.python("manage.py", "migrate_shops", "--batch", "7", **code)
    assert (run.returncode, run.stdout.splitlines()[-1].split(" in ")[0]) == (0, "30 of 30 shops migrated")
    added = installation.python("-c", _ONE_MORE, **code)
    assert (added.returncode, "make_shop_sql" in added.stderr) == (0, True)
    assert installation.query(_VERSIONS) == [("9999", 31)]
    assert _is_true_of_each(installation)


_ONE_MORE = """
import django; django.setup()
from s2b2c.tenancy import services
services.create_reseller(slug="one-more", name="One more", currency="EUR", country="DE")
"""


def test_a_killed_run_goes_on_where_it_stopped(installation: Installation, newer_code: NewerCode) -> None:
    _make(installation, 40)
    code = newer_code(f"{SLOWLY}, {NULLABLE}")
    run = installation.start("manage.py", "migrate_shops", "--batch", "3", "--workers", "2", **code)
    while run.poll() is None and len(installation.query(_VERSIONS)) < 2:
        time.sleep(0.02)
    run.kill()
    run.wait(10)
    assert _is_true_of_each(installation)
    rest = 40 - dict(installation.query(_VERSIONS))["9999"]
    assert 0 < rest < 40
    again = installation.python("manage.py", "migrate_shops", **code)
    assert again.returncode == 0, again.stderr
    # The server may still have finished the batch it was at when the client died.
    assert int(again.stdout.splitlines()[-1].split()[0]) in range(rest - 6, rest + 1)
    assert (installation.query(_VERSIONS), _is_true_of_each(installation)) == ([("9999", 40)], True)


def test_two_runs_at_once_migrate_each_shop_once(installation: Installation, newer_code: NewerCode) -> None:
    _make(installation, 30)
    code = newer_code(f"{SLOWLY}, {NULLABLE}")
    runs = [installation.start("manage.py", "migrate_shops", "--batch", "2", **code) for _ in range(2)]
    assert [run.wait(120) for run in runs] == [0, 0]
    assert (installation.query(_VERSIONS), _is_true_of_each(installation)) == ([("9999", 30)], True)


def test_one_broken_shop_stops_nobody_else(installation: Installation, newer_code: NewerCode) -> None:
    _make(installation, 12)
    (broken,) = installation.query("SELECT schema_name, slug FROM tenancy_reseller ORDER BY id OFFSET 5 LIMIT 1")
    installation.query(f"DROP TABLE {broken[0]}.reseller_shop CASCADE")
    run = installation.python("manage.py", "migrate_shops", **newer_code(NULLABLE))
    assert (run.returncode, f"{broken[1]}: relation" in run.stderr) == (1, True)
    assert [count for _, count in installation.query(_VERSIONS)] == [1, 11]


def test_a_shop_in_use_is_waited_for(installation: Installation, newer_code: NewerCode) -> None:
    import psycopg2

    _make(installation, 4)
    ((schema,),) = installation.query("SELECT schema_name FROM tenancy_reseller ORDER BY id LIMIT 1")
    busy = psycopg2.connect(installation.url)
    busy.cursor().execute(f"LOCK TABLE {schema}.reseller_shop IN ROW EXCLUSIVE MODE")
    run = installation.start("manage.py", "migrate_shops", **newer_code(NULLABLE))
    while len(installation.query(_VERSIONS)) < 2:  # the others don't wait for it
        time.sleep(0.05)
    busy.rollback()
    assert (run.wait(60), installation.query(_VERSIONS)) == (0, [("9999", 4)])
    busy.close()


def test_a_tenant_migration_that_does_not_scale_is_refused(installation: Installation, newer_code: NewerCode) -> None:
    code = newer_code("migrations.RunPython(migrations.RunPython.noop)")
    run = installation.python("manage.py", "migrate_shops", **code)
    assert (run.returncode, "RunPython" in run.stderr) == (1, True)


# --- Nothing to do ------------------------------------------------------------------------------------
def test_nothing_to_do_is_one_query(rose: Reseller, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        outcome = migrator.run()
    assert (outcome.total, outcome.done) == (0, 0)


def test_nothing_to_do_takes_no_time_at_ten_thousand_shops(db: None) -> None:
    version = shop_migrations.target_version()
    Reseller.objects.bulk_create(
        Reseller(
            slug=f"many-{n}",
            schema_name=f"shop_many{n:08}",
            name="M",
            currency="EUR",
            country="DE",
            schema_version=version,
        )
        for n in range(10_000)
    )
    migrator.run()
    began = time.perf_counter()
    assert migrator.run().total == 0
    assert time.perf_counter() - began < 0.1


def test_applications_have_nothing_to_migrate(db: None) -> None:
    services.apply(slug="lilac", name="Lilac", currency="EUR", country="DE")
    assert migrator.outdated() == {}


def test_a_shop_ahead_of_the_code_is_left_alone(rose: Reseller) -> None:
    Reseller.objects.update(schema_version="orders.9998 reseller.9998")
    assert migrator.outdated() == {}


def test_check_says_who_is_behind(rose: Reseller, capsys) -> None:
    Reseller.objects.update(schema_version="orders.0000 reseller.0001")
    with pytest.raises(CommandError, match="behind"):
        call_command("migrate_shops", check=True)
    assert "1 shops at orders.0000 reseller.0001" in capsys.readouterr().out


def test_pending_steps_are_those_after_the_version() -> None:
    steps = (Step("reseller", "0001", ("a",)), Step("orders", "0001", ("b",)), Step("reseller", "0002", ("c",)))
    assert [step.statements for step in shop_migrations.pending(steps, "orders.0001 reseller.0001")] == [("c",)]
    assert [step.statements for step in shop_migrations.pending(steps, "reseller.0001")] == [("b",), ("c",)]
    assert shop_migrations.pending(steps, "orders.0001 reseller.0002") == []


def test_a_statement_that_would_break_out_of_the_block_is_refused() -> None:
    from s2b2c.tenancy.errors import ImproperlyUsed

    with pytest.raises(ImproperlyUsed, match="DO block"):
        provision.quoted("SELECT $s$; DROP TABLE x; $s$")
