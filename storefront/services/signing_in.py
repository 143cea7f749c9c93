"""Signing in to a shop by a code sent to the customer's e-mail. There are no passwords.

A code is six digits, good once and for ``MINUTES``, and for ``TRIES`` tries. A worker makes it when it sends it, so
it stands in no queue, and only its hash is kept. Who has never ordered here has no account; the answer is the
same, so nobody learns who has one.
"""

from __future__ import annotations

import datetime as dt
import secrets

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from orders.services import mail
from reseller.models import Customer, Shop
from reseller.services import customers
from s2b2c.kernel import clock, events
from s2b2c.kernel.errors import Refused
from s2b2c.outbox import publisher
from s2b2c.tenancy import context

MINUTES, TRIES, CODES_AN_HOUR = customers.MINUTES, customers.TRIES, customers.CODES_AN_HOUR
ASKED_AN_HOUR = 30  # codes by one address


def send_code(*, email: str, address: str) -> None:
    """Ask for a code to be sent to a customer of this shop; ``address``: the IP the wish comes from.

    Unknown e-mails get none. A slow mail server keeps nobody waiting: a worker sends.

    :raises Refused: ``too_often``: this address asked for too many.
    """
    count(f"signin-ask:{address}", ASKED_AN_HOUR)
    reseller = context.current()
    assert reseller is not None
    with transaction.atomic():
        customer = customers.ask_for_code(email=email)
        if customer is None:
            return
        publisher.publish(
            events.CodeRequested(
                reseller_id=reseller.id,
                order_number="",
                customer_id=customer.pk,
                language=get_language() or "en",
                asked_at=clock.now().isoformat(),
            )
        )


def send(event: events.CodeRequested) -> None:
    """Make a code and send it; sent again, it is a new code. A wish too old for anybody to wait is dropped."""
    if dt.datetime.fromisoformat(event.asked_at) + dt.timedelta(minutes=MINUTES) < clock.now():
        return
    code = f"{secrets.randbelow(1_000_000):06}"
    customer = customers.keep_code(customer_id=event.customer_id, code=code)
    if customer is None:
        return
    with context.reading():
        shop = Shop.objects.get()
    with translation.override(event.language):
        _mail(shop, customer.email, code)


def _mail(shop: Shop, to: str, code: str) -> None:
    values = {"shop": shop, "code": code, "minutes": MINUTES, "kind": "login", "language": get_language()}
    subject = " ".join(render_to_string("emails/login_subject.txt", values).split())
    text, html = mail.written("login", values)
    message = EmailMultiAlternatives(subject, text, mail.sender(shop), [to])
    message.attach_alternative(html, "text/html")
    message.send()


def enter(*, email: str, code: str, address: str) -> Customer:
    """Give the customer whose code this is; the code is used up.

    :raises Refused: ``code``: wrong, used, too old, or tried too often; ``too_often``.
    """
    count(f"signin-try:{address}", ASKED_AN_HOUR * TRIES)
    customer = customers.use_code(email=email, code=code)
    if customer is None:
        raise Refused("code", _("This code is wrong or too old. Please check it, or ask for a new one."), field="code")
    return customer


def count(name: str, most: int) -> None:
    """Count towards a limit of this hour, per shop; without Redis there is none."""
    cache.add(name, 0, 3600)
    try:
        used = cache.incr(name)
    except ValueError:
        return
    if used > most and not settings.DEBUG:
        raise Refused("too_often", _("Too many tries. Please wait an hour."), status=429)
