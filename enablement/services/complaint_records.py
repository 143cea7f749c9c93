"""The record of quality behind a case about goods: made with it, and standing as it stands. One matter, counted once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from enablement.models import Complaint, DeskCase, LotOrigin
from enablement.models.desk import Topic
from enablement.selectors import trace
from s2b2c.kernel import clock, ids
from supplier.models import Lot, SalesLine, Shipment

State, Problem = Complaint.State, Complaint.Problem
OF_A_LOT = ("", Problem.BROKEN, Problem.QUALITY)  # what is missing, or another thing, says nothing of a lot
MOST_PHOTOS = 20


def key_of(case_number: str) -> str:
    """Give the key that makes a case's record one."""
    return f"case:{case_number}"


def follow(
    case: DeskCase,
    *,
    goods: Mapping[str, Any] | None = None,
    actor_id: int | None = None,
    closed_by: str = "",
    reason: str = "",
) -> Complaint | None:
    """Bring the record of a case about goods in line with it, or make it; None: it is about something else.

    Call inside a transaction that has locked the case. Told again, nothing changes. ``goods``: as ``CaseMoved`` has it.
    ``closed_by`` and ``reason``: who ends it and why, where its lines don't say so yet.
    """
    if case.topic != Topic.GOODS or not case.why:
        return None
    named = {"reseller_id": case.reseller_id, "order_number": case.order_number, "key": key_of(case.number)}
    found = Complaint.objects.select_for_update(of=("self",)).filter(**named).first()
    if found is None:
        found = Complaint(**named, **_facts(case, goods or {}))
    found.case = case
    found.photos = _photos(case.entries) or found.photos
    found.actor_id = actor_id or found.actor_id
    _stand(found, case, closed_by or _closer(case.entries), reason)
    found.save()
    return found


def _stand(found: Complaint, case: DeskCase, closed_by: str, reason: str) -> None:
    """Set state, answer and end as the case has them."""
    now, last = clock.now(), _answer(case.entries)
    answered, closed = case.state == DeskCase.State.ANSWERED, case.state == DeskCase.State.CLOSED
    if answered and found.state != State.ANSWERED and last:
        found.answer = last
    found.answered_at = None if case.state == DeskCase.State.OPEN else found.answered_at or (now if answered else None)
    if closed and found.state != State.CLOSED:
        found.closed_at, found.closed_by, found.reason = now, closed_by, reason[:300]
    elif not closed:
        found.closed_at, found.closed_by, found.reason = None, "", ""
    found.state = {"open": State.OPEN, "answered": State.ANSWERED, "closed": State.CLOSED}[case.state]
    found.answer = found.answer or ("–" if answered else "")


def _facts(case: DeskCase, goods: Mapping[str, Any]) -> dict[str, Any]:
    line, problem = goods.get("line"), str(goods.get("problem") or "")
    sold = SalesLine.objects.filter(
        order__reseller=case.reseller_id, order__order_number=case.order_number, line_id=line
    ).first()  # fmt: skip
    lot = _lot(case, sold, str(goods.get("serial") or "")) if problem in OF_A_LOT else None
    said = next((row["text"] for row in case.entries if row["by"] == "customer" and row["text"]), "–")
    return {
        "number": ids.order_number(),
        "about": Complaint.About.GOODS,
        "problem": problem if problem in Problem.values else "",
        "line_id": sold.line_id if sold else None,
        "variant_id": sold.variant_id if sold else None,
        "lot": lot,
        "vendor_id": vendor_of(lot),
        "shipment": _parcel(case, sold),
        "text": said[:2_000],
        "created_at": case.opened_at,
    }


def _lot(case: DeskCase, sold: SalesLine | None, serial: str) -> Lot | None:
    """Give the lot that is meant: the serial number told, else where the order, or its line, got pieces of one only."""
    lots = trace.lots_of(
        reseller_id=case.reseller_id, order_number=case.order_number, line_id=sold.line_id if sold else None
    )
    told = [lot for lot in lots if serial and lot.serial and lot.code == serial]
    if told:
        return told[0]
    return lots[0] if len(lots) == 1 else None


def _parcel(case: DeskCase, sold: SalesLine | None) -> Shipment | None:
    """Give the parcel that is meant, where the order, or its line, left in one only."""
    rows = Shipment.objects.filter(
        fulfilment__order__reseller=case.reseller_id, fulfilment__order__order_number=case.order_number
    )
    rows = rows.filter(lines__fulfilment_line__line=sold).distinct() if sold else rows
    found = list(rows.order_by("id")[:2])
    return found[0] if len(found) == 1 else None


def vendor_of(lot: Lot | None) -> int | None:
    """Give who sold a lot to S last; None: not known."""
    rows = LotOrigin.objects.filter(lot=lot).order_by("-id") if lot else LotOrigin.objects.none()
    return rows.values_list("vendor_id", flat=True).first()


def _answer(entries: list[dict[str, Any]]) -> str:
    said = [
        row for row in entries if row["to"] == "all" and row["what"] == "said" and row["by"] in ("shop", "supplier")
    ]
    return said[-1]["text"][:2_000] if said else ""


def _closer(entries: list[dict[str, Any]]) -> str:
    ends = [row["by"] for row in entries if row["what"] == "closed"]
    return ends[-1] if ends else "supplier"


def _photos(entries: list[dict[str, Any]]) -> list[str]:
    return [name for row in entries if row["by"] == "customer" for name in row["photos"]][:MOST_PHOTOS]
