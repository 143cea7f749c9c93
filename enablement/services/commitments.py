"""What shops commit to in buying rounds, and the deposits on it: taken, given back, kept – each through the ledger.

A deposit is moved from what S owes the shop to an account of deposits, and back. See docs/adr on buying rounds.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from enablement.models import BuyingRound, Commitment, PlanPart, RoundItem
from s2b2c.kernel import clock, money
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from s2b2c.tenancy.models import Reseller
from supplier.models import Account
from supplier.selectors import demand
from supplier.selectors import ledger as books
from supplier.services import ledger
from supplier.services.ledger import Leg

Kind = Account.Kind
State = BuyingRound.State
MOST = 100_000


@transaction.atomic
def commit(*, number: str, variant_id: int, pieces: int, reseller_id: int) -> Commitment:
    """Commit a shop to sell so many pieces of an item, instead of what it committed before; 0 withdraws.

    The deposit is taken from what S owes the shop, or given back where it becomes less.

    :raises StateRefused: the round is closed. :raises Refused: too many pieces, another currency, or a deposit above what
        the shop has.
    """
    found = BuyingRound.objects.select_for_update(of=("self",)).filter(number=number).first()
    item = RoundItem.objects.filter(round=found, variant_id=variant_id).select_related("variant").first()
    if found is None or item is None:
        raise NotFound()
    if found.state != State.OPEN or found.closes_at <= clock.now():
        raise StateRefused("round_closed", _("This round is closed."))
    if not 0 <= pieces <= MOST:
        raise Refused("pieces", _("Enter a number of pieces, at most %(most)s."), field="pieces", most=f"{MOST:,}")
    _require_same_currency(found, reseller_id)
    unit = item.variant.wholesale_minor
    deposit = money.bps(pieces * unit, found.deposit_bps)
    start = {"pieces": 0, "unit_minor": unit, "changed_at": clock.now()}
    mine, _new = Commitment.objects.get_or_create(item=item, reseller_id=reseller_id, defaults=start)
    if mine.pieces == pieces:
        return mine
    _move(found, mine, deposit - mine.deposit_minor)
    mine.pieces, mine.unit_minor, mine.deposit_minor = pieces, unit, deposit
    mine.revision, mine.changed_at = mine.revision + 1, clock.now()
    mine.save(update_fields=["pieces", "unit_minor", "deposit_minor", "revision", "changed_at"])
    return mine


def _require_same_currency(round_: BuyingRound, reseller_id: int) -> None:
    if Reseller.objects.get(pk=reseller_id).currency != round_.currency:
        raise Refused(
            "currency", _("This round counts in %(currency)s, your shop does not."), currency=round_.currency
        )


def _move(round_: BuyingRound, mine: Commitment, more: int) -> None:
    """Take so much more of a deposit, or give back what is negative."""
    if more > 0:
        _require_there(round_, mine.reseller_id, more)
    if more:
        _post(
            round_,
            mine,
            f"{mine.revision + 1}",
            [Leg(Kind.RESELLER_PAYABLE, Kind.RESELLER_DEPOSIT, more, _memo(round_))],
        )


def _require_there(round_: BuyingRound, reseller_id: int, more: int) -> None:
    there = owed(reseller_id, round_.currency, lock=True)
    if there < more:
        raise Refused(
            "deposit",
            _("The deposit takes %(more)s more; %(there)s stands to your credit."),
            field="pieces",
            more=money.format_minor(more, round_.currency),
            there=money.format_minor(max(0, there), round_.currency),
        )


def owed(reseller_id: int, currency: str, *, lock: bool = False) -> int:
    """Give what S owes a shop; with ``lock`` nobody else takes of it until the transaction ends."""
    rows = Account.objects.filter(kind=Kind.RESELLER_PAYABLE, reseller_id=reseller_id, currency=currency)
    account = (rows.select_for_update() if lock else rows).first()
    return books.balances([account])[account.pk] if account else 0


def _post(round_: BuyingRound, mine: Commitment, what: str, legs: list[Leg]) -> None:
    taken = legs[0].debit == Kind.RESELLER_PAYABLE and legs[0].amount_minor > 0
    kept = any(leg.credit == Kind.DEPOSIT_KEPT and leg.amount_minor for leg in legs)
    ledger.post(
        key=f"round:{round_.number}:{mine.reseller_id}:{mine.item_id}:{what}",
        kind="round_deposit" if taken else "round_kept" if kept else "round_released",
        currency=round_.currency,
        reseller_id=mine.reseller_id,
        at=clock.now(),
        legs=legs,
    )


def _memo(round_: BuyingRound) -> str:
    return f"round {round_.number}"


# --- The end of deposits -----------------------------------------------------------------------------------
def release_all(round_: BuyingRound) -> None:
    """Give every deposit of a round back. Call inside a transaction, with the round locked."""
    for mine in _running(round_):
        _end(round_, mine, kept=0)


def sell_by(round_: BuyingRound) -> datetime:
    """Give until when shops can sell what they committed. Its plan is settled."""
    assert round_.plan is not None
    assert round_.plan.settled_at is not None
    return round_.plan.settled_at + timedelta(days=round_.sell_days)


def end_all(round_: BuyingRound) -> None:
    """Give deposits back for what was sold since the round closed, and for what never came; the rest is kept.

    Call inside a transaction, with the round locked.
    """
    assert round_.closed_at is not None
    came = {
        (shop, variant): pieces
        for shop, variant, pieces in PlanPart.objects.filter(plan=round_.plan_id).values_list(
            "reseller_id", "variant_id", "came"
        )
    }
    mine = _running(round_)
    sold = demand.sold_by(round_.closed_at, sell_by(round_), {each.item.variant_id for each in mine})
    for each in mine:
        pair = (each.reseller_id, each.item.variant_id)
        each.sold = min(sold.get(pair, 0), each.pieces)
        unsold = max(0, came.get(pair, 0) - each.sold)
        _end(round_, each, kept=each.deposit_minor * min(unsold, each.pieces) // each.pieces if each.pieces else 0)


def _running(round_: BuyingRound) -> list[Commitment]:
    rows = Commitment.objects.select_for_update(of=("self",)).filter(item__round=round_, released_minor=None)
    return list(rows.select_related("item").order_by("reseller_id", "item_id"))


def _end(round_: BuyingRound, mine: Commitment, *, kept: int) -> None:
    mine.kept_minor, mine.released_minor = kept, mine.deposit_minor - kept
    mine.save(update_fields=["kept_minor", "released_minor", "sold"])
    if mine.deposit_minor:
        back = Leg(Kind.RESELLER_DEPOSIT, Kind.RESELLER_PAYABLE, mine.released_minor, _memo(round_))
        _post(round_, mine, "end", [back, Leg(Kind.RESELLER_DEPOSIT, Kind.DEPOSIT_KEPT, kept, _memo(round_))])
