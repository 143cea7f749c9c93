"""What happens in the service network."""

from __future__ import annotations

from dataclasses import dataclass

from s2b2c.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldService:
    """A service sold with goods, frozen at sale: amounts in minor units, for all of it.

    ``cost_minor`` is what S gets for having it done; ``variant_id``: the goods it goes with.
    """

    line_id: int
    variant_id: int
    cost_minor: int
    margin_minor: int
    fee_minor: int
    tax_minor: int
    retail_minor: int
    tax_bps: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundedService:
    """What goes back of a service, by who gives it up."""

    line_id: int
    cost_minor: int
    margin_minor: int
    fee_minor: int
    tax_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOffered(Event):
    """A task was offered to a provider, who is to be told by mail (outside effect). ``reseller_id`` 0: S's own task."""

    offer_id: int

    @property
    def key(self) -> str:
        return f"service-offer:{self.offer_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCalledOff(Event):
    """What a provider was offered, or had taken, is off: it is to be told by mail (outside effect)."""

    offer_id: int

    @property
    def key(self) -> str:
        return f"service-off:{self.offer_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFailed(Event):
    """A service booked with an order can't be done; ``reason``: ``nobody`` takes it, or the ``supplier`` says so."""

    line_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceTold(Event):
    """What a consumer booked was ``accepted``, given up again (``given_back``) or ``done`` by the provider ``who``.

    ``on`` and ``part`` are the time it was for, as an ISO day and a part of the day.
    """

    line_id: int
    what: str
    who: str
    on: str
    part: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderLinkAsked(Event):
    """A provider is to get the link to its own pages by mail (outside effect). ``reseller_id`` 0: nobody's."""

    provider_id: int

    @property
    def key(self) -> str:
        return f"provider-link:{self.provider_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteAsked(Event):
    """A vendor was asked for prices, and is to get its link by mail (outside effect). ``access``: which of its links."""

    quote_id: int
    access: int

    @property
    def key(self) -> str:
        return f"quote:{self.quote_id}"
