"""What staff of S write on an order."""

from __future__ import annotations

from django.db import transaction

from s2b2c.kernel import clock
from supplier.models import OrderNote
from supplier.selectors import orders
from supplier.services import records

LONGEST = 2_000


def comment(*, slug: str, number: str, text: str, actor_id: int | None) -> OrderNote:
    """Add a comment to an order's history; only staff of S read it. The same words within a minute are one comment.

    :raises Refused: empty, or too long. :raises NotFound: no such order.
    """
    plain = records.text(text, "text", LONGEST, required=True)
    with transaction.atomic():
        order = orders.find(slug=slug, number=number)
        last = order.notes.filter(kind="comment", actor_id=actor_id).order_by("-id").first()
        if last is not None and last.text == plain and (clock.now() - last.at).total_seconds() < 60:
            return last
        return OrderNote.objects.create(order=order, kind="comment", text=plain, actor_id=actor_id, at=clock.now())
