"""What the payment provider had to say about held stock."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from s2b2c.kernel import clock
from supplier.models import Reservation


@transaction.atomic
def note_answered(*, ids: Sequence[int]) -> None:
    """Note that nothing more is to be learnt about the payment of these reservations."""
    if ids:
        Reservation.objects.filter(id__in=ids).update(answered_at=clock.now())
