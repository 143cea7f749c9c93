"""Signing in to a shop by a code sent to the customer's e-mail. There are no passwords.

A code is six digits, good once and for ``MINUTES``, and for ``TRIES`` tries. Only its hash is kept
(``Customer.login``: ``hash``, ``expires``, ``tries``, ``sent``: when codes were sent in the last hour). Who has
never ordered here has no account; the answer is the same, so nobody learns who has one.
"""

from __future__ import annotations

import datetime as dt
import secrets

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from orders.services import mail
from reseller.models import Customer, Shop
from s2b2c.kernel import clock
from s2b2c.kernel.errors import Refused

MINUTES = 15
TRIES = 5
CODES_AN_HOUR = 5
ASKED_AN_HOUR = 30  # codes by one address


def send_code(*, email: str, address: str) -> None:
    """Send a code to a customer of this shop; ``address``: the IP the wish comes from. Unknown e-mails get none.

    :raises Refused: ``too_often``: this address asked for too many.
    """
    _count(f"signin-ask:{address}", ASKED_AN_HOUR)
    code = f"{secrets.randbelow(1_000_000):06}"
    with transaction.atomic():
        customer = Customer.objects.select_for_update().filter(email=email.lower(), erased_at=None).first()
        shop = Shop.objects.get()
        if customer is None or not _note(customer, code):
            return
    _mail(shop, customer.email, code)


def _note(customer: Customer, code: str) -> bool:
    """Keep the code's hash, unless enough were sent this hour. Call inside a transaction."""
    now = clock.now()
    recent = [
        sent
        for sent in customer.login.get("sent", [])
        if dt.datetime.fromisoformat(sent) > now - dt.timedelta(hours=1)
    ]
    if len(recent) >= CODES_AN_HOUR:
        return False
    expires = now + dt.timedelta(minutes=MINUTES)
    customer.login = {
        "hash": make_password(code),
        "expires": expires.isoformat(),
        "tries": 0,
        "sent": [*recent, now.isoformat()],
    }
    customer.save(update_fields=["login"])
    return True


def _mail(shop: Shop, to: str, code: str) -> None:
    values = {"shop": shop, "code": code, "minutes": MINUTES, "kind": "login", "language": get_language()}
    subject = " ".join(render_to_string("emails/login_subject.txt", values).split())
    message = EmailMultiAlternatives(subject, render_to_string("emails/login.txt", values), mail.sender(shop), [to])
    message.attach_alternative(render_to_string("emails/login.html", values), "text/html")
    message.send()


def enter(*, email: str, code: str, address: str) -> Customer:
    """Give the customer whose code this is; the code is used up.

    :raises Refused: ``code``: wrong, used, too old, or tried too often; ``too_often``.
    """
    _count(f"signin-try:{address}", ASKED_AN_HOUR * TRIES)
    wrong = Refused("code", _("This code is wrong or too old. Please check it, or ask for a new one."), field="code")
    with transaction.atomic():
        customer = Customer.objects.select_for_update().filter(email=email.lower(), erased_at=None).first()
        if customer is None or not _open(customer):
            raise wrong
        right = check_password(code, customer.login["hash"])
        sent = customer.login.get("sent", [])
        customer.login = {"sent": sent} if right else {**customer.login, "tries": customer.login["tries"] + 1}
        customer.save(update_fields=["login"])
    if not right:
        raise wrong
    return customer


def _open(customer: Customer) -> bool:
    login = customer.login
    return (
        bool(login.get("hash"))
        and login["tries"] < TRIES
        and dt.datetime.fromisoformat(login["expires"]) > clock.now()
    )


def _count(name: str, most: int) -> None:
    """Count towards a limit of this hour, per shop; without Redis there is none."""
    cache.add(name, 0, 3600)
    try:
        used = cache.incr(name)
    except ValueError:
        return
    if used > most and not settings.DEBUG:
        raise Refused("too_often", _("Too many tries. Please wait an hour."), status=429)
