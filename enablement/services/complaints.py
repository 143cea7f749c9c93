"""Complaints: about goods they reach S's desk for quality, about the service their shop; each is answered in its name."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from enablement.models import Complaint, LotOrigin
from enablement.selectors import trace
from s2b2c.kernel import clock, events, ids
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.outbox import publisher
from supplier.models import Lot
from supplier.services import records

State, About = Complaint.State, Complaint.About


@transaction.atomic
def complain(
    *,
    reseller_id: int,
    order_number: str,
    about: str,
    text: str,
    key: str,
    variant_id: int | None = None,
    photos: Iterable[str] = (),
) -> Complaint:
    """Take a complaint of an order's consumer; ``key`` makes it once. Where one lot only can be meant, it is noted.

    :raises Refused: about nothing, or it says nothing.
    """
    if about not in About.values:
        raise Refused("about", _("Say what it is about."), field="about")
    text = records.text(text, "text", 2_000, required=True)
    goods = about == About.GOODS
    lots = trace.lots_of(reseller_id=reseller_id, order_number=order_number, variant_id=variant_id) if goods else []
    lot = lots[0] if len(lots) == 1 else None
    made, _new = Complaint.objects.get_or_create(
        reseller_id=reseller_id,
        order_number=order_number,
        key=key[:60],
        defaults={
            "number": ids.order_number(),
            "about": about,
            "variant_id": variant_id if goods else None,
            "lot": lot,
            "vendor_id": _vendor(lot),
            "text": text,
            "photos": list(photos)[:4],
            "created_at": clock.now(),
        },
    )
    return made


def _vendor(lot: Lot | None) -> int | None:
    rows = LotOrigin.objects.filter(lot=lot).order_by("-id") if lot else LotOrigin.objects.none()
    return rows.values_list("vendor_id", flat=True).first()


@transaction.atomic
def name_lot(*, number: str, lot_id: int, actor_id: int | None) -> Complaint:
    """Say of which lot the pieces complained of are: one its order was sent.

    :raises NotFound: no such complaint, or its order got nothing of that lot.
    """
    found = _locked(number)
    lots = trace.lots_of(reseller_id=found.reseller_id, order_number=found.order_number, variant_id=found.variant_id)
    lot = next((each for each in lots if each.pk == lot_id), None)
    if lot is None:
        raise NotFound()
    found.lot, found.vendor_id = lot, _vendor(lot)
    found.save(update_fields=["lot", "vendor"])
    records.audit(actor_id, "complaint.lot", number, lot=lot.code)
    return found


@transaction.atomic
def answer(*, number: str, text: str, justified: bool | None, actor_id: int | None, about: str) -> Complaint:
    """Answer a complaint; its consumer reads it in the shop's name. ``about``: what the one who answers may answer.

    Answered again it stays as answered. ``justified``: whether the goods were bad; it counts for the vendor.

    :raises NotFound: none of this kind. :raises Refused: it says nothing.
    """
    found = _locked(number)
    if found.about != about:
        raise NotFound()
    if found.state == State.ANSWERED:
        return found
    found.answer = records.text(text, "answer", 1_000, required=True)
    found.state, found.answered_at = State.ANSWERED, clock.now()
    found.justified = justified if found.about == About.GOODS else None
    found.actor_id = actor_id
    found.save()
    publisher.publish(
        events.ComplaintAnswered(
            reseller_id=found.reseller_id, order_number=found.order_number, complaint=number,
            data={"asked": found.text[:300], "answer": found.answer},
        )
    )  # fmt: skip
    records.audit(actor_id, "complaint.answered", number, justified=found.justified)
    return found


def _locked(number: str) -> Complaint:
    found = Complaint.objects.select_for_update(of=("self",)).filter(number=number.upper()).first()
    if found is None:
        raise NotFound()
    return found
