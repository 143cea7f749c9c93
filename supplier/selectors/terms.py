"""The terms in force."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet

from s2b2c.kernel import clock
from supplier.models import Terms


@dataclass(frozen=True, slots=True)
class InForce:
    """``fee_bps`` of the retail price, rounded per piece; ``version`` and whose terms they are.

    ``fee_tax_bps``: the rate of the tax inside the fee. What a sale earns is due ``return_days`` after it was served,
    but for ``reserve_bps`` of it; until then it may be returned, by the rules ``supplier.models.Terms`` explains.
    """

    fee_bps: int
    version: int
    own: bool
    fee_tax_bps: int = 0
    return_days: int = 14
    reserve_bps: int = 0
    return_approval: str = "shop"
    keep_below_minor: int = 0
    return_postage_minor: int = 0
    return_postage_by: str = "customer"
    return_auto_below_minor: int = 0
    return_parts: bool = False
    dispute_bearers: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


_IN_FORCE = """
    SELECT fee_bps, version, reseller_id IS NOT NULL, fee_tax_bps, return_days, reserve_bps,
           return_approval, keep_below_minor, return_postage_minor, return_postage_by,
           return_auto_below_minor, return_parts, dispute_bearers
    FROM supplier_terms
    WHERE (reseller_id = %s OR reseller_id IS NULL) AND valid_from <= %s
    ORDER BY reseller_id NULLS LAST, version DESC LIMIT 1
"""


def of(reseller_id: int) -> InForce:
    """Give the newest valid terms of a reseller, else everybody's, else no fee at all."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, [reseller_id, clock.now()])
        found = cursor.fetchone()
    if found is None:
        return InForce(0, 0, own=False)
    return InForce(*found[:-1], dispute_bearers=json.loads(found[-1]))


def row_of(reseller_id: int | None) -> Terms | None:
    """Give the whole terms in force of a reseller (its own or everybody's), or of everybody."""
    return rows_of(reseller_id).first()


def rows_of(reseller_id: int | None) -> QuerySet[Terms]:
    """Give the terms that are or were in force for a reseller; the first is the one that is."""
    rows = Terms.objects.filter(Q(reseller_id=reseller_id) | Q(reseller_id=None), valid_from__lte=clock.now())
    return rows.order_by(F("reseller_id").asc(nulls_last=True), "-version")
