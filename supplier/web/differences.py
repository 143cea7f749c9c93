"""Words for why a line of the payment provider fits nothing, and what to do about it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WHY: dict[str, tuple[str | Promise, str | Promise]] = {
    "no_payout": (
        _("Money moved between you and a reseller by no payout of yours"),
        _("Somebody may have sent it at Stripe by hand. Take it back there, or say here why it was right."),
    ),
    "other_payout": (
        _("A payout of yours names it, but for another sum, or it is not carried out yet"),
        _("Open the payouts: one whose end is unknown is asked about again by itself."),
    ),
    "no_dispute": (
        _("A customer's bank takes back a payment that no shop knows of"),
        _("It is looked for again each time these books are read. Look at Stripe whose payment it was; if it is none of a shop's, answer it there in time and say here what it was."),
    ),
    "no_order": (
        _("It names no order"),
        _("Look at Stripe what it was for – a refund made there by hand, for example – and say so here."),
    ),
    "no_shop": (
        _("It names an order, but not the shop, and no shop or more than one has an order of this number"),
        _("Look at Stripe which shop the payment was for, and say so here."),
    ),
    "not_booked": (
        _("Your books have no payment of this order"),
        _("What the shop told may be among the events that failed. Look there first."),
    ),
    "sums": (
        _("The two books have different sums of this order"),
        _("Compare the lines below with your entries. What was given back at Stripe by hand belongs into the order as a refund."),
    ),
}  # fmt: skip
