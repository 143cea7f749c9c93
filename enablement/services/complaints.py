"""The desk for quality and cases about goods: what is answered or closed here is answered or closed in the case.

What was said, and every mail, is the case's; of which lot the goods were, and whether they were bad, is said here.
"""

from __future__ import annotations

from django.db import transaction

from enablement.models import Complaint
from enablement.selectors import trace
from enablement.services import complaint_records, desk
from s2b2c.kernel.errors import NotFound
from supplier.services import records


@transaction.atomic
def name_lot(*, number: str, lot_id: int, actor_id: int | None) -> Complaint:
    """Say of which lot the pieces complained of are: one its order was sent.

    :raises NotFound: no such complaint, or its order got nothing of that lot.
    """
    found = _locked(number)
    lots = trace.lots_of(
        reseller_id=found.reseller_id,
        order_number=found.order_number,
        line_id=found.line_id,
        variant_id=None if found.line_id else found.variant_id,
    )
    lot = next((each for each in lots if each.pk == lot_id), None)
    if lot is None:
        raise NotFound()
    found.lot, found.vendor_id = lot, complaint_records.vendor_of(lot)
    found.save(update_fields=["lot", "vendor"])
    records.audit(actor_id, "complaint.lot", number, lot=lot.code)
    return found


@transaction.atomic
def judge(*, number: str, justified: bool | None, actor_id: int | None) -> Complaint:
    """Say whether the goods were bad, which counts for the vendor of their lot; None: not known (any more).

    :raises NotFound: no such complaint.
    """
    found = _locked(number)
    if found.justified != justified:
        found.justified, found.actor_id = justified, actor_id
        found.save(update_fields=["justified", "actor"])
        records.audit(actor_id, "complaint.judged", number, justified=justified)
    return found


@transaction.atomic
def answer(*, number: str, text: str, justified: bool | None, key: str, actor_id: int) -> Complaint:
    """Answer the case, in the shop's name, and note whether the goods were bad, where that is said. ``key`` makes it once.

    :raises NotFound: no such complaint. :raises Refused: no words, or too many.
    """
    desk.answer(pk=_case(number), text=text, key=key, actor_id=actor_id)
    records.audit(actor_id, "complaint.answered", number)
    return judge(number=number, justified=justified, actor_id=actor_id) if justified is not None else _locked(number)


@transaction.atomic
def close(*, number: str, cause: str, reason: str, actor_id: int) -> Complaint:
    """Close the case: who made it necessary, and why it is over, which the shop reads and c does not.

    :raises NotFound: no such complaint. :raises Refused: no cause, or no reason.
    """
    reason = records.text(reason, "reason", 300, required=True)
    desk.close(pk=_case(number), cause=cause, cost_minor=0, currency="", actor_id=actor_id, reason=reason)
    return _locked(number)


def _case(number: str) -> int:
    """Give the case of a complaint. The case is locked before its record, everywhere."""
    found = (
        Complaint.objects.filter(number=number.upper(), case__isnull=False).values_list("case_id", flat=True).first()
    )
    if found is None:
        raise NotFound()
    return found


def _locked(number: str) -> Complaint:
    found = Complaint.objects.select_for_update(of=("self",)).filter(number=number.upper()).first()
    if found is None:
        raise NotFound()
    return found
