"""What happens in the service network."""

from __future__ import annotations

from dataclasses import dataclass

from s2b2c.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOffered(Event):
    """A task was offered to a provider, who is to be told by mail (outside effect). ``reseller_id`` 0: S's own task."""

    offer_id: int

    @property
    def key(self) -> str:
        return f"service-offer:{self.offer_id}"


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
