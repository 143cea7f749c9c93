"""Purchase plans: begun, worked out by workers, put into drafts. What the saving becomes is in ``sharing``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import groupby

from celery import current_app
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enablement.models import BuyingRound, PlanLine, PlanPart, PlanShare, PurchaseOrder, PurchasePlan
from enablement.selectors import ladder, plans, vendors
from enablement.selectors.planning import reasons, solving
from enablement.selectors.planning.problem import GRAINS, Problem
from enablement.selectors.planning.solving import Outcome
from enablement.services import purchases
from s2b2c.kernel import clock, ids
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.models import Warehouse
from supplier.services import records

State = PurchasePlan.State
LEASE = timedelta(seconds=90)
TRIES = 3


@transaction.atomic
def start(*, warehouse_id: int, shared_bps: int, actor_id: int | None) -> PurchasePlan:
    """Begin a plan of all that should be bought now; workers do it. ``shared_bps``: the part of the saving shops get.

    :raises Refused: nothing has to be bought, no such warehouse, or no such part. :raises StateRefused: one is at work.
    """
    if PurchasePlan.objects.filter(state__in=(State.WAITING, State.PLANNING)).exists():
        raise StateRefused("plan_open", _("A plan is being worked out: look at that first."))
    if not Warehouse.objects.filter(pk=warehouse_id, active=True).exists():
        raise Refused("warehouse", _("Choose a warehouse."), field="warehouse")
    wanted = plans.wanted()
    if not wanted:
        raise Refused("nothing", _("Nothing has to be bought."))
    made = begin(wanted, warehouse_id, shared_bps, actor_id)
    records.audit(actor_id, "plan.begun", made.number)
    transaction.on_commit(wake)
    return made


def begin(
    wanted: Mapping[int, Mapping[int, int]], warehouse_id: int, shared_bps: int, actor_id: int | None
) -> PurchasePlan:
    """Write down what a plan is asked. Call inside a transaction."""
    if not 0 <= shared_bps <= 10_000:
        raise Refused("shared", _("Between 0 and 100 per cent."), field="shared")
    made = PurchasePlan.objects.create(
        number=ids.order_number(),
        warehouse_id=warehouse_id,
        currency=vendors.own_currency(),
        shared_bps=shared_bps,
        total=len(wanted),
        actor_id=actor_id,
        created_at=clock.now(),
    )
    PlanPart.objects.bulk_create(
        PlanPart(plan=made, reseller_id=shop, variant_id=variant, wanted=pieces)
        for shop, parts in wanted.items()
        for variant, pieces in parts.items()
    )
    return made


def wake() -> None:
    """Let workers have it now; with the queue away beat finds it."""
    try:
        current_app.send_task("enablement.tasks.plan_purchases", expires=20, retry=False, ignore_result=True)
    except Exception:
        return


# --- Worked out --------------------------------------------------------------------------------------------
def run_due() -> int:
    """Work out plans nobody is at; give how many. May run twice, or be killed, at any time."""
    done = 0
    while number := _claimed():
        work(number=number)
        done += 1
    return done


@transaction.atomic
def _claimed() -> str | None:
    free = Q(state=State.WAITING) | Q(state=State.PLANNING, worked_at__lt=clock.now() - LEASE)
    plan = PurchasePlan.objects.select_for_update(skip_locked=True, of=("self",)).filter(free).order_by("id").first()
    if plan is None:
        return None
    plan.state, plan.worked_at, plan.tries = State.PLANNING, clock.now(), plan.tries + 1
    if plan.tries > TRIES:
        plan.state = State.FAILED
    plan.save(update_fields=["state", "worked_at", "tries"])
    return plan.number if plan.state == State.PLANNING else _claimed()


def work(*, number: str, seconds: float = solving.SECONDS) -> PurchasePlan:
    """Work out a plan that was claimed, and write it down at once. What another worker wrote meanwhile stays."""
    plan = plans.find(number)
    wanted = plans.asked(plan)
    offers = vendors.offers_for(sorted({variant for parts in wanted.values() for variant in parts}))
    problem = plans.pooled(plans.market(offers, plan.currency), wanted)
    found = solving.outcome(problem, wanted, seconds=seconds, told=lambda done: _told(plan.pk, done))
    return _written(plan.pk, problem, found, {(each.vendor_id, each.variant_id): ladder.of(each) for each in offers})


def _told(plan_id: int, done: int) -> None:
    PurchasePlan.objects.filter(pk=plan_id, state=State.PLANNING).update(done=done, worked_at=clock.now())


@transaction.atomic
def _written(
    plan_id: int, problem: Problem, found: Outcome, ladders: Mapping[tuple[int, int], ladder.Ladder]
) -> PurchasePlan:
    plan = PurchasePlan.objects.select_for_update().get(pk=plan_id)
    if plan.state != State.PLANNING:
        return plan
    _lines(plan, problem, found, ladders)
    _parts(plan, found)
    shares = solving.shares(found.alone, found.saving_minor * plan.shared_bps // 10_000)
    creditable = plans.creditable(plan, shares)
    shares = {shop: minor if shop in creditable else 0 for shop, minor in shares.items()}
    shared = sum(shares.values())
    PlanShare.objects.bulk_create(
        PlanShare(plan=plan, reseller_id=shop, alone_minor=alone, share_minor=shares[shop])
        for shop, alone in found.alone.items()
    )
    facts = {
        "method": found.plan.method, "milliseconds": int(found.plan.seconds * 1000), "cost_minor": found.cost_minor,
        "bound_minor": min(found.cost_minor, found.plan.bound // GRAINS), "gap_bps": found.plan.gap_bps,
        "alone_minor": found.alone_minor, "saving_minor": found.saving_minor, "shared_minor": shared,
        "state": State.DONE, "finished_at": clock.now(), "done": plan.total,
    }  # fmt: skip
    for name, value in facts.items():
        setattr(plan, name, value)
    plan.save(update_fields=list(facts))
    return plan


def _lines(
    plan: PurchasePlan, problem: Problem, found: Outcome, ladders: Mapping[tuple[int, int], ladder.Ladder]
) -> None:
    bought = [
        PlanLine(
            plan=plan, vendor_id=pair[0], variant_id=pair[1], quantity=pieces, unit_minor=ladders[pair].unit(pieces),
            cost_minor=problem.by_pair[pair].cost(pieces) // GRAINS, reason=reasons.of(problem, found.plan, *pair),
        )
        for pair, pieces in sorted(found.plan.buys.items())
    ]  # fmt: skip
    missing = [
        PlanLine(plan=plan, variant_id=item, quantity=pieces, reason=reasons.of_missing(problem, item))
        for item, pieces in sorted(found.plan.missing.items())
    ]
    PlanLine.objects.bulk_create([*bought, *missing])


def _parts(plan: PurchasePlan, found: Outcome) -> None:
    parts = list(PlanPart.objects.filter(plan=plan))
    for part in parts:
        part.got = found.got.get(part.reseller_id, {}).get(part.variant_id, 0)
    PlanPart.objects.bulk_update(parts, ["got"], batch_size=1_000)


# --- Into drafts -------------------------------------------------------------------------------------------
@transaction.atomic
def order(*, number: str, actor_id: int | None) -> list[PurchaseOrder]:
    """Put a plan into drafts, one for each vendor, all or none. Asked again, it gives the orders there are.

    :raises Refused: a vendor's prices, or what it offers, changed since. :raises StateRefused: it is not planned yet.
    """
    plan = locked(number)
    if plan.state in (State.ORDERED, State.SETTLED):
        return orders(plan)
    if plan.state != State.DONE:
        raise StateRefused("plan_state", _("This plan is not ready."))
    if BuyingRound.objects.filter(plan=plan, state=BuyingRound.State.CANCELLED).exists():
        raise StateRefused("round_cancelled", _("The round of this plan is cancelled."))
    lines = PlanLine.objects.filter(plan=plan, vendor__isnull=False).order_by("vendor_id", "variant_id")
    for vendor_id, group in groupby(lines, key=lambda line: line.vendor_id):
        _draft(plan, vendor_id or 0, list(group), actor_id)
    plan.state, plan.ordered_at = State.ORDERED, clock.now()
    plan.save(update_fields=["state", "ordered_at"])
    records.audit(actor_id, "plan.ordered", plan.number)
    return orders(plan)


def _draft(plan: PurchasePlan, vendor_id: int, lines: list[PlanLine], actor_id: int | None) -> None:
    vendor = purchases.locked_vendor(vendor_id)
    made = purchases.begin(vendor, plan.warehouse_id, "", actor_id)
    for line in lines:
        put = purchases.put(made, line.variant_id, line.quantity)
        if put is None or put.unit_minor != line.unit_minor:
            raise Refused("changed", _("The prices of %(vendor)s changed since: plan anew."), vendor=vendor.name)
        line.order = made
    PlanLine.objects.bulk_update(lines, ["order"])


def orders(plan: PurchasePlan) -> list[PurchaseOrder]:
    """Give the purchase orders of a plan."""
    ids_ = PlanLine.objects.filter(plan=plan, order__isnull=False).values("order_id")
    return list(PurchaseOrder.objects.filter(pk__in=ids_).select_related("vendor").order_by("id"))


def locked(number: str) -> PurchasePlan:
    """Lock a plan. Call inside a transaction. :raises NotFound: there is none."""
    found = PurchasePlan.objects.select_for_update(of=("self",)).filter(number=number).first()
    if found is None:
        raise NotFound()
    return found
