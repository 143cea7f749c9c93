"""The books: once per key, never changed, balanced by construction."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, InternalError, transaction

from s2b2c.kernel import clock
from s2b2c.kernel.errors import StateRefused
from supplier.models import Account, Journal, Transfer
from supplier.selectors import audit
from supplier.services import ledger
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
