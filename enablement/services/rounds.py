"""Buying rounds: opened, closed by date or volume, cancelled. What shops commit is in ``commitments``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from enablement.models import BuyingRound, PurchasePlan, RoundItem
from enablement.selectors import rounds, vendors
from enablement.services import commitments, plans
from s2b2c.kernel import clock, ids
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.models import Warehouse
from supplier.services import records

State = BuyingRound.State
MOST_ITEMS = 200


@transaction.atomic
def open_(
    *,
    name_en: str,
    name_zh: str = "",
    warehouse_id: int,
    variant_ids: Sequence[int],
    closes_at: datetime,
    least: int = 1,
    volume: int | None = None,
    deposit_bps: int = 0,
    shared_bps: int,
    sell_days: int = 60,
    actor_id: int | None,
) -> BuyingRound:
    """Open a round. All it is begun with stays as it is.

    :raises Refused: no name, no items, one that no vendor offers, a day that is past, or more than a whole.
    """
    if closes_at <= clock.now():
        raise Refused("closes_at", _("This day is past."), field="closes_at")
    if not 0 <= deposit_bps <= 10_000 or not 0 <= shared_bps <= 10_000:
        raise Refused("shared", _("Between 0 and 100 per cent."), field="shared")
    if volume is not None and volume < least:
        raise Refused("volume", _("It closes at no fewer pieces than it takes."), field="volume")
    if not Warehouse.objects.filter(pk=warehouse_id, active=True).exists():
        raise Refused("warehouse", _("Choose a warehouse."), field="warehouse")
    _require_offered(variant_ids)
    made = BuyingRound.objects.create(
        number=ids.order_number(), name_en=records.text(name_en, "name_en", 80, required=True),
        name_zh=records.text(name_zh, "name_zh", 80), warehouse_id=warehouse_id, currency=vendors.own_currency(),
        closes_at=closes_at, least=least, volume=volume, deposit_bps=deposit_bps, shared_bps=shared_bps,
        sell_days=sell_days, actor_id=actor_id, created_at=clock.now(),
    )  # fmt: skip
    RoundItem.objects.bulk_create(RoundItem(round=made, variant_id=each) for each in dict.fromkeys(variant_ids))
    records.audit(actor_id, "round.opened", made.number)
    return made


def _require_offered(variant_ids: Sequence[int]) -> None:
    if not variant_ids:
        raise Refused("items", _("Name at least one product."), field="skus")
    if len(variant_ids) > MOST_ITEMS:
        raise Refused("items", _("At most %(most)s products."), field="skus", most=MOST_ITEMS)
    there = {each.variant_id for each in vendors.offers_for(list(variant_ids))}
    if set(variant_ids) - there:
        raise Refused("no_vendor", _("No vendor offers one of these."), field="skus")


def close_due() -> int:
    """Close rounds whose time is over or that are full; give how many. May run twice, or be killed, at any time."""
    now = clock.now()
    rows = rounds.listed().filter(state=State.OPEN)
    due = [each.number for each in rows if each.closes_at <= now or (each.volume and each.pieces >= each.volume)]  # type: ignore[attr-defined]
    return sum(close(number=number) is not None for number in due)


@transaction.atomic
def close(*, number: str) -> BuyingRound | None:
    """Close a round that is due: reached, it becomes a plan; missed, every deposit goes back. None where it is not due."""
    found = locked(number)
    committed = rounds.pieces(found)
    full = found.volume is not None and committed >= found.volume
    if found.state != State.OPEN or (found.closes_at > clock.now() and not full):
        return None
    found.closed_at = clock.now()
    if committed >= found.least:
        found.plan = plans.begin(rounds.wanted(found), found.warehouse_id, found.shared_bps, found.actor_id)
        found.state = State.REACHED
        transaction.on_commit(plans.wake)
    else:
        commitments.release_all(found)
        found.state = State.MISSED
    found.save(update_fields=["plan", "state", "closed_at"])
    return found


@transaction.atomic
def cancel(*, number: str, actor_id: int | None) -> BuyingRound:
    """Give a round up, as long as nothing is ordered: every deposit goes back. Cancelled again, it stays cancelled.

    :raises StateRefused: its plan is ordered, or it ended.
    """
    found = locked(number)
    if found.state == State.CANCELLED:
        return found
    if found.state not in (State.OPEN, State.REACHED) or (found.plan_id and _ordered(found.plan_id)):
        raise StateRefused("round_state", _("This round is “%(state)s”."), state=found.get_state_display())
    commitments.release_all(found)
    found.state, found.closed_at = State.CANCELLED, found.closed_at or clock.now()
    found.save(update_fields=["state", "closed_at"])
    records.audit(actor_id, "round.cancelled", found.number)
    return found


def _ordered(plan_id: int) -> bool:
    """Tell whether a plan is ordered; it is locked, so that nobody orders it meanwhile."""
    plan = PurchasePlan.objects.select_for_update(of=("self",)).get(pk=plan_id)
    return plan.state in (PurchasePlan.State.ORDERED, PurchasePlan.State.SETTLED)


def locked(number: str) -> BuyingRound:
    """Lock a round. Call inside a transaction. :raises NotFound: there is none."""
    found = BuyingRound.objects.select_for_update(of=("self",)).filter(number=number).first()
    if found is None:
        raise NotFound()
    return found


# --- The end ---------------------------------------------------------------------------------------------
def end_due() -> int:
    """End rounds whose time to sell is over; give how many. May run twice, or be killed, at any time."""
    settled = PurchasePlan.State.SETTLED
    rows = BuyingRound.objects.filter(state=State.REACHED, plan__state=settled).select_related("plan")
    return sum(end(number=each.number) is not None for each in rows if commitments.sell_by(each) <= clock.now())


@transaction.atomic
def end(*, number: str) -> BuyingRound | None:
    """End a round when its time to sell is over: deposits go back for what was sold, or never came; the rest is kept."""
    found = locked(number)
    if found.state != State.REACHED or found.plan is None or found.plan.settled_at is None:
        return None
    if commitments.sell_by(found) > clock.now():
        return None
    commitments.end_all(found)
    found.state, found.ended_at = State.ENDED, clock.now()
    found.save(update_fields=["state", "ended_at"])
    return found
