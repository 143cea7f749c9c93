"""From when on an order's margin may be paid out. One statement for all orders; nothing per order."""

from __future__ import annotations

from django.db import connection, transaction

from s2b2c.kernel import clock

# Served: sent whole, or the rest of it cancelled. The window counts from the last parcel: from the end of the day it was
# delivered on, or, where nobody said so, from when it left (``orders.selectors.returns.until`` says the same to c). Where nothing was sent
# there is nothing to send back. Cash on delivery counts once the carrier said what became of it. What is still on
# its way between shop and S is waited for: a refund must stand beside its sale.
_MARK = """
    UPDATE supplier_salesorder o
    SET due_at = CASE WHEN p.last_at IS NULL THEN %(now)s
                      ELSE GREATEST(p.last_at + make_interval(days => o.return_days), o.cash_at) END
    FROM (SELECT s.id,
                 (SELECT max(COALESCE((x.delivered_on + 1)::timestamp AT TIME ZONE 'UTC', x.shipped_at)) FROM supplier_fulfilmentorder f
                  JOIN supplier_shipment x ON x.fulfilment_id = f.id WHERE f.order_id = s.id) AS last_at
          FROM supplier_salesorder s
          WHERE s.due_at IS NULL AND s.status IN ('shipped', 'cancelled')
            AND (s.method <> 'cod' OR s.cash <> '' OR s.refunded_minor >= s.captured_minor)
            AND NOT EXISTS (SELECT 1 FROM outbox_outboxevent e
                            WHERE e.key = s.reseller_id || ':' || s.order_number AND e.state IN ('pending', 'dead'))
         ) p
    WHERE o.id = p.id
"""


@transaction.atomic
def mark() -> int:
    """Write ``due_at`` on every order that was served since; give how many. May run at any time."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK, {"now": clock.now()})
        return cursor.rowcount
