"""What is to happen at the payment provider, and what it says of payments and disputes."""

from __future__ import annotations

from dataclasses import dataclass

from s2b2c.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCloseRequested(Event):
    """A hosted payment page must no longer take money: its order expired or was cancelled."""

    session_id: str

    @property
    def key(self) -> str:
        return f"page:{self.reseller_id}:{self.order_number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeReported(Event):
    """The payment provider says something about a dispute; the truth, and whose order it is, are fetched from it."""

    dispute_id: str

    @property
    def key(self) -> str:
        return f"dispute:{self.dispute_id}"[:64]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeChanged(Event):
    """A customer's bank takes a payment back, or has said who is right. ``unused``: of a payment no order used."""

    dispute_id: str
    state: str
    amount_minor: int
    reason: str
    payment_intent: str = ""
    unused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentUnused(Event):
    """Money came in that no order can use, paid twice or too late: it goes back by itself, and was never a sale."""

    payment_intent: str
    currency: str
    amount_minor: int

    @property
    def key(self) -> str:
        return f"unused:{self.payment_intent}"[:64]
