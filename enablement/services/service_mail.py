"""Mails to providers: what they are offered, and the link to their own pages."""

from __future__ import annotations

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from enablement.models import ServiceOffer, ServiceProvider
from enablement.services import providers
from s2b2c.kernel import clock
from s2b2c.kernel.errors import Unavailable
from s2b2c.tenancy import hosts
from supplier.models import Company


def address(provider: ServiceProvider, onward: str = "") -> str:
    """Give the address that opens a provider's own pages, for it alone."""
    path = reverse("supply:provider_enter", args=[providers.link(provider)], urlconf="s2b2c.urls.supply")
    return hosts.supply_url(f"{path}?task={onward}" if onward else path)


def send_offer(offer_id: int) -> None:
    """Tell a provider what it is offered; nothing where that is over already."""
    offer = ServiceOffer.objects.select_related("task", "provider").filter(pk=offer_id).first()
    if offer is None or offer.state != ServiceOffer.State.OPEN or offer.until <= clock.now():
        return
    with translation.override(offer.provider.language):
        subject = gettext("A task for you: %(kind)s") % {"kind": offer.task.get_kind_display()}
        _send(offer.provider, subject, {"offer": offer, "address": address(offer.provider, offer.task.number)})


def send_off(offer_id: int) -> None:
    """Tell a provider that what it was offered or had taken is off. :raises Unavailable: the mail was not taken."""
    offer = ServiceOffer.objects.select_related("task", "provider").get(pk=offer_id)
    with translation.override(offer.provider.language):
        subject = gettext("Called off: %(kind)s") % {"kind": offer.task.get_kind_display()}
        _send(offer.provider, subject, {"off": offer, "address": address(offer.provider)})


def send_link(provider_id: int) -> None:
    """Send a provider the link to its own pages. :raises Unavailable: the mail server did not take it."""
    provider = ServiceProvider.objects.get(pk=provider_id)
    with translation.override(provider.language):
        _send(provider, gettext("Your link"), {"address": address(provider)})


def _send(provider: ServiceProvider, subject: str, context: dict[str, object]) -> None:
    name = Company.objects.values_list("name", flat=True).first() or settings.PLATFORM_NAME
    text = render_to_string("emails/provider.txt", {"provider": provider, "supplier": name, **context})
    try:
        send_mail(f"{name}: {subject}", text, None, [provider.email])
    except (SMTPException, OSError) as problem:
        raise Unavailable() from problem
