"""The books: once per key, never changed, balanced by construction."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from s2b2c.kernel import clock
from s2b2c.kernel.errors import StateRefused
from supplier.models import Account, AccountSum, DailySeal, Journal, Transfer
from supplier.selectors import audit, seals
from supplier.selectors import ledger as selectors
from supplier.services import ledger, sealing
from supplier.services.ledger import Leg

pytestmark = pytest.mark.django_db


def post(amount: int = 100, key: str = "k") -> Journal:
    return ledger.post(key=key, kind="test", currency="USD", at=clock.now(), legs=[Leg("clearing", "fee", amount)])


def test_same_key_with_the_same_content_posts_once():
    assert post() == post()
    assert Transfer.objects.count() == 1


def test_same_key_with_other_content_is_refused():
    post(100)
    with pytest.raises(StateRefused):
        post(101)
    assert Transfer.objects.get().amount_minor == 100


def test_negative_leg_is_the_same_leg_the_other_way_round():
    post(-5)
    transfer = Transfer.objects.select_related("debit", "credit").get()
    assert (transfer.debit.kind, transfer.credit.kind, transfer.amount_minor) == ("fee", "clearing", 5)


def test_zero_legs_are_dropped():
    post(0)
    assert Transfer.objects.count() == 0


@pytest.mark.parametrize(
    "attack",
    [
        lambda: Transfer.objects.update(amount_minor=1),
        lambda: Transfer.objects.all().delete(),
        lambda: Journal.objects.update(kind="other"),
        lambda: Journal.objects.all()._raw_delete("default"),
    ],
)
def test_entries_can_neither_be_changed_nor_deleted(attack):
    post()
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        attack()


def test_transfer_between_currencies_is_refused_by_the_database():
    journal = post()
    euro = Account.objects.create(kind="fee", currency="EUR")
    dollar = Account.objects.get(kind="clearing")
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.create(journal=journal, debit=dollar, credit=euro, amount_minor=1, currency="USD")


@pytest.mark.parametrize("amount", [0, -1])
def test_transfer_of_nothing_or_less_is_refused_by_the_database(amount):
    journal = post()
    accounts = list(Account.objects.order_by("id"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.create(
            journal=journal, debit=accounts[0], credit=accounts[1], amount_minor=amount, currency="USD"
        )


def test_books_are_clean_after_postings():
    post()
    post(7, key="other")
    assert [*audit.books()] == []


# --- Seals -----------------------------------------------------------------------------------------------
DAY = timedelta(days=1)


@pytest.fixture
def sealed(monkeypatch):
    """Two sealed days with three journals, and one journal of today that no seal covers."""
    now = clock.now()
    for ago, keys in ((3, ("a", "b")), (2, ("c",)), (0, ("d",))):
        for key in keys:
            post(100, key=key)
        moment = now - ago * DAY
        with disabled():
            Journal.objects.filter(key__in=keys).update(created_at=moment, at=moment)
    assert sealing.seal_due() == 2
    return list(DailySeal.objects.order_by("on"))


@contextmanager
def disabled():
    """Be a superuser, who may switch triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")


def found() -> dict[str, str]:
    return {each.check: each.detail for each in audit.books()}


def test_days_that_are_over_are_sealed_once(sealed):
    assert [seal.journals for seal in sealed] == [2, 1]
    assert sealing.seal_due() == 0
    assert found() == {}


def test_balances_are_the_kept_sums_and_what_came_after(sealed):
    fee = Account.objects.get(kind="fee")
    assert dict(AccountSum.objects.filter(account=fee).values_list("seal__on", "credit_minor")) == {
        sealed[0].on: 200,
        sealed[1].on: 300,
    }
    assert selectors.sums()[fee.pk] == (0, 400)
    assert selectors.sums(on=sealed[0].on)[fee.pk] == (0, 200)
    assert selectors.sums(on=sealed[1].on)[fee.pk] == (0, 300)


@pytest.mark.parametrize("change", [{"amount_minor": 1}, {"memo": "other"}])
def test_old_entry_changed_with_the_trigger_off_is_found(sealed, change):
    old = Transfer.objects.get(journal__key="a")
    with disabled():
        Transfer.objects.filter(pk=old.pk).update(**change)
    assert str(sealed[0].on) in found()["sealed_days_are_unchanged"]


def test_old_journal_taken_out_with_the_trigger_off_is_found(sealed):
    with disabled():
        Transfer.objects.filter(journal__key="c").delete()
        Journal.objects.filter(key="c")._raw_delete("default")
    assert found()["sealed_days_are_unchanged"] == f"{sealed[1].on}: 1 journals sealed, 0 there"


def test_seal_made_anew_over_changed_rows_breaks_the_chain(sealed):
    with disabled():
        Transfer.objects.filter(journal__key="a").update(memo="other")
    forged, _count = seals.digest("", str(sealed[0].on), 0, sealed[0].up_to)
    with disabled():
        DailySeal.objects.filter(pk=sealed[0].pk).update(digest=forged)
    assert found() == {"sealed_days_are_unchanged": f"{sealed[1].on}: 1 journals sealed, 1 there, changed"}


def test_entry_of_today_changed_with_the_trigger_off_is_found(sealed):
    with disabled():
        Transfer.objects.filter(journal__key="d").update(amount_minor=7)
    assert found()["entries_are_as_they_were_written"] == "d"


def test_kept_sums_that_are_not_the_sums_are_found(sealed):
    AccountSum.objects.filter(account__kind="fee", seal=sealed[1]).update(credit_minor=1)
    assert "kept_sums_are_the_sums_anew" in found()


@pytest.mark.parametrize("table", ["supplier_journal", "supplier_transfer", "supplier_movement", "supplier_dailyseal"])
def test_books_can_not_be_emptied(sealed, table):
    with connection.cursor() as cursor:  # tests have this one off, to clear up after themselves
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_never_emptied")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")


def test_reversal_that_is_not_the_other_way_round_is_found():
    first = post(100)
    ledger.post(
        key="back", kind="reversal", currency="USD", at=clock.now(), reverses=first, legs=[Leg("fee", "clearing", 99)]
    )
    assert found() == {"reversal_is_the_other_way_round": "back k"}


def test_entry_is_reversed_once():
    first = post(100)
    entry = {"kind": "reversal", "currency": "USD", "reverses": first, "legs": [Leg("fee", "clearing", 100)]}
    ledger.post(key="back", at=clock.now(), **entry)
    with pytest.raises(IntegrityError), transaction.atomic():
        ledger.post(key="again", at=clock.now(), **entry)
