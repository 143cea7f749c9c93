"""The backend: one search path per transaction, nothing outside one."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from reseller.models import Customer
from s2b2c.tenancy import context
from s2b2c.tenancy.errors import ImproperlyUsed
from s2b2c.tenancy.models import Reseller


def _path() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        return cursor.fetchone()[0]


def _customer(email: str) -> Customer:
    return Customer.objects.create(email=email, name="C", address={}, login={})


def _emails() -> list[str]:
    return list(Customer.objects.order_by("email").values_list("email", flat=True))


def test_backend_refuses_autocommit_in_a_shop(real_rose: Reseller) -> None:
    with context.entered(real_rose), pytest.raises(ImproperlyUsed, match="reading"):
        Customer.objects.count()


@pytest.mark.parametrize(
    "use",
    [
        lambda cursor: cursor.execute("SELECT 1"),
        lambda cursor: cursor.executemany("SELECT %s", [[1]]),
        lambda cursor: cursor.copy_expert("COPY (SELECT 1) TO STDOUT", None),
        lambda cursor: cursor.callproc("now"),
    ],
    ids=["execute", "executemany", "copy", "callproc"],
)
def test_backend_refuses_autocommit_by_every_way_to_the_database(real_rose: Reseller, use) -> None:
    with context.entered(real_rose), connection.cursor() as cursor, pytest.raises(ImproperlyUsed):
        use(cursor)


def test_backend_refuses_autocommit_on_the_driver_s_own_cursor(real_rose: Reseller) -> None:
    with context.entered(real_rose), connection.connection.cursor() as cursor, pytest.raises(ImproperlyUsed):
        cursor.execute("SELECT 1")


def test_backend_leaves_public_alone_in_autocommit(real_rose: Reseller) -> None:
    assert Reseller.objects.get().slug == "rose"


def test_a_shop_s_tables_are_out_of_sight_in_public(real_rose: Reseller) -> None:
    with pytest.raises(ProgrammingError, match="does not exist"):
        Customer.objects.count()


def test_search_path_ends_with_the_transaction(real_rose: Reseller) -> None:
    with context.entered(real_rose), transaction.atomic():
        inside = _path()
    assert (inside, _path()) == (f"{real_rose.schema_name}, public", "public")


def test_search_path_costs_no_query_of_its_own(rose: Reseller) -> None:
    with (
        context.entered(rose),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        _emails()
    assert [query["sql"][:6] for query in queries] == ["SELECT"]


@pytest.mark.parametrize("use", ["executemany", "copy", "named"])
def test_every_kind_of_cursor_sees_the_shop(rose: Reseller, tmp_path, use: str) -> None:
    with context.entered(rose):
        if use == "executemany":
            with connection.cursor() as cursor:
                sql = "UPDATE reseller_customer SET name = %s"
                cursor.executemany(sql, [["x"], ["y"]])
        if use == "copy":
            with connection.cursor() as cursor, open(tmp_path / "out", "w") as out:
                cursor.copy_expert("COPY reseller_customer TO STDOUT", out)
        if use == "named":
            with connection.chunked_cursor() as cursor:
                cursor.execute("SELECT email FROM reseller_customer")
                cursor.fetchall()


def test_shops_may_change_inside_a_transaction(rose: Reseller, tulip: Reseller) -> None:
    with context.entered(rose):
        _customer("rose@example.org")
        with context.entered(tulip):
            _customer("tulip@example.org")
            in_tulip = _emails()
        in_rose = _emails()
    assert (in_rose, in_tulip) == (["rose@example.org"], ["tulip@example.org"])


def test_returning_to_public_inside_a_transaction_hides_the_shop(rose: Reseller) -> None:
    with context.entered(rose):
        _emails()
    with pytest.raises(ProgrammingError, match="does not exist"), transaction.atomic():
        _emails()
    assert _path() == "public"


def test_savepoint_rollback_keeps_the_right_shop(rose: Reseller, tulip: Reseller) -> None:
    with context.entered(rose):
        _customer("rose@example.org")
    with pytest.raises(IntegrityError), context.entered(tulip), transaction.atomic():  # noqa: PT012
        _customer("twice@example.org")  # the path was set inside the savepoint, and is rolled back with it
        _customer("twice@example.org")
    with context.entered(tulip):
        in_tulip = _emails()
    with context.entered(rose):
        in_rose = _emails()
    assert (in_rose, in_tulip) == (["rose@example.org"], [])


def test_savepoint_rollback_then_the_same_shop_goes_on(rose: Reseller) -> None:
    with context.entered(rose):
        with pytest.raises(IntegrityError), transaction.atomic():  # noqa: PT012
            _customer("twice@example.org")
            _customer("twice@example.org")
        _customer("once@example.org")
        assert _emails() == ["once@example.org"]


def test_savepoint_rolled_back_by_hand_keeps_the_right_shop(rose: Reseller, tulip: Reseller) -> None:
    with context.entered(rose):
        _emails()
    savepoint = transaction.savepoint()
    with context.entered(tulip):
        _customer("tulip@example.org")
        transaction.savepoint_rollback(savepoint)
        assert (_emails(), _path()) == ([], f"{tulip.schema_name}, public")


def test_savepoint_rolled_back_in_sql_keeps_the_right_shop(rose: Reseller, tulip: Reseller) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT mine")
        with context.entered(tulip):
            cursor.execute("SHOW search_path")
            cursor.execute("  rollback to savepoint mine")
            assert _path() == f"{tulip.schema_name}, public"


def test_shop_and_public_commit_together(real_rose: Reseller) -> None:
    with pytest.raises(RuntimeError, match="stop"), context.entered(real_rose), transaction.atomic():  # noqa: PT012
        _customer("rose@example.org")
        Reseller.objects.update(name="changed")
        raise RuntimeError("stop")
    with context.entered(real_rose), context.reading():
        assert (_emails(), Reseller.objects.get().name) == ([], "Rose")


def test_a_connection_may_be_opened_while_in_a_shop(real_rose: Reseller) -> None:
    with context.entered(real_rose):
        connection.close()
        with context.reading():
            assert _emails() == []
        connection.close_if_unusable_or_obsolete()
        assert connection.is_usable()


def test_reading_inside_a_transaction_opens_no_savepoint(rose: Reseller) -> None:
    with CaptureQueriesContext(connection) as queries, context.reading():
        Reseller.objects.count()
    assert len(queries) == 1


def test_entering_returns_to_where_it_was(rose: Reseller, tulip: Reseller) -> None:
    with context.entered(rose):
        with context.entered(tulip):
            inner = context.current()
        outer = context.current()
    assert (inner, outer, context.current()) == (tulip, rose, None)


def test_entering_needs_a_schema(db: None) -> None:
    from s2b2c.tenancy import services

    applied = services.apply(slug="lilac", name="Lilac", currency="EUR", country="DE")
    with pytest.raises(ImproperlyUsed, match="no schema"), context.entered(applied):
        pass


def test_iterator_needs_no_server_side_cursor(rose: Reseller) -> None:
    assert connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] is True
    with context.entered(rose):
        assert list(Customer.objects.iterator(chunk_size=10)) == []
