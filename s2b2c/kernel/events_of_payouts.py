"""What happens to a reseller's money at the payment provider."""

from __future__ import annotations

from dataclasses import dataclass

from s2b2c.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutRequested(Event):
    """Money is to be sent to a reseller through the payment provider (outside effect)."""

    payout_id: int

    @property
    def key(self) -> str:
        return f"payout:{self.payout_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClawbackRequested(Event):
    """Part of a payout is to be taken back at the payment provider (outside effect)."""

    clawback_id: int

    @property
    def key(self) -> str:
        return f"clawback:{self.clawback_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryWanted(Event):
    """Money went back that a reseller was paid for: what it owes is to be taken back. ``cause``: a return, an order."""

    currency: str
    cause: str

    @property
    def key(self) -> str:
        return f"recovery:{self.reseller_id}:{self.currency}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutAccountReported(Event):
    """The payment provider says something about a reseller's account; the truth is fetched from it."""

    @property
    def key(self) -> str:
        return f"account:{self.reseller_id}"
