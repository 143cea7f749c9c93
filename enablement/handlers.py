"""What the five dimensions do when they hear of something. Each may run twice; the inbox sees that it acts once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from enablement.services import bookings, desk, facts, quote_mail, service_mail
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


def book_services(event: events.Event) -> None:
    """Make tasks of the services booked with an order."""
    bookings.book_all(cast(events.OrderPlaced, event))


def book_services_of(several: Sequence[events.OrderPlaced]) -> None:
    """Make tasks of the services booked with several orders."""
    for event in several:
        if event.services:
            bookings.book_all(event)


def note_service_refund(event: events.Event) -> None:
    """Stop services whose money went back."""
    bookings.note_refund(cast(events.RefundMade, event))


def note_service_refunds(several: Sequence[events.RefundMade]) -> None:
    """Stop services whose money went back, of several orders."""
    for event in several:
        if event.services:
            bookings.note_refund(event)


def call_off_provider(event: events.Event) -> None:
    """Send a provider the mail that a task is off; at least once."""
    service_mail.send_off(cast(events.ServiceCalledOff, event).offer_id)


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
