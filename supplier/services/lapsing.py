"""Returns that were approved and never sent: an open one keeps the shop's earnings of its order back, so it ends."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from s2b2c.kernel import clock
from s2b2c.kernel.errors import StateRefused
from supplier.models import OrderNote, ReturnOrder
from supplier.services import returns

AT_ONCE = 500
_STAYS = (ReturnOrder.Reason.LOST, ReturnOrder.Reason.DOOR)  # c has nothing to send


def ask_due() -> int:
    """Ask the shops to end returns approved ``RETURN_LAPSE_DAYS`` ago that nobody said were sent; give how many.

    Each is asked once. May run twice, or be killed, at any time: where c sent it meanwhile, that stands.
    """
    before = clock.now() - timedelta(days=settings.RETURN_LAPSE_DAYS)
    notes = OrderNote.objects.annotate(number=KT("data__return"))
    asked = notes.filter(order=OuterRef("order"), kind="return_asked_lapse", number=OuterRef("number"))
    due = (
        ReturnOrder.objects.filter(~Exists(asked), state=ReturnOrder.State.APPROVED, keep=False)
        .exclude(reason__in=_STAYS)
        .alias(since=Coalesce("approved_at", "created_at"))
        .filter(since__lt=before)
        .order_by("id")
    )
    return sum(_ask(number) for number in list(due.values_list("number", flat=True)[:AT_ONCE]))


def _ask(number: str) -> bool:
    try:
        returns.decide(number=number, action="lapse", actor_id=None)
    except StateRefused:
        return False
    return True
