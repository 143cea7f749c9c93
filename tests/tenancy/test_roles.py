"""Two logins: the owner makes and changes tables; the web's does the work, and can't touch what is only added to."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from psycopg2 import errors

from tests.tenancy.conftest import Installation, _run, new_installation

ADDED_TO = ("supplier_journal", "supplier_transfer", "supplier_movement", "supplier_dailyseal", "accounts_auditentry")
OPEN = """
from s2b2c.tenancy import services
services.create_reseller(slug={slug!r}, name="R", currency="EUR", country="DE")
"""
WORK = """
from django.db import transaction
from reseller.models import Shop
from s2b2c.tenancy import context
from s2b2c.tenancy.models import Reseller
for each in Reseller.objects.order_by("id"):
    with transaction.atomic(), context.entered(each):
        Shop.objects.all().delete()
        print(each.slug, Shop.objects.count())
"""


@dataclass
class Shared:
    """An installation with two logins; ``url`` is the web's."""

    installation: Installation
    login: str
    url: str

    def manage(self, *words: str, owner: bool = True) -> str:
        environment = {"DATABASE_URL": self.url, "DATABASE_OWNER_URL": self.installation.url if owner else ""}
        environment["DJANGO_ALLOW_ASYNC_UNSAFE"] = ""  # tests with a browser set it
        done = self.installation.python("manage.py", *words, **environment)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def open_shop(self, slug: str) -> None:
        self.manage("shell", "--no-imports", "-v0", "-c", OPEN.format(slug=slug), owner=False)

    def attack(self, sql: str) -> None:
        plain = psycopg2.connect(self.url)
        try:
            with plain, plain.cursor() as cursor:
                cursor.execute(sql)
        finally:
            plain.close()


@pytest.fixture(scope="module")
def shared(django_db_setup: None) -> Iterator[Shared]:
    login = f"web_{secrets.token_hex(4)}"
    with new_installation() as installation:
        parts = urlsplit(installation.url)
        made = Shared(
            installation, login, urlunsplit(parts._replace(netloc=f"{login}:secret@{parts.netloc.rpartition('@')[2]}"))
        )
        before = installation.python("-c", f"import django; django.setup()\n{OPEN.format(slug='before')}")
        assert before.returncode == 0, before.stderr
        made.manage("prepare", "--no-seed")
        yield made
    _run(os.environ["TEST_DATABASE_URL"], f"DROP ROLE {login}")


def test_the_webs_login_opens_shops_and_works_in_those_opened_before_it(shared: Shared) -> None:
    shared.open_shop("after")
    said = shared.manage("shell", "--no-imports", "-v0", "-c", WORK, owner=False)
    assert said.split()[:4] == ["before", "0", "after", "0"]


@pytest.mark.parametrize("table", ADDED_TO)
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE {table} SET id = id",
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "DROP TABLE {table} CASCADE",
        "CREATE RULE r AS ON INSERT TO {table} DO INSTEAD NOTHING",
        "SET session_replication_role = replica; DELETE FROM {table}",
    ],
)
def test_the_webs_login_has_no_right_to_change_what_is_only_added_to(shared: Shared, table: str, sql: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        shared.attack(sql.format(table=table))


def test_rights_are_taken_from_each_table_whose_triggers_refuse_the_same(shared: Shared) -> None:
    loose = """
        SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE p.proname LIKE '%%append\\_only' AND t.tgqual IS NULL AND t.tgattr = '' AND t.tgtype & 1 = 1
          AND (t.tgtype & 8 > 0 AND has_table_privilege(%s, c.oid, 'DELETE')
               OR t.tgtype & 16 > 0 AND has_table_privilege(%s, c.oid, 'UPDATE'))
    """
    assert shared.installation.query(loose, shared.login, shared.login) == []


def test_the_webs_login_makes_no_shared_tables_and_becomes_nobody_else(shared: Shared) -> None:
    owner = urlsplit(shared.installation.url).username
    for sql in (
        "CREATE TABLE public.mine (id int)",
        f"SET ROLE {owner}",
        "CREATE ROLE other",
        "DROP SCHEMA public CASCADE",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            shared.attack(sql)


def test_months_of_facts_are_made_and_the_mart_rebuilt_by_the_webs_login(shared: Shared) -> None:
    work = (
        "from datetime import date\nfrom django.db import transaction\nfrom enablement.services import partitions\n"
        "with transaction.atomic(): print(partitions.ensure([date(2031, 5, 7)]), partitions.ensure([date(2031, 5, 9)]))"
    )
    assert "1 0" in shared.manage("shell", "--no-imports", "-v0", "-c", work, owner=False)
    shared.manage("rebuild_mart", owner=False)


def test_preparing_again_changes_nothing_and_checks_tell_the_logins_apart(shared: Shared) -> None:
    assert "let into" not in shared.manage("prepare", "--no-seed")
    assert "tenancy.W003" not in shared.manage("check", "--deploy", "--database", "default", owner=False)
    alone = shared.installation.python("manage.py", "check", "--deploy", "--database", "default")
    assert "tenancy.W003" in alone.stderr


def test_shops_the_webs_login_opened_are_migrated_by_the_owner(shared: Shared, newer_code) -> None:
    shared.open_shop("later")
    field = "migrations.AddField('shop', 'newer', models.IntegerField(null=True))"
    environment = {**newer_code(field), "DATABASE_URL": shared.url, "DATABASE_OWNER_URL": shared.installation.url}
    done = shared.installation.python("manage.py", "migrate_shops", **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    shops = shared.installation.query("SELECT count(*) FROM information_schema.columns WHERE column_name = 'newer'")
    assert shops == shared.installation.query("SELECT count(*) FROM tenancy_reseller")
