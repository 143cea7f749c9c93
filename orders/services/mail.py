"""Messages to c, always in the shop's name. Asked for in a transaction, sent by a worker."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from orders.models import Order
from reseller.models import Shop
from s2b2c.kernel import events
from s2b2c.tenancy import context, hosts

SUBJECTS = "emails/subjects.txt"
_AFTER_CHINESE = re.compile("([。？！；]) (?=\\S)")


def requests(order: Order, kind: str, *, reseller_id: int, **data: Any) -> list[events.MailRequested]:
    """Give the event that asks for a message of ``kind`` (a template in ``templates/emails/``).

    None where c left no address, or one that by RFC 2606 leads nowhere.
    """
    if not order.email or order.email.endswith(".invalid"):
        return []
    asked = events.MailRequested(
        reseller_id=reseller_id, order_number=order.number, kind=kind, language=order.language, data=data
    )
    return [asked]


def send(event: events.MailRequested) -> None:
    """Send a message about an order; nothing is sent where c left no address or was erased.

    At least once: a worker that dies between sending and noting it sends again.
    """
    with context.reading():
        order = Order.objects.prefetch_related("lines").get(number=event.order_number)
        shop = Shop.objects.get()
    if not order.email:
        return
    reseller = context.current()
    assert reseller is not None
    values = {
        "order": order,
        "lines": list(order.lines.all()),
        "shop": shop,
        "data": event.data,
        "kind": event.kind,
        "order_url": hosts.shop_url(reseller, f"/order/{order.token}/"),
        "shop_url": hosts.shop_url(reseller),
    }
    _send(shop, order.email, event.kind, event.language, values)


def _send(shop: Shop, to: str, kind: str, language: str, values: dict[str, Any]) -> None:
    with translation.override(language):
        subject = " ".join(render_to_string(SUBJECTS, values).split())
        text, html = written(kind, values)
    message = EmailMultiAlternatives(
        subject=subject, body=text, from_email=sender(shop), to=[to], reply_to=[shop.email] if shop.email else None
    )
    message.attach_alternative(html, "text/html")
    message.send()


def written(kind: str, values: dict[str, Any]) -> tuple[str, str]:
    """Draw a message as text and as HTML; Chinese sentences follow each other without a space."""
    text, html = (render_to_string(f"emails/{kind}.{ending}", values) for ending in ("txt", "html"))
    return _AFTER_CHINESE.sub(r"\1", text), _AFTER_CHINESE.sub(r"\1", html)


def sender(shop: Shop) -> str:
    """Give the From line: the shop's name at the platform's own sending address."""
    name = "".join(character for character in shop.name if character not in '"\\\r\n<>')
    return f'"{name}" <{settings.DEFAULT_FROM_EMAIL}>'
