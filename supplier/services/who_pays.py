"""Who pays for a return: 24 cases, each a rule. See docs/adr/0017-returns.md.

A refund alone makes each party give up its own part: b its margin, S the wholesale price, the fee and delivery.
The rule then moves what a party lost that is not at fault onto the one that is. Where c just changed its mind the sale
is undone, so b has no claim to its margin, and only what is lost on the goods and on delivery is moved.

The entries on b's account are the same before and after a payout; what differs is where b's money is. Before it, they
lower what is still to be paid, on the statement of the order itself. After it, b's account goes below zero, and what
it owes is taken back from its payouts (``settlement.recovering``: an entry of its own each), or netted by the next run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from supplier.models import Account
from supplier.services.ledger import Leg

Kind = Account.Kind
S, B, CARRIER, C = "supplier", "reseller", "carrier", "customer"
MIND, DEFECT, WRONG, LOST = "mind", "defect", "wrong", "lost"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who bears b's lost margin, goods that can't be sold again, the fee and the delivery that went back."""

    margin: str
    goods: str
    fee: str
    delivery: str
    words: str | Promise
    then: str | Promise


@dataclass(frozen=True, slots=True)
class Loss:
    """What was given up, minor units: ``goods`` is the wholesale value of pieces that can't be sold again.

    ``postage``: what the way back cost S and others than c bear, ``postage_by`` says who.
    """

    goods: int
    margin: int = 0
    fee: int = 0
    delivery: int = 0
    postage: int = 0
    postage_by: str = S


class Case(NamedTuple):
    reason: str
    fault: str
    paid_out: bool


_BEFORE = _("Taken from, or added to, what the shop is still to be paid.")
_AFTER = _(
    "The shop was paid already: what it owes is taken back from its payouts; what they no longer have, the next run nets."
)
_NOBODY_PAYS = _("Nobody owes anybody: the supplier bears its goods and delivery, the shop its margin.")
_SHOP_ALLOWED = _("The shop agreed beyond the rules: it bears goods that can't be sold again, and delivery.")
_TOO_LATE = _("It came too late: the carrier owes delivery and goods that can't be sold again.")
_S_ERRED = _("The supplier erred: it bears everything, and the shop keeps its margin.")
_SHOP_ERRED = _("The shop erred: it bears its margin, goods that can't be sold again, the fee and delivery.")
_CARRIER_ERRED = _("The carrier erred: it owes the shop's margin, goods, the fee and delivery.")

RULES: dict[Case, Rule] = {
    # c changed its mind
    Case(MIND, S, False): Rule(B, S, S, S, _NOBODY_PAYS, _BEFORE),
    Case(MIND, S, True): Rule(B, S, S, S, _NOBODY_PAYS, _AFTER),
    Case(MIND, B, False): Rule(B, B, S, B, _SHOP_ALLOWED, _BEFORE),
    Case(MIND, B, True): Rule(B, B, S, B, _SHOP_ALLOWED, _AFTER),
    Case(MIND, CARRIER, False): Rule(B, CARRIER, S, CARRIER, _TOO_LATE, _BEFORE),
    Case(MIND, CARRIER, True): Rule(B, CARRIER, S, CARRIER, _TOO_LATE, _AFTER),
    # it is damaged or doesn't work: made so, described so, or broken on the way
    Case(DEFECT, S, False): Rule(S, S, S, S, _S_ERRED, _BEFORE),
    Case(DEFECT, S, True): Rule(S, S, S, S, _S_ERRED, _AFTER),
    Case(DEFECT, B, False): Rule(B, B, B, B, _SHOP_ERRED, _BEFORE),
    Case(DEFECT, B, True): Rule(B, B, B, B, _SHOP_ERRED, _AFTER),
    Case(DEFECT, CARRIER, False): Rule(CARRIER, CARRIER, CARRIER, CARRIER, _CARRIER_ERRED, _BEFORE),
    Case(DEFECT, CARRIER, True): Rule(CARRIER, CARRIER, CARRIER, CARRIER, _CARRIER_ERRED, _AFTER),
    # another piece came: picked wrong, listed wrong, or parcels mixed up
    Case(WRONG, S, False): Rule(S, S, S, S, _S_ERRED, _BEFORE),
    Case(WRONG, S, True): Rule(S, S, S, S, _S_ERRED, _AFTER),
    Case(WRONG, B, False): Rule(B, B, B, B, _SHOP_ERRED, _BEFORE),
    Case(WRONG, B, True): Rule(B, B, B, B, _SHOP_ERRED, _AFTER),
    Case(WRONG, CARRIER, False): Rule(CARRIER, CARRIER, CARRIER, CARRIER, _CARRIER_ERRED, _BEFORE),
    Case(WRONG, CARRIER, True): Rule(CARRIER, CARRIER, CARRIER, CARRIER, _CARRIER_ERRED, _AFTER),
    # it never came: not handed over, sent to an address the shop changed, or lost on the way
    Case(LOST, S, False): Rule(S, S, S, S, _S_ERRED, _BEFORE),
    Case(LOST, S, True): Rule(S, S, S, S, _S_ERRED, _AFTER),
    Case(LOST, B, False): Rule(B, B, B, B, _SHOP_ERRED, _BEFORE),
    Case(LOST, B, True): Rule(B, B, B, B, _SHOP_ERRED, _AFTER),
    Case(LOST, CARRIER, False): Rule(CARRIER, CARRIER, CARRIER, CARRIER, _CARRIER_ERRED, _BEFORE),
    Case(LOST, CARRIER, True): Rule(CARRIER, CARRIER, CARRIER, CARRIER, _CARRIER_ERRED, _AFTER),
}
_PAYER = {S: Kind.RETURN_COST, B: Kind.RESELLER_PAYABLE, CARRIER: Kind.CARRIER_CLAIM}


def legs(rule: Rule, loss: Loss) -> list[Leg]:
    """Give the entries that move each loss from who gave it up in the refund to who bears it.

    A sale below cost had no margin to lose. What stays where it is needs no entry.
    """
    given_up = [
        (B, rule.margin, max(0, loss.margin), "margin"),
        (S, rule.goods, loss.goods, "goods"),
        (S, rule.fee, loss.fee, "fee"),
        (S, rule.delivery, loss.delivery, "delivery"),
        (S, loss.postage_by, loss.postage, "postage"),
    ]
    return [
        Leg(_PAYER[bearer], _PAYER[loser], minor, memo=memo)
        for loser, bearer, minor, memo in given_up
        if bearer != loser and minor
    ]


def postage_by(reason: str, fault: str, policy: str) -> str:
    """Say who bears what the way back cost S: who bears delivery by the rule; where nobody erred, whom the terms name.

    ``policy`` is ``Terms.return_postage_by``.
    """
    if reason == MIND and fault == S:
        return policy
    return RULES[Case(reason, fault, False)].delivery
