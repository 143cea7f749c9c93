"""What is known of a parcel's arrival, and of the cash it was to bring, between shop and S."""

from __future__ import annotations

from dataclasses import dataclass

from s2b2c.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentDelivered(Event):
    """S knows when a parcel was delivered, or no longer: how it stands, not what was done.

    ``delivered_on``: an ISO date; empty: what was said is taken back. ``said_by``: ``supplier``, ``carrier`` or
    ``customer``.
    """

    shipment_number: str
    delivered_on: str
    said_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryConfirmed(Event):
    """c says that it has parcels. ``delivered_on``: by shipment number an ISO date."""

    delivered_on: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CashSettled(Event):
    """The carrier brought the cash of an order (``collected``), or it was ``refused`` at the door.

    ``undone``: it was not collected after all.
    """

    outcome: str
    at: str
