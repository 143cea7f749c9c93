"""What the five dimensions do when they hear of something. Each may run twice; the inbox sees that it acts once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from enablement.services import desk, facts, quote_mail, service_mail
from s2b2c.kernel import events


def record_sale(event: events.Event) -> None:
    """Write a sale into the mart."""
    facts.record_sales([cast(events.OrderPlaced, event)])


def record_sales(several: Sequence[events.OrderPlaced]) -> None:
    """Write several sales into the mart."""
    facts.record_sales(several)


def record_refund(event: events.Event) -> None:
    """Write into the mart what went back."""
    facts.record_refunds([cast(events.RefundMade, event)])


def record_refunds(several: Sequence[events.RefundMade]) -> None:
    """Write into the mart what went back of several orders."""
    facts.record_refunds(several)


def tell_provider(event: events.Event) -> None:
    """Send a provider the mail about what it is offered; at least once."""
    service_mail.send_offer(cast(events.ServiceOffered, event).offer_id)


def send_link(event: events.Event) -> None:
    """Send a provider the link to its own pages; at least once."""
    service_mail.send_link(cast(events.ProviderLinkAsked, event).provider_id)


def ask_vendor(event: events.Event) -> None:
    """Send a vendor the request for its prices, with its link; at least once."""
    asked = cast(events.QuoteAsked, event)
    quote_mail.send(asked.quote_id, asked.access)


def note_case(event: events.Event) -> None:
    """Follow a shop's case of help at S's desk."""
    desk.note_moved(cast(events.CaseMoved, event))
