"""A vendor's score, by what a year showed: each part with its numbers, so that anybody can count it over.

Points of 100 for what came on time (weight 30), what came of what was ordered (20), lots accepted at their first inspection
(30) and complaints found justified (20; each per thousand pieces costs 10 points). A part nothing is known of does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, F, Q, Sum

from enablement.models import Complaint, Inspection, PurchaseLine, ReceiptLine, Vendor
from s2b2c.kernel import clock

WEIGHTS = {"time": 30, "whole": 20, "inspected": 30, "complaints": 20}
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Part:
    """``good`` of ``all`` – or, for complaints, how many of so many pieces – and the points that gives; None: not known."""

    name: str
    weight: int
    good: int
    all: int
    points: int | None


@dataclass(frozen=True, slots=True)
class Score:
    """The weighted mean of the parts something is known of; None where nothing is."""

    points: int | None
    parts: tuple[Part, ...]


def of(vendor: Vendor) -> Score:
    """Give a vendor's score over the last year."""
    came, on_time = _came(vendor)
    ordered, received = _ordered(vendor)
    inspected, accepted = _inspected(vendor)
    bad = Complaint.objects.filter(vendor=vendor, justified=True, created_at__gte=clock.now() - _YEAR).count()
    parts = (
        _share("time", on_time, came),
        _share("whole", min(received, ordered), ordered),
        _share("inspected", accepted, inspected),
        Part("complaints", WEIGHTS["complaints"], bad, came, complaint_points(bad, came)),
    )
    return Score(mean(parts), parts)


def _share(name: str, good: int, all_: int) -> Part:
    return Part(name, WEIGHTS[name], good, all_, round(100 * good / all_) if all_ else None)


def complaint_points(bad: int, pieces: int) -> int | None:
    """Give 100 points less 10 for each justified complaint per thousand pieces."""
    return max(0, round(100 - 10 * bad * 1_000 / pieces)) if pieces else None


def mean(parts: tuple[Part, ...]) -> int | None:
    """Give the weighted mean of what is known."""
    known = [part for part in parts if part.points is not None]
    weight = sum(part.weight for part in known)
    return round(sum(part.weight * (part.points or 0) for part in known) / weight) if weight else None


def _came(vendor: Vendor) -> tuple[int, int]:
    """Pieces that came, and of those the ones that came by the day they were expected on."""
    rows = ReceiptLine.objects.filter(receipt__order__vendor=vendor, receipt__at__gte=clock.now() - _YEAR)
    due = Q(line__expected_on=None) | Q(receipt__at__date__lte=F("line__expected_on"))
    sums = rows.aggregate(all=Sum("quantity"), good=Sum("quantity", filter=due))
    return sums["all"] or 0, sums["good"] or 0


def _ordered(vendor: Vendor) -> tuple[int, int]:
    """Pieces of orders that are closed, as ordered and as received."""
    rows = PurchaseLine.objects.filter(
        order__vendor=vendor, order__state="received", order__closed_at__gte=clock.now() - _YEAR
    )
    sums = rows.aggregate(all=Sum("quantity"), good=Sum("received"))
    return sums["all"] or 0, sums["good"] or 0


def _inspected(vendor: Vendor) -> tuple[int, int]:
    rows = Inspection.objects.filter(vendor=vendor, original=True, decided_at__gte=clock.now() - _YEAR)
    sums = rows.aggregate(all=Count("id"), good=Count("id", filter=Q(state="accepted")))
    return sums["all"], sums["good"]
