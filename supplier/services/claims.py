"""What carriers owe for lost and damaged parcels: paid, in part or whole, and the rest written off."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from supplier.models import Account, OrderNote, ReturnOrder
from supplier.services import ledger
from supplier.services.ledger import Leg

Kind = Account.Kind


@transaction.atomic
def settle(*, number: str, paid_minor: int, actor_id: int | None) -> ReturnOrder:
    """End the claim of a return: what the carrier paid is in the bank, the rest is S's cost. The same again: nothing.

    :raises NotFound: no such return.
    :raises StateRefused: no claim, or it ended with another amount.
    :raises Refused: less than nothing, or more than is owed.
    """
    back = ReturnOrder.objects.select_for_update(of=("self",)).select_related("order").filter(number=number).first()
    if back is None:
        raise NotFound()
    if not back.claim_state or (back.claim_state != ReturnOrder.Claim.OPEN and back.claim_paid_minor != paid_minor):
        raise StateRefused("claim", _("This claim is over."))
    if not 0 <= paid_minor <= back.claim_minor:
        raise Refused("amount", _("Between nothing and what is owed."), field="amount")
    if back.claim_state != ReturnOrder.Claim.OPEN:
        return back
    back.claim_paid_minor = paid_minor
    back.claim_state = ReturnOrder.Claim.PAID if paid_minor else ReturnOrder.Claim.WRITTEN_OFF
    back.save(update_fields=["claim_paid_minor", "claim_state"])
    now = clock.now()
    ledger.post(
        key=f"claim-end:{back.reseller_id}:{number}", kind="claim_end", currency=back.order.currency, at=now,
        reseller_id=back.reseller_id, order_number=back.order.order_number,
        legs=[
            Leg(Kind.BANK, Kind.CARRIER_CLAIM, paid_minor),
            Leg(Kind.RETURN_COST, Kind.CARRIER_CLAIM, back.claim_minor - paid_minor, memo="written off"),
        ],
    )  # fmt: skip
    OrderNote.objects.create(
        order_id=back.order_id, kind=f"claim_{back.claim_state}", actor_id=actor_id, at=now, data={"return": number}
    )
    return back
