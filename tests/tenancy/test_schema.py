"""A shop's schema: how big it may be, what it may point to, and that both ways to make it agree."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, migrations, models, transaction

from s2b2c.tenancy import catalog, checks, proof, provision, services, shop_migrations
from s2b2c.tenancy.errors import ImproperlyUsed
from s2b2c.tenancy.models import Domain, Reseller
from tests.tenancy.conftest import Installation

MOST_TABLES, MOST_INDEXES = 13, 27  # ADR 0002, 0016 and 0028; raising them needs another


def _schemas() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'shop%'")
        return {name for (name,) in cursor.fetchall()}


def _lines(reseller: Reseller, kind: str) -> list[str]:
    return [line for line in catalog.describe(reseller.schema_name) if line.startswith(f"{kind} ")]


# --- The budget and the walls ---------------------------------------------------------------------------
def test_a_shop_keeps_to_its_budget(rose: Reseller) -> None:
    assert len(_lines(rose, "table")) <= MOST_TABLES
    assert len(_lines(rose, "index")) <= MOST_INDEXES


def test_no_index_is_there_only_for_like(rose: Reseller) -> None:
    assert [line for line in _lines(rose, "index") if "pattern_ops" in line] == []


def test_a_shop_has_no_triggers_and_no_functions(rose: Reseller) -> None:
    assert _lines(rose, "trigger") + _lines(rose, "function") == []


def test_no_foreign_key_leaves_a_shop(rose: Reseller) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint JOIN pg_class target ON target.oid = confrelid"
            " WHERE contype = 'f' AND connamespace = %s::regnamespace AND target.relnamespace <> connamespace",
            [rose.schema_name],
        )
        assert cursor.fetchall() == []


def test_relations_between_models_respect_the_walls() -> None:
    assert checks.check_relations(None) == []


def test_a_new_session_sees_public_only(installation: Installation) -> None:
    checked = installation.python("manage.py", "check", "--database", "default", "--tag", "database")
    assert (checked.returncode, "no issues" in checked.stdout + checked.stderr) == (0, True)
    name = urlsplit(installation.url).path.lstrip("/")
    installation.query(f'ALTER ROLE CURRENT_USER IN DATABASE "{name}" SET search_path = "$user", public')
    warned = installation.python("manage.py", "check", "--database", "default", "--tag", "database")
    assert "tenancy.W002" in warned.stderr


def test_no_table_of_a_shop_is_in_public(db: None) -> None:
    tenant = {
        model._meta.db_table
        for label in shop_migrations.tenant_labels()
        for model in apps.get_app_config(label).get_models()
    }
    assert tenant & set(connection.introspection.table_names()) == set()


def test_a_shop_s_tables_are_those_of_its_models(rose: Reseller) -> None:
    expected = {
        model._meta.db_table
        for label in shop_migrations.tenant_labels()
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    }
    assert {line.split()[1] for line in _lines(rose, "table")} == expected


# --- Both ways to make it -----------------------------------------------------------------------------
def test_the_prepared_block_equals_the_migrations(db: None) -> None:
    assert proof.differences(provision.read()) == [], "run `manage.py make_shop_sql` and commit the file"


def test_the_comparison_sees_every_kind_of_difference(rose: Reseller) -> None:
    before = set(catalog.describe(rose.schema_name))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SET LOCAL search_path = {rose.schema_name};"
            "ALTER TABLE reseller_customer ALTER COLUMN name SET DEFAULT 'x';"
            "ALTER TABLE reseller_customer ALTER COLUMN phone DROP NOT NULL;"
            "ALTER TABLE reseller_customer ADD CONSTRAINT extra CHECK (id > 0);"
            "CREATE INDEX extra_index ON reseller_customer (name);"
            "CREATE TABLE extra_table ();"
            "SET LOCAL search_path = public"
        )
    changed = {line.split()[0] + " " + line.split()[1] for line in set(catalog.describe(rose.schema_name)) - before}
    assert changed == {
        "column reseller_customer.name",
        "column reseller_customer.phone",
        "constraint reseller_customer",
        "index CREATE",
        "table extra_table",
    }


def test_an_old_block_is_noticed(db: None, monkeypatch, tmp_path) -> None:
    old = provision.read()
    file = tmp_path / "shop_schema.sql"
    file.write_text(old.text.replace(old.digest, "0" * 32))
    monkeypatch.setattr(provision, "FILE", file)
    with pytest.raises(CommandError, match="make_shop_sql"):
        call_command("make_shop_sql", check=True)


def test_a_shop_is_made_in_one_round_trip(db: None, django_assert_num_queries) -> None:
    provision.prepared()
    with transaction.atomic(), django_assert_num_queries(1):
        provision.open_schema("shop_0123456789abcdef")


@pytest.mark.parametrize("name", ["public", 'shop_"; DROP SCHEMA public; --', "shop_x", "shop_0123456789ABCDEF", ""])
def test_only_a_shop_s_name_is_let_into_the_block(db: None, name: str) -> None:
    with pytest.raises(ImproperlyUsed, match="schema name"):
        provision.open_schema(name)


def test_a_schema_is_made_only_inside_a_transaction(transactional_db: None) -> None:
    with pytest.raises(ImproperlyUsed, match="transaction"):
        provision.open_schema("shop_0123456789abcdef")


# --- All or nothing -------------------------------------------------------------------------------------
def test_a_failure_half_way_leaves_nothing(transactional_db: None, monkeypatch) -> None:
    good = provision.prepared()
    last = good.text.rindex("  PERFORM set_config('search_path', path_before")
    broken = provision.Prepared(good.text[:last] + "  EXECUTE 'SELECT 1/0';\n" + good.text[last:], "x.1", "")
    monkeypatch.setattr(provision, "prepared", lambda: broken)
    before = _schemas()
    with pytest.raises(Exception, match="division by zero"):
        services.create_reseller(slug="rose", name="Rose", currency="EUR", country="DE")
    assert (_schemas(), Reseller.objects.count(), Domain.objects.count()) == (before, 0, 0)


def test_a_caller_s_failure_leaves_nothing(transactional_db: None) -> None:
    before = _schemas()
    with pytest.raises(RuntimeError, match="stop"), transaction.atomic():  # noqa: PT012
        services.create_reseller(slug="rose", name="Rose", currency="EUR", country="DE")
        raise RuntimeError("stop")
    assert (_schemas(), Reseller.objects.count(), Domain.objects.count()) == (before, 0, 0)


# --- What a tenant migration may not do -------------------------------------------------------------------
def _problems(*operations: migrations.operations.base.Operation, **attributes: object) -> list[str]:
    migration = type("Migration", (migrations.Migration,), {"operations": list(operations), **attributes})
    return sorted(message.id for message in checks._about_migration("reseller.9999_x", migration))


def _hard(model: str) -> models.Field:
    return models.ForeignKey(model, on_delete=models.CASCADE)


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (migrations.RunPython(migrations.RunPython.noop), ["tenancy.E006"]),
        (migrations.AddField("shop", "x", models.IntegerField(null=True, db_default=1)), ["tenancy.E007"]),
        (migrations.AddField("shop", "x", models.IntegerField(default=1)), ["tenancy.W001"]),
        (migrations.AddField("shop", "x", models.IntegerField(null=True)), []),
        (migrations.CreateModel("x", [("product", _hard("supplier.product"))]), ["tenancy.E002"]),
        (migrations.CreateModel("x", [("shop", _hard("reseller.shop")), ("self", _hard("shop"))]), []),
        (
            migrations.CreateModel("x", [("p", models.ManyToManyField("supplier.product"))]),
            ["tenancy.E002"],
        ),
        (
            migrations.SeparateDatabaseAndState([migrations.RunPython(migrations.RunPython.noop)]),
            ["tenancy.E006"],
        ),
    ],
)
def test_a_tenant_migration_is_refused_what_does_not_scale(operation, expected: list[str]) -> None:
    assert _problems(operation) == expected


def test_a_tenant_migration_is_atomic_and_replaces_none() -> None:
    assert _problems(atomic=False, replaces=[("reseller", "0001_initial")]) == ["tenancy.E004", "tenancy.E005"]


def test_our_tenant_migrations_pass() -> None:
    assert checks.check_tenant_migrations(None) == []
