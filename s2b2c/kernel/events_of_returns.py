"""What happens to a return, between shop and S."""

from __future__ import annotations

from dataclasses import dataclass, field

from s2b2c.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRequested(Event):
    """c or b wants to send pieces back. ``lines``: ``[{line_id, variant_id, quantity}]``.

    ``variant_id`` is the line's own, or of a bundle the part that comes back by itself; in all events of returns.
    """

    number: str
    wish: str
    reason: str
    note: str
    lines: list[dict[str, int]]
    photos: list[str]
    opened_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnApproved(Event):
    """A return may come; ``keep``: c keeps the pieces, nothing comes."""

    number: str
    keep: bool
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRefused(Event):
    """A return will not come: ``outcome`` is ``refused`` or ``withdrawn``."""

    number: str
    outcome: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnSent(Event):
    """c put the parcel on its way back."""

    number: str
    tracking: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnAsked(Event):
    """S decides on a return, or starts one (``open``); the shop's side acts on it, and says so.

    ``action``: ``open``, ``approve``, ``refuse`` or ``withdraw``; the later fields matter to ``open`` and ``keep``.
    ``lines``: ``[{line_id, variant_id, quantity}]``.
    """

    number: str
    action: str
    answer: str
    keep: bool = False
    fault: str = ""
    wish: str = ""
    reason: str = ""
    lines: list[dict[str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnReceived(Event):
    """The parcel of a return arrived at a warehouse."""

    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnInspected(Event):
    """S looked at what came back. ``lines``: ``[{line_id, variant_id, restocked, scrapped, sent_back, missing}]``.

    ``fault``: who answers for it; ``shipping``: what delivery cost goes back too. ``postage_minor``: what the way back
    cost S, and ``postage_by`` who bears it; where it is the ``customer``, it is taken off the refund.
    """

    number: str
    fault: str
    lines: list[dict[str, int]]
    shipping: bool
    note: str
    postage_minor: int = 0
    postage_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnClosed(Event):
    """The shop has given back or replaced what S accepted; who bears it is booked by S.

    ``outcome``: ``refund``, ``exchange`` or ``nothing``; the amounts are what b, S and c's delivery gave up in the
    refund, minor units; ``lost``: ``[{line_id, variant_id, quantity}]`` of pieces that can't be sold again, of a part of
    a bundle with its wholesale value as ``worth_minor``; ``withheld_minor``: what was taken off the refund for the way
    back.
    """

    number: str
    outcome: str
    reason: str
    fault: str
    currency: str
    margin_minor: int
    fee_minor: int
    shipping_minor: int
    lost: list[dict[str, int]]
    exchange_number: str = ""
    withheld_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BankRefundPaid(Event):
    """S's finance transferred the money of a refund that no payment provider sends."""

    refund_id: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundCovered(Event):
    """So much of a refund that was granted is not sent: c's bank gave it back, and ``bearer`` bore that dispute.

    ``cover_key`` is the entry's own, once per shop.
    """

    cover_key: str
    currency: str
    amount_minor: int
    bearer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BankRefundReturned(Event):
    """A bank sent a transfer back: another account is needed."""

    refund_id: int
    reason: str
