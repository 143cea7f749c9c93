"""Reviews by buyers: written once an order, read by S before they are shown, and then in every shop of the network."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from enablement.models import Review
from enablement.services import quality_cards
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused
from supplier.models import SalesLine, ShipmentLine
from supplier.services import records

State = Review.State


def bought(*, reseller_id: int, order_number: str) -> list[int]:
    """Give the products of which an order was sent something."""
    lines = ShipmentLine.objects.filter(
        shipment__fulfilment__order__reseller=reseller_id, shipment__fulfilment__order__order_number=order_number
    )
    return sorted(set(lines.values_list("fulfilment_line__variant__product_id", flat=True)))


@transaction.atomic
def write(
    *, reseller_id: int, order_number: str, product_id: int, stars: int, text: str = "", name: str = "", language: str
) -> Review:
    """Write what a buyer says of a product; written again while nobody has read it, it says the new thing.

    :raises Refused: no stars, nothing of it was sent, or it was read already.
    """
    if not 1 <= stars <= 5:
        raise Refused("stars", _("Give one to five stars."), field="stars")
    if product_id not in bought(reseller_id=reseller_id, order_number=order_number):
        raise Refused("not_bought", _("Only what was sent to you can be reviewed."))
    facts = {
        "stars": stars, "language": language, "text": records.text(text, "text", 1_000),
        "name": records.text(name, "name", 40), "created_at": clock.now(),
    }  # fmt: skip
    key = {"reseller_id": reseller_id, "order_number": order_number, "product_id": product_id}
    found, made = Review.objects.select_for_update().get_or_create(**key, defaults=facts)
    if made:
        return found
    if found.state != State.WAITING:
        raise Refused("reviewed", _("You reviewed this already. Thank you."))
    Review.objects.filter(pk=found.pk).update(**facts)
    found.refresh_from_db()
    return found


@transaction.atomic
def decide(*, review_id: int, show: bool, reason: str = "", actor_id: int | None) -> Review:
    """Show a review in all shops, or hide it, with a reason.

    :raises Refused: hidden without a reason.
    """
    found = Review.objects.select_for_update().filter(pk=review_id).first()
    if found is None:
        raise NotFound()
    if not show and not reason.strip():
        raise Refused("reason", _("Say why, in a few words."), field="reason")
    found.state = State.SHOWN if show else State.HIDDEN
    found.reason, found.moderator_id, found.decided_at = reason.strip()[:160], actor_id, clock.now()
    found.save()
    quality_cards.refresh(found.product_id)
    records.audit(actor_id, f"review.{found.state}", str(found.pk), product=found.product_id)
    return found


def sold(*, reseller_id: int, order_number: str, line_id: int) -> int | None:
    """Give the variant of a line as its shop knows it."""
    rows = SalesLine.objects.filter(order__reseller=reseller_id, order__order_number=order_number, line_id=line_id)
    return rows.values_list("variant_id", flat=True).first()
