"""The saving of a plan, credited to shops when all its orders are closed: by what came, to the minor unit, once."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Sum

from enablement.models import PlanLine, PlanPart, PlanShare, PurchaseLine, PurchaseOrder, PurchasePlan
from enablement.selectors import plans as plans_read
from enablement.selectors.purchases import OPEN
from enablement.services import plans
from s2b2c.kernel import clock, money
from supplier.models import Account
from supplier.services import ledger
from supplier.services.ledger import Leg

State = PurchasePlan.State
Kind = Account.Kind


def run_due() -> int:
    """Share the savings of plans whose orders are all closed; give how many. May run twice, or be killed, at any time."""
    waiting = PlanLine.objects.filter(order__state__in=(PurchaseOrder.State.DRAFT, *OPEN)).values("plan_id")
    due = PurchasePlan.objects.filter(state=State.ORDERED).exclude(pk__in=waiting)
    return sum(settle(number=number) for number in due.order_by("id").values_list("number", flat=True))


@transaction.atomic
def settle(*, number: str) -> bool:
    """Credit each shop its part of the saving on what came, through the ledger; True where it was done now.

    Of what is short each shop bears its part, by largest remainder; the saving shrinks with what came, at what a piece
    costs in the plan, and is divided by the shares. Nothing is credited above a share.
    """
    plan = plans.locked(number)
    if plan.state != State.ORDERED:
        return False
    values = _came(plan)
    planned, there = sum(full for full, _part in values.values()), sum(part for _full, part in values.values())
    shares = list(PlanShare.objects.filter(plan=plan).order_by("reseller_id"))
    pot = plan.shared_minor * there // planned if planned else 0
    _credit(plan, shares, values, pot)
    plan.state, plan.settled_at = State.SETTLED, clock.now()
    plan.save(update_fields=["state", "settled_at"])
    return True


def _came(plan: PurchasePlan) -> dict[int, tuple[int, int]]:
    """Divide what came among the shops; give what their pieces of the plan, and those that came, cost by shop."""
    lines = PlanLine.objects.filter(plan=plan, vendor__isnull=False)
    costs = {variant: (cost, pieces) for variant, cost, pieces in _sums(lines)}
    received = dict(
        PurchaseLine.objects.filter(order_id__in=lines.values("order_id"))
        .values_list("variant_id")
        .annotate(Sum("received"))
    )
    parts: dict[int, list[PlanPart]] = {}
    for part in PlanPart.objects.filter(plan=plan).order_by("variant_id", "reseller_id"):
        parts.setdefault(part.variant_id, []).append(part)
    found: dict[int, tuple[int, int]] = {}
    for variant, mine in parts.items():
        got = [part.got for part in mine]
        came = money.split(min(sum(got), received.get(variant, 0)), got)
        cost, pieces = costs.get(variant, (0, 1))
        for part, number in zip(mine, came, strict=True):
            part.came = number
            full, there = found.get(part.reseller_id, (0, 0))
            found[part.reseller_id] = full + part.got * cost // pieces, there + number * cost // pieces
    PlanPart.objects.bulk_update([part for mine in parts.values() for part in mine], ["came"], batch_size=1_000)
    return found


def _sums(lines):  # type: ignore[no-untyped-def]
    return lines.values_list("variant_id").annotate(Sum("cost_minor"), Sum("quantity"))


def _credit(plan: PurchasePlan, shares: list[PlanShare], values: dict[int, tuple[int, int]], pot: int) -> None:
    creditable = plans_read.creditable(plan, values)  # asked again: a shop may count otherwise by now
    weights = [
        share.share_minor * values[share.reseller_id][1] // (values[share.reseller_id][0] or 1)
        if share.reseller_id in creditable
        else 0
        for share in shares
    ]
    parts = money.split(min(pot, sum(weights)), weights) if shares else []
    for share, minor in zip(shares, parts, strict=True):
        share.credited_minor = minor
        if minor:
            _post(plan, share, minor)
    PlanShare.objects.bulk_update(shares, ["credited_minor"], batch_size=1_000)


def _post(plan: PurchasePlan, share: PlanShare, minor: int) -> None:
    ledger.post(
        key=f"saving:{plan.number}:{share.reseller_id}",
        kind="buying_saving",
        currency=plan.currency,
        reseller_id=share.reseller_id,
        at=clock.now(),
        legs=[Leg(Kind.BUYING_SAVING, Kind.RESELLER_PAYABLE, minor, memo=plan.number)],
    )
