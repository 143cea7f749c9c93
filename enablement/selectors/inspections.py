"""Which plan covers a lot, how strictly it is inspected, what is due and what was found."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q, QuerySet

from enablement.models import Inspection, InspectionPlan
from enablement.selectors import switching
from s2b2c.kernel.errors import NotFound
from supplier.models import Lot

State = Inspection.State
_SERIES = 60  # lots back: more than any rule looks at


def covering(*, vendor_id: int | None, variant_id: int) -> InspectionPlan | None:
    """Give the plan for lots of a variant from a vendor: the one that names most; of two equals the vendor's."""
    rows = InspectionPlan.objects.filter(Q(vendor=vendor_id) | Q(vendor=None), Q(variant=variant_id) | Q(variant=None))
    plans = list(rows)
    plans.sort(
        key=lambda each: ((each.vendor_id is not None) + (each.variant_id is not None), each.vendor_id is not None)
    )
    return plans[-1] if plans and plans[-1].active else None


def standing(plan: InspectionPlan, *, vendor_id: int | None, variant_id: int) -> switching.Standing:
    """Give how strictly the next lot of a variant from a vendor is inspected, by the series before."""
    rows = Inspection.objects.filter(vendor=vendor_id, variant=variant_id, original=True).exclude(state=State.DUE)
    if plan.since is not None:
        rows = rows.filter(decided_at__gte=plan.since)
    series = list(rows.order_by("-decided_at", "-id")[:_SERIES])
    return switching.after((_seen(each) for each in reversed(series)), reduced=plan.reduced)


def _seen(each: Inspection) -> switching.Lot:
    found = each.major + each.critical
    return switching.Lot(each.state == State.ACCEPTED, each.accept_major, found, each.strict_major)


def listed() -> QuerySet[Inspection]:
    """Give all inspections with what they are of."""
    rows = Inspection.objects.select_related("lot", "variant__product", "vendor", "inspector")
    return rows.prefetch_related("variant__product__media", "variant__media")


def matching(rows: QuerySet[Inspection], text: str) -> QuerySet[Inspection]:
    """Narrow to a lot or serial number, a SKU or a vendor that begins so."""
    serials = Lot.objects.filter(code__istartswith=text, serial=True).values("origins__receipt_line")
    return rows.filter(
        Q(lot__code__istartswith=text)
        | Q(receipt_line__in=serials)
        | Q(variant__sku__istartswith=text)
        | Q(vendor__name__istartswith=text)
    )


def find(inspection_id: int) -> Inspection:
    """Give an inspection. :raises NotFound: there is none."""
    found = listed().filter(pk=inspection_id).first()
    if found is None:
        raise NotFound()
    return found


def of_lot(lot: Lot) -> list[Inspection]:
    """Give the inspections of a lot, the latest first."""
    return list(listed().filter(lot=lot).order_by("-id"))


def before(inspection: Inspection) -> list[Inspection]:
    """Give the last inspections of the same variant from the same vendor, the latest first."""
    rows = Inspection.objects.filter(vendor=inspection.vendor_id, variant=inspection.variant_id, original=True)
    rows = rows.exclude(state=State.DUE).exclude(pk=inspection.pk).select_related("lot")
    return list(rows.order_by("-decided_at", "-id")[:10])


def plans() -> QuerySet[InspectionPlan]:
    """Give all plans, those that name most first."""
    return InspectionPlan.objects.select_related("vendor", "variant__product").order_by(
        "vendor__name", "variant__sku", "id"
    )


def rates(inspections: Iterable[Inspection]) -> tuple[int, int]:
    """Give how many lots were inspected, and how many of them accepted."""
    states = [each.state for each in inspections if each.state != State.DUE]
    return len(states), states.count(State.ACCEPTED)


def plain(aql: Decimal) -> str:
    """Write a limit as the standard does: 1.0, 2.5, 0.65."""
    text = f"{aql.normalize():f}"
    return f"{text}.0" if aql == aql.to_integral() and aql < 10 else text
