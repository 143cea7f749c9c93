"""Inspections: planned, due when a lot comes, decided by their numbers – and with them the lot, in all shops at once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from random import SystemRandom
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from enablement.models import Inspection, InspectionPlan, LotOrigin, ReceiptLine
from enablement.selectors import inspections, sampling, switching
from enablement.services import quality_cards
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.models import Lot, LotStock
from supplier.services import lots, records

State = Inspection.State
_DRAW = SystemRandom()


@transaction.atomic
def write_plan(
    *,
    vendor_id: int | None,
    variant_id: int | None,
    level: str,
    aql_major: Decimal,
    aql_minor: Decimal,
    reduced: bool,
    actor_id: int | None,
) -> InspectionPlan:
    """Write how lots of a vendor, of a variant, of both or of everything are inspected, over what was written before.

    :raises Refused: a limit the standard has no column for, or one for minor defects stricter than for major ones.
    """
    known = set(sampling.AQLS)
    if aql_major not in known or aql_minor not in known:
        raise Refused("aql", _("Choose one of the limits of ISO 2859-1."), field="aql_major")
    if aql_minor < aql_major:
        raise Refused("aql", _("Minor defects are not judged more strictly than major ones."), field="aql_minor")
    facts = {"level": level, "aql_major": aql_major, "aql_minor": aql_minor, "reduced": reduced, "active": True}
    plan, _made = InspectionPlan.objects.update_or_create(vendor_id=vendor_id, variant_id=variant_id, defaults=facts)
    records.audit(actor_id, "inspection.plan", str(plan.pk), level=level, major=str(aql_major), minor=str(aql_minor))
    return plan


@transaction.atomic
def end_plan(*, plan_id: int, actor_id: int | None) -> None:
    """Inspect by a plan no longer; what is due stays due."""
    if InspectionPlan.objects.filter(pk=plan_id).update(active=False):
        records.audit(actor_id, "inspection.plan_ended", str(plan_id))


@transaction.atomic
def resume(*, plan_id: int, reason: str, actor_id: int | None) -> None:
    """Begin a series anew: what was found before now counts no longer for how strict. The vendor did better.

    :raises Refused: no reason.
    """
    if not reason.strip():
        raise Refused("reason", _("Say why, in a few words."), field="reason")
    if not InspectionPlan.objects.filter(pk=plan_id).update(since=clock.now()):
        raise NotFound()
    records.audit(actor_id, "inspection.series_began", str(plan_id), reason=reason.strip()[:160])


def make_due(*, lot: Lot, plan: InspectionPlan, vendor_id: int | None, quantity: int) -> Inspection:
    """Let a lot that came wait for its inspection. Call inside a transaction.

    More of a lot whose inspection is due makes its sample that of the whole.
    """
    found = Inspection.objects.select_for_update().filter(lot=lot, state=State.DUE).first()
    if found is not None:
        quantity += found.lot_size
        facts = _planned(plan, vendor_id, lot.variant_id, quantity)
        return _replace(found, facts)
    return Inspection.objects.create(
        lot=lot,
        vendor_id=vendor_id,
        variant_id=lot.variant_id,
        original=not lot.inspections.exists(),
        due_at=clock.now(),
        **_planned(plan, vendor_id, lot.variant_id, quantity),
    )


def make_due_of_serials(
    *, numbers: Sequence[Lot], plan: InspectionPlan, vendor_id: int | None, line: ReceiptLine
) -> Inspection:
    """Let serial numbers that came together wait for one inspection, which names those to look at, drawn by lot.

    Call inside a transaction.
    """
    facts = _planned(plan, vendor_id, line.variant_id, len(numbers))
    size = max(facts["sample_major"], facts["sample_minor"])
    drawn = _DRAW.sample([lot.code for lot in numbers], size)  # so that nobody knows beforehand which
    return Inspection.objects.create(
        lot=numbers[0], vendor_id=vendor_id, variant_id=line.variant_id, original=True, due_at=clock.now(),
        receipt_line=line, serials=sorted(drawn), **facts,
    )  # fmt: skip


def _replace(found: Inspection, facts: dict[str, Any]) -> Inspection:
    for name, value in facts.items():
        setattr(found, name, value)
    found.save(update_fields=list(facts))
    return found


def _planned(plan: InspectionPlan, vendor_id: int | None, variant_id: int, quantity: int) -> dict[str, Any]:
    """Give the numbers of an inspection; a series that was stopped goes on tightened."""
    severity = inspections.standing(plan, vendor_id=vendor_id, variant_id=variant_id).severity
    severity = sampling.TIGHTENED if severity == switching.STOPPED else severity
    facts: dict[str, Any] = {"lot_size": quantity, "level": plan.level, "severity": severity}
    major = sampling.plan(lot_size=quantity, aql=plan.aql_major, level=plan.level, severity=severity)
    minor = sampling.plan(lot_size=quantity, aql=plan.aql_minor, level=plan.level, severity=severity)
    return {
        **facts,
        "letter": sampling.letter(quantity, plan.level),
        "aql_major": plan.aql_major,
        "aql_minor": plan.aql_minor,
        "sample_major": major.sample,
        "accept_major": major.accept,
        "strict_major": _strict(plan, quantity, severity, major),
        "sample_minor": minor.sample,
        "accept_minor": minor.accept,
    }


def _strict(plan: InspectionPlan, quantity: int, severity: str, major: sampling.Plan) -> int:
    """Give the acceptance number one AQL tighter, at the same sample; −1 where there is none (clause 9.3.3.2)."""
    aql = sampling.stricter(plan.aql_major)
    tighter = sampling.plan(lot_size=quantity, aql=aql, level=plan.level, severity=severity)
    return tighter.accept if tighter.sample == major.sample else major.accept - 1


@transaction.atomic
def decide(
    *, inspection_id: int, critical: int, major: int, minor: int, note: str = "", actor_id: int | None
) -> Inspection:
    """Write what was found in the sample; the numbers decide, and the lot is freed or held in all shops at once.

    Decided again with the same numbers it stays decided.

    :raises Refused: fewer than no defects, or more pieces with defects than were looked at.
    :raises StateRefused: it was decided otherwise.
    """
    found = (
        Inspection.objects.select_for_update(of=("self",))
        .select_related("lot__variant")
        .filter(pk=inspection_id)
        .first()
    )
    if found is None:
        raise NotFound()
    told = (critical, major, minor)
    if found.state != State.DUE:
        if told == (found.critical, found.major, found.minor):
            return found
        raise StateRefused("inspection_decided", _("This lot was inspected already."))
    _check(found, critical, major, minor)
    good = critical == 0 and major <= found.accept_major and minor <= found.accept_minor
    found.critical, found.major, found.minor = told
    found.state = State.ACCEPTED if good else State.REJECTED
    found.note, found.inspector_id, found.decided_at = note.strip()[:500], actor_id, clock.now()
    found.save()
    _act(found, actor_id)
    if found.state == State.ACCEPTED:
        quality_cards.refresh(found.lot.variant.product_id)
    records.audit(actor_id, f"inspection.{found.state}", found.lot.code, critical=critical, major=major, minor=minor)
    return found


def _check(found: Inspection, critical: int, major: int, minor: int) -> None:
    for field, pieces in (("critical", critical), ("major", major), ("minor", minor)):
        if not 0 <= pieces <= found.sample:
            text = _("Between 0 and %(most)s pieces.")
            raise Refused("pieces", text, field=field, most=found.sample)


def _act(found: Inspection, actor_id: int | None) -> None:
    decided = [found.lot]
    if found.receipt_line_id is not None:
        decided = list(Lot.objects.filter(origins__receipt_line=found.receipt_line_id).distinct().order_by("id"))
    for lot in decided:
        if found.state == State.ACCEPTED and lot.state == Lot.State.CHECKING:
            lots.free(lot_id=lot.pk, reason=gettext_noop("Accepted at inspection"), actor_id=actor_id)
        if found.state == State.REJECTED and lot.state != Lot.State.RECALLED:
            lots.hold(lot_id=lot.pk, reason=gettext_noop("Rejected at inspection"), actor_id=actor_id)


@transaction.atomic
def look_again(*, lot_id: int, actor_id: int | None) -> Inspection:
    """Let a lot be inspected once more, by the plan of its vendor and variant, at the pieces that are left of it.

    :raises Refused: nothing of it is left, or no plan covers it.
    """
    lot = Lot.objects.filter(pk=lot_id).first()
    if lot is None:
        raise NotFound()
    origin = LotOrigin.objects.filter(lot=lot).order_by("-id").first()
    vendor_id = origin.vendor_id if origin else None
    plan = inspections.covering(vendor_id=vendor_id, variant_id=lot.variant_id)
    pieces = LotStock.objects.filter(lot=lot).aggregate(n=Sum("pieces"))["n"] or 0
    if plan is None or not pieces:
        raise Refused("no_plan", _("Nothing of it is left, or no plan of inspection covers it."))
    if lot.inspections.filter(state=State.DUE).exists():
        raise Refused("due", _("Its inspection is due already."))
    made = make_due(lot=lot, plan=plan, vendor_id=vendor_id, quantity=pieces)
    records.audit(actor_id, "inspection.asked", lot.code)
    return made
