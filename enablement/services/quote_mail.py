"""The mail that asks a vendor for its prices, in its language, with the link that is its alone."""

from __future__ import annotations

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from enablement.models import Quote
from enablement.services import quotes
from s2b2c.kernel import clock
from s2b2c.kernel.errors import Unavailable
from s2b2c.tenancy import hosts
from supplier.models import Company


def address(quote: Quote) -> str:
    """Give the address a vendor answers at."""
    return hosts.supply_url(reverse("supply:quote_own", args=[quotes.link(quote)], urlconf="s2b2c.urls.supply"))


def send(quote_id: int, access: int) -> None:
    """Ask a vendor; nothing where its link is another by now, or the request is over.

    :raises Unavailable: the mail server did not take it.
    """
    rows = Quote.objects.select_related("vendor", "request").filter(pk=quote_id, access=access, request__state="open")
    found = rows.filter(request__answer_by__gt=clock.now()).first()
    if found is None or not found.vendor.email:
        return
    name = Company.objects.values_list("name", flat=True).first() or settings.PLATFORM_NAME
    with translation.override(found.vendor.language):
        subject = f"{name}: {gettext('Request for your prices')} {found.request.number}"
        told = {"quote": found, "supplier": name, "address": address(found), "items": found.request.items.count()}
        text = render_to_string("emails/quote.txt", told)
    try:
        send_mail(subject, text, None, [found.vendor.email])
    except (SMTPException, OSError) as problem:
        raise Unavailable() from problem
