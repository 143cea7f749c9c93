"""What a shop knows of an order's parcels: when each left, and when it was delivered, if somebody said so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

PRESUMED_AFTER = timedelta(days=10)  # so long after it left, a parcel nobody spoke of is presumed to be delivered
DELIVERED, UNDONE, MAIL, NO_MAIL = "delivered", "delivery_undone", "delivery_mail", "no_delivery_mail"
KINDS = ("shipped", DELIVERED, UNDONE, MAIL, NO_MAIL)


@dataclass(frozen=True, slots=True)
class Parcel:
    """``delivered_on``: the day it came, as ``said_by`` somebody; None: nobody said so."""

    number: str
    sent_at: datetime
    delivered_on: date | None = None
    said_by: str = ""

    @property
    def presumed_on(self) -> date:
        """The day it is presumed to have come, where nobody says so."""
        return (self.sent_at + PRESUMED_AFTER).date()

    @property
    def window_from(self) -> datetime:
        """From when the return window counts: the end of the day it came; not known, from when it left."""
        if self.delivered_on is None:
            return self.sent_at
        return datetime.combine(self.delivered_on + timedelta(days=1), time.min, tzinfo=UTC)


def parcels(steps: Iterable[tuple[str, datetime, dict[str, Any]]]) -> dict[str, Parcel]:
    """Give parcels by number from the steps of an order, ``(kind, at, data)`` in the order they were written.

    The last word on a parcel stands, whether it was heard before or after the parcel itself.
    """
    sent: dict[str, datetime] = {}
    said: dict[str, tuple[date | None, str]] = {}
    for kind, at, data in steps:
        number = str(data.get("shipment", ""))
        if kind == "shipped":
            sent[number] = at
        elif kind == DELIVERED:
            said[number] = (date.fromisoformat(data["on"]), str(data.get("said_by", "")))
        elif kind == UNDONE:
            said[number] = (None, "")
    return {number: Parcel(number, at, *said.get(number, (None, ""))) for number, at in sent.items()}


def wants_mail(kinds: Iterable[str]) -> bool:
    """Tell from the kinds of an order's steps, as they were written, whether c wants to hear of its delivery."""
    asked = [kind for kind in kinds if kind in (MAIL, NO_MAIL)]
    return bool(asked) and asked[-1] == MAIL
