"""The terms in force."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db.models import F, Q

from s2b2c.kernel import clock
from supplier.models import Terms


@dataclass(frozen=True, slots=True)
class InForce:
    """``fee_bps`` of the retail price, rounded per piece; ``version`` and whose terms they are."""

    fee_bps: int
    version: int
    own: bool

    def as_json(self) -> dict[str, int | bool]:
        return asdict(self)


def of(reseller_id: int) -> InForce:
    """Give the newest valid terms of a reseller, else everybody's, else no fee at all."""
    found = (
        Terms.objects.filter(Q(reseller_id=reseller_id) | Q(reseller_id=None), valid_from__lte=clock.now())
        .order_by(F("reseller_id").asc(nulls_last=True), "-version")
        .first()
    )
    if found is None:
        return InForce(0, 0, own=False)
    return InForce(found.fee_bps, found.version, own=found.reseller_id is not None)
