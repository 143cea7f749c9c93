"""What happened, as frozen facts. ``s2b2c.wiring`` says who hears what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from s2b2c.kernel.event import Event as Event
from s2b2c.kernel.event import names
from s2b2c.kernel.events_of_cases import CaseMoved as CaseMoved
from s2b2c.kernel.events_of_cases import CaseTold as CaseTold
from s2b2c.kernel.events_of_delivery import CashSettled as CashSettled
from s2b2c.kernel.events_of_delivery import DeliveryConfirmed as DeliveryConfirmed
from s2b2c.kernel.events_of_delivery import ShipmentDelivered as ShipmentDelivered
from s2b2c.kernel.events_of_payments import DisputeChanged as DisputeChanged
from s2b2c.kernel.events_of_payments import DisputeReported as DisputeReported
from s2b2c.kernel.events_of_payments import PageCloseRequested as PageCloseRequested
from s2b2c.kernel.events_of_payments import PaymentUnused as PaymentUnused
from s2b2c.kernel.events_of_payouts import ClawbackRequested as ClawbackRequested
from s2b2c.kernel.events_of_payouts import PayoutAccountReported as PayoutAccountReported
from s2b2c.kernel.events_of_payouts import PayoutRequested as PayoutRequested
from s2b2c.kernel.events_of_payouts import RecoveryWanted as RecoveryWanted
from s2b2c.kernel.events_of_quality import ComplaintAnswered as ComplaintAnswered
from s2b2c.kernel.events_of_quality import RecallTold as RecallTold
from s2b2c.kernel.events_of_returns import BankRefundPaid as BankRefundPaid
from s2b2c.kernel.events_of_returns import BankRefundReturned as BankRefundReturned
from s2b2c.kernel.events_of_returns import RefundCovered as RefundCovered
from s2b2c.kernel.events_of_returns import ReturnApproved as ReturnApproved
from s2b2c.kernel.events_of_returns import ReturnAsked as ReturnAsked
from s2b2c.kernel.events_of_returns import ReturnClosed as ReturnClosed
from s2b2c.kernel.events_of_returns import ReturnInspected as ReturnInspected
from s2b2c.kernel.events_of_returns import ReturnReceived as ReturnReceived
from s2b2c.kernel.events_of_returns import ReturnRefused as ReturnRefused
from s2b2c.kernel.events_of_returns import ReturnRequested as ReturnRequested
from s2b2c.kernel.events_of_returns import ReturnSent as ReturnSent
from s2b2c.kernel.events_of_services import ProviderLinkAsked as ProviderLinkAsked
from s2b2c.kernel.events_of_services import QuoteAsked as QuoteAsked
from s2b2c.kernel.events_of_services import RefundedService as RefundedService
from s2b2c.kernel.events_of_services import ServiceCalledOff as ServiceCalledOff
from s2b2c.kernel.events_of_services import ServiceFailed as ServiceFailed
from s2b2c.kernel.events_of_services import ServiceOffered as ServiceOffered
from s2b2c.kernel.events_of_services import ServiceTold as ServiceTold
from s2b2c.kernel.events_of_services import SoldService as SoldService


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldLine:
    """One line as sold: all amounts are for the whole line, in minor units, frozen at sale.

    ``funded_minor``: the part of a discount S bears; ``tax_bps``: the rate of its tax, None where not noted;
    ``discount_minor``: the whole discount, already taken off the other amounts.
    """

    line_id: int
    variant_id: int
    quantity: int
    wholesale_minor: int
    margin_minor: int
    fee_minor: int
    tax_minor: int
    retail_minor: int
    funded_minor: int = 0
    tax_bps: int | None = None
    discount_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced(Event):
    """An order the supplier must serve: paid, or to be paid on delivery.

    ``recipient`` is what a parcel needs and nothing else: name, address lines, phone, e-mail.
    ``captured_minor`` = Σ lines (wholesale + margin + fee + tax − funded) + shipping + shipping tax.
    ``fee_tax_minor`` is the fee's own tax, inside the fee. ``shipping_funded_minor`` is the part of delivery
    c need not pay; ``shipping_funder`` (``b`` or ``s``) bears it.
    ``return_days`` and ``reserve_bps`` are of the terms frozen at sale: when the margin is due, and how much of it is kept back.
    ``agreed``: more of those terms that S needs later, by name.
    ``services`` were booked with the goods: they are in ``captured_minor``, and nothing of them is sent.
    ``payment_intent``: the provider's name of the payment that pays it, where one does.
    """

    currency: str
    method: str
    captured_minor: int
    shipping_minor: int
    shipping_tax_minor: int
    lines: list[SoldLine]
    recipient: dict[str, str]
    language: str
    placed_at: str
    external_id: str = ""
    fee_tax_minor: int = 0
    shipping_funded_minor: int = 0
    shipping_funder: str = ""
    return_days: int = 14
    reserve_bps: int = 0
    agreed: dict[str, Any] = field(default_factory=dict)
    services: list[SoldService] = field(default_factory=list)
    payment_intent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled(Event):
    """The shop's side was cancelled before picking; ``reason`` is a stable code."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressChanged(Event):
    """The shop sends an order elsewhere, before picking."""

    recipient: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldAsked(Event):
    """The shop stops an order (``held``), or lets it go on."""

    held: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldChanged(Event):
    """S stopped an order (``held``), or lets it go on."""

    held: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PiecesDelayed(Event):
    """S has not got pieces of an order, and keeps them for it as soon as they come, unless the shop gives them up.

    ``lines``: ``[{line_id, quantity}]``; ``expected_on``: when S thinks so, as an ISO date, or empty.
    """

    lines: list[dict[str, int]]
    reason: str
    expected_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PiecesCame(Event):
    """Pieces an order waited for are in stock, and kept for it. ``lines``: ``[{line_id, quantity}]``."""

    lines: list[dict[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundedLine:
    """``stop``: pieces S shall no longer send; 0 where they left already or S itself reported them short.

    ``received``: pieces that had been sent; those still to be sent of the line are sent. ``parts``: of bundles that
    were sent, ``[{variant_id, quantity}]`` that go back singly; ``parts_minor`` of the wholesale value is theirs, and
    ``parts_gone`` of the pieces are gone whole by that.
    """

    line_id: int
    variant_id: int
    quantity: int
    wholesale_minor: int
    margin_minor: int
    fee_minor: int
    tax_minor: int
    stop: int = 0
    received: int = 0
    funded_minor: int = 0
    parts: list[dict[str, int]] = field(default_factory=list)
    parts_minor: int = 0
    parts_gone: int = 0

    @property
    def earned_minor(self) -> int:
        """Give the wholesale value of what had been sent, whole pieces in proportion."""
        whole, sent = self.quantity - self.parts_gone, self.received - self.parts_gone
        return self.parts_minor + ((self.wholesale_minor - self.parts_minor) * sent // whole if whole else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundMade(Event):
    """A refund was granted: the proportional reversal of the frozen split, to be booked by S.

    ``amount_minor`` = Σ lines (with ``funded`` taken off) + shipping + shipping tax − ``withheld``, what c bears
    of the cost of a return, or got back from its bank already (``withheld_by``: who bore that dispute, to be made good;
    then ``way_back_minor`` of it is of the first kind). ``method`` says from where the money comes. ``fee_tax_minor`` and ``shipping_funded_minor`` go back as they were booked.
    """

    refund_id: int
    refund_key: str
    currency: str
    amount_minor: int
    shipping_minor: int
    shipping_tax_minor: int
    lines: list[RefundedLine]
    reason: str
    method: str
    fee_tax_minor: int = 0
    shipping_funded_minor: int = 0
    shipping_funder: str = ""
    withheld_minor: int = 0
    withheld_by: str = ""
    way_back_minor: int = 0
    services: list[RefundedService] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentOpened(Event):
    """S took the order over: one fulfilment order per warehouse."""

    fulfilments: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PickingStarted(Event):
    fulfilment_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PickingStopped(Event):
    """What was begun to be picked was put back; nobody has begun."""

    fulfilment_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentSent(Event):
    """A parcel left. ``lines``: ``[{line_id, variant_id, quantity}]``; ``complete``: nothing is left to send."""

    shipment_number: str
    fulfilment_number: str
    carrier: str
    tracking: str
    tracking_url: str
    shipped_at: str
    lines: list[dict[str, int]]
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentCancelled(Event):
    """S cancelled all or part of an order it cannot serve; the shop refunds ``lines``."""

    lines: list[dict[str, int]]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRequested(Event):
    """A message to a consumer is due; sent at least once, keyed by the outbox row."""

    kind: str
    language: str
    data: dict[str, Any]

    @property
    def key(self) -> str:
        return f"mail:{self.reseller_id}:{self.order_number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRequested(Event):
    """A customer waits for a sign-in code since ``asked_at``. The code itself is made when it is sent."""

    customer_id: int
    language: str
    asked_at: str

    @property
    def key(self) -> str:
        return f"code:{self.reseller_id}:{self.customer_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequested(Event):
    """Money is to be sent back through the payment provider (outside effect)."""

    refund_id: int

    @property
    def key(self) -> str:
        return f"refund:{self.reseller_id}:{self.order_number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundReported(Event):
    """The payment provider says something about a refund it took; the truth is fetched from it."""

    refund_id: int

    @property
    def key(self) -> str:
        return f"refund:{self.reseller_id}:{self.order_number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReported(Event):
    """The payment provider says something about a checkout page; the truth is fetched from it."""

    session_id: str

    @property
    def key(self) -> str:
        return f"payment:{self.reseller_id}:{self.order_number}"


ALL: dict[str, type[Event]] = {
    cls.__name__: cls
    for cls in (
        OrderPlaced,
        OrderCancelled,
        AddressChanged,
        HoldAsked,
        HoldChanged,
        PiecesDelayed,
        PiecesCame,
        RefundMade,
        FulfilmentOpened,
        PickingStarted,
        PickingStopped,
        ShipmentSent,
        ShipmentDelivered,
        DeliveryConfirmed,
        CashSettled,
        FulfilmentCancelled,
        ReturnRequested,
        ReturnApproved,
        ReturnRefused,
        ReturnSent,
        ReturnAsked,
        ReturnReceived,
        ReturnInspected,
        ReturnClosed,
        RecallTold,
        ComplaintAnswered,
        BankRefundPaid,
        BankRefundReturned,
        RefundCovered,
        CaseMoved,
        CaseTold,
        MailRequested,
        CodeRequested,
        RefundRequested,
        RefundReported,
        PaymentReported,
        DisputeReported,
        DisputeChanged,
        PaymentUnused,
        PageCloseRequested,
        PayoutRequested,
        ClawbackRequested,
        RecoveryWanted,
        PayoutAccountReported,
        ServiceOffered,
        ServiceCalledOff,
        ServiceFailed,
        ServiceTold,
        ProviderLinkAsked,
        QuoteAsked,
    )
}

_NESTED: dict[tuple[str, str], type] = {
    ("OrderPlaced", "lines"): SoldLine,
    ("OrderPlaced", "services"): SoldService,
    ("RefundMade", "lines"): RefundedLine,
    ("RefundMade", "services"): RefundedService,
}


def from_payload(topic: str, payload: dict[str, Any]) -> Event:
    """Rebuild an event. Unknown fields are ignored, so that an older worker survives a newer sender.

    :raises KeyError: no event of this name.
    """
    cls = ALL[topic]
    values = {name: payload[name] for name in names(cls) if name in payload}
    for name in list(values):
        nested = _NESTED.get((topic, name))
        if nested is not None:
            values[name] = [nested(**row) for row in values[name]]
    return cls(**values)
