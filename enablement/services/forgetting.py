"""What consumers wrote is taken away when they ask to be forgotten; that they complained, and how many stars, stays."""

from __future__ import annotations

from collections.abc import Sequence

from enablement.models import Complaint, Review, ServiceTask
from enablement.services import quality_cards

GONE = "–"


def forget(*, reseller_id: int, order_numbers: Sequence[str]) -> list[str]:
    """Take words, photos and names out of what was written about orders of a shop; give the names of the photos.

    Call inside a transaction.
    """
    named = {"reseller": reseller_id, "order_number__in": list(order_numbers)}
    rows = Complaint.objects.filter(**named)
    photos = [name for names in rows.values_list("photos", flat=True) for name in names]
    rows.update(text=GONE, photos=[])
    rows.exclude(answer="").update(answer=GONE)
    for done, change in (
        (True, {"contact": "", "address": "", "proof": GONE, "photos": []}),
        (False, {"contact": "", "address": ""}),
    ):
        tasks = ServiceTask.objects.filter(
            sold_by=reseller_id, order_number__in=list(order_numbers), done_at__isnull=not done
        )
        tasks.exclude(complaint="").update(complaint=GONE)
        tasks.update(**change)
    reviews = Review.objects.filter(**named)
    reviews.update(text="", name="")
    for product_id in sorted(set(reviews.values_list("product_id", flat=True))):
        quality_cards.refresh(product_id)
    return photos
