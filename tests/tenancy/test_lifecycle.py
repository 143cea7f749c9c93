"""A reseller's life, and what its row can't hold."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from s2b2c.kernel.errors import Refused, StateRefused
from s2b2c.tenancy import context, services, shop_migrations, slugs
from s2b2c.tenancy.models import Domain, Reseller
from tests.tenancy.conftest import make_reseller


def test_a_new_reseller_has_an_open_shop_and_a_host(db: None) -> None:
    made = make_reseller("rose", language="zh-hans")
    stored = Reseller.objects.get()
    assert (stored.slug, stored.status, stored.language) == ("rose", "open", "zh-hans")
    assert (stored.schema_version, stored.opened_at) == (shop_migrations.target_version(), made.opened_at)
    assert list(Domain.objects.values_list("domain", "is_primary", "verification_token")) == [
        ("rose.localhost", True, "")
    ]


def test_an_application_has_no_schema_until_it_is_accepted(db: None) -> None:
    applied = services.apply(slug="rose", name="Rose", currency="EUR", country="DE")
    before = (applied.status, applied.has_schema)
    opened = services.open_shop(reseller=applied)
    with context.entered(opened), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reseller_shop")
    assert (before, opened.status, opened.has_schema) == (("applied", False), "open", True)


@pytest.mark.parametrize("slug", ["ro", "x" * 41, "Rose", "-rose", "rose-", "ro--se", "xn--rose", "ro.se", "rös", "www",
                                  "admin", "supply", "static", "", "rose\n", "ro se"])  # fmt: skip
def test_an_unfit_slug_is_refused(db: None, slug: str) -> None:
    with pytest.raises(Refused) as refusal:
        make_reseller(slug)
    assert (refusal.value.code, refusal.value.field) == ("slug_unfit", "slug")


@pytest.mark.parametrize("slug", ["abc", "x" * 40, "rose-2", "2-roses", "a-b-c"])
def test_a_fit_slug_is_taken(slug: str) -> None:
    assert slugs.is_free_to_take(slug)


@pytest.mark.parametrize("slug", ["Rose", "ro", "ro--se", "rose\n"])
def test_the_database_refuses_an_unfit_slug_too(db: None, slug: str) -> None:
    with pytest.raises(IntegrityError, match="reseller_slug_shape"):
        Reseller.objects.create(slug=slug, schema_name="shop_0123456789", name="R", currency="EUR", country="DE")


def test_a_slug_is_given_once(rose: Reseller) -> None:
    with pytest.raises(Refused) as refusal:
        make_reseller("rose")
    assert (refusal.value.code, refusal.value.status, Reseller.objects.count()) == ("slug_taken", 409, 1)


def test_one_of_two_at_once_gets_the_slug(transactional_db: None) -> None:
    codes: list[str] = []
    before = _schemas()  # of shops that earlier tests of this worker left behind

    def attempt() -> None:
        try:
            codes.append(make_reseller("rose").slug)
        except Refused as refusal:
            codes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    made = _schemas() - before
    with connection.cursor() as cursor:
        for name in made:
            cursor.execute(f"DROP SCHEMA {name} CASCADE")
    assert sorted(codes) == ["rose", "slug_taken", "slug_taken", "slug_taken"]
    assert made == {Reseller.objects.get().schema_name}


def _schemas() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'shop\\_%'")
        return {name for (name,) in cursor.fetchall()}


def test_suspended_and_open_again(rose: Reseller) -> None:
    suspended = services.suspend(reseller=rose, reason="  unpaid ")
    before = (suspended.status, suspended.suspended_reason)
    again = services.reinstate(reseller=suspended)
    assert (before, again.status, again.suspended_reason) == (("suspended", "unpaid"), "open", "")


def test_a_suspension_needs_a_reason(rose: Reseller) -> None:
    with pytest.raises(Refused, match="Say why"):
        services.suspend(reseller=rose, reason=" ")


def test_steps_out_of_turn_are_refused(rose: Reseller) -> None:
    for step in (services.reinstate, services.open_shop):
        with pytest.raises(StateRefused):
            step(reseller=rose)
    closed = services.close(reseller=rose)
    for step in (services.reinstate, services.open_shop, services.close):
        with pytest.raises(StateRefused):
            step(reseller=closed)
    assert Reseller.objects.get().status == "closed"


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"currency": "eur"}, "reseller_currency_shape"),
        ({"country": "DEU"}, "value too long"),
        ({"country": "d1"}, "reseller_country_shape"),
        ({"status": "gone"}, "reseller_status_known"),
        ({"language": "fr"}, "reseller_language_known"),
        ({"status": "suspended"}, "reseller_suspension_has_reason"),
        ({"schema_version": ""}, "reseller_open_has_schema"),
        ({"schema_name": "public"}, "reseller_schema_shape"),
    ],
)
def test_the_row_holds_the_truth(rose: Reseller, change: dict[str, str], constraint: str) -> None:
    with pytest.raises(Exception, match=constraint), transaction.atomic():
        Reseller.objects.update(**change)


def test_deleting_a_row_never_drops_a_schema(rose: Reseller) -> None:
    schema = rose.schema_name
    with transaction.atomic():
        rose.delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [schema])
        assert cursor.fetchone() == (1,)
