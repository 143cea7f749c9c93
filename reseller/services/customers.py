"""The shop's customers: the codes that let them in, and their going."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from reseller.models import Customer
from s2b2c.kernel import clock

MINUTES = 15
TRIES = 5
CODES_AN_HOUR = 5


def ask_for_code(*, email: str) -> Customer | None:
    """Note that a customer asked for a code. Call inside a transaction.

    None: there is no such customer, or they asked ``CODES_AN_HOUR`` times this hour.
    """
    customer = _standing(email)
    if customer is None:
        return None
    now = clock.now()
    hour_ago = now - dt.timedelta(hours=1)
    recent = [sent for sent in customer.login.get("sent", []) if dt.datetime.fromisoformat(sent) > hour_ago]
    if len(recent) >= CODES_AN_HOUR:
        return None
    customer.login = {**customer.login, "sent": [*recent, now.isoformat()]}
    customer.save(update_fields=["login"])
    return customer


@transaction.atomic
def keep_code(*, customer_id: int, code: str) -> Customer | None:
    """Make a code the one that lets a customer in, for ``MINUTES`` and ``TRIES`` tries; only its hash is kept.

    None: the customer was erased meanwhile.
    """
    customer = Customer.objects.select_for_update().filter(id=customer_id, erased_at=None).first()
    if customer is None:
        return None
    expires = clock.now() + dt.timedelta(minutes=MINUTES)
    fresh = {"hash": make_password(code), "expires": expires.isoformat(), "tries": 0}
    customer.login = {"sent": customer.login.get("sent", []), **fresh}
    customer.save(update_fields=["login"])
    return customer


@transaction.atomic
def use_code(*, email: str, code: str) -> Customer | None:
    """Give the customer whose open code this is, and use it up; None: wrong, used, too old or tried too often."""
    customer = _standing(email)
    if customer is None or not _open(customer):
        return None
    right = check_password(code, customer.login["hash"])
    sent = customer.login.get("sent", [])
    customer.login = {"sent": sent} if right else {**customer.login, "tries": customer.login["tries"] + 1}
    customer.save(update_fields=["login"])
    return customer if right else None


def erase(*, customer_id: int) -> None:
    """Take name, e-mail, phone and address out of a customer's account. Call inside a transaction."""
    customer = Customer.objects.select_for_update().get(id=customer_id)
    customer.email = f"erased-{customer.pk}@invalid.invalid"
    customer.name = customer.phone = ""
    customer.address, customer.login, customer.erased_at, customer.segment = {}, {}, clock.now(), None
    customer.save()


def _standing(email: str) -> Customer | None:
    """Lock the customer of an e-mail. Call inside a transaction."""
    return Customer.objects.select_for_update().filter(email=email.lower(), erased_at=None).first()


def _open(customer: Customer) -> bool:
    login = customer.login
    return (
        bool(login.get("hash"))
        and login["tries"] < TRIES
        and dt.datetime.fromisoformat(login["expires"]) > clock.now()
    )
