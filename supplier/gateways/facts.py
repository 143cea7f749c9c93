"""What passes the door of the payout provider, in our own words. Amounts are in our minor units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AccountFact:
    """What the provider says of a reseller's account now.

    ``transfers_active`` – we may send it money; ``payouts_enabled`` – the provider pays on to its
    bank; ``due`` – what the provider still asks of the reseller (its own names); ``disabled_reason`` –
    why it may do nothing, empty if it may. ``bank`` is what a person may see of the bank account.
    """

    account_id: str
    country: str
    currency: str
    reseller_slug: str = ""
    email: str = ""
    details_submitted: bool = False
    transfers_active: bool = False
    payouts_enabled: bool = False
    charges_enabled: bool = False
    due: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    disabled_reason: str = ""
    bank: str = ""

    @property
    def ready(self) -> bool:
        """Money sent to it now reaches the reseller's bank."""
        return self.transfers_active and self.payouts_enabled


@dataclass(frozen=True, slots=True)
class OnboardingLink:
    """Where the reseller tells the provider who it is: good for one visit, for a few minutes. Never store or mail it."""

    url: str
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True)
class TransferFact:
    """Money that went from S's balance to a reseller's account. It can't fail later; it can be reversed."""

    transfer_id: str
    account_id: str
    amount_minor: int
    reversed_minor: int
    currency: str
    group: str
    created_at: dt.datetime
    source_charge: str = ""
    balance_transaction: str = ""
    idempotency_key: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReversalFact:
    """Money that came back from a reseller's account."""

    reversal_id: str
    transfer_id: str
    amount_minor: int
    currency: str
    created_at: dt.datetime
    balance_transaction: str = ""
    idempotency_key: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PayoutFact:
    """Money on its way from an account to its bank.

    ``state``: ``pending``, ``in_transit``, ``paid``, ``failed``, ``canceled``. One that was ``paid`` may
    still become ``failed`` within days; the money is then back in the account's balance, and
    ``failure_code`` says why (the provider's word).
    """

    payout_id: str
    account_id: str
    state: str
    amount_minor: int
    currency: str
    created_at: dt.datetime
    arrives_on: dt.date
    automatic: bool = False
    failure_code: str = ""
    idempotency_key: str = ""


@dataclass(frozen=True, slots=True)
class BalanceFact:
    """What an account holds in one currency. Either amount may be negative."""

    currency: str
    available_minor: int
    pending_minor: int


@dataclass(frozen=True, slots=True)
class BookedFact:
    """One line of the provider's own books.

    ``kind`` is its category for accounting: ``charge``, ``refund``, ``dispute``, ``dispute_reversal``,
    ``transfer``, ``transfer_reversal``, ``payout``, ``payout_reversal``, ``fee``, ``topup``, …; ``type`` is its
    finer word. ``net_minor = amount_minor - fee_minor`` is what it did to the balance. ``source`` is the id
    of the charge, refund, dispute, transfer, reversal or payout behind it; empty for a fee. ``order_number`` and
    ``reseller_slug``: its marks, where it bears them.
    """

    id: str
    kind: str
    type: str
    source: str
    amount_minor: int
    fee_minor: int
    net_minor: int
    currency: str
    created_at: dt.datetime
    available_at: dt.datetime
    available: bool
    description: str = ""
    order_number: str = ""
    reseller_slug: str = ""
