"""What keeps an order's earnings out of the settlement: a hold with its cause, or a return that is open."""

from __future__ import annotations

from supplier.models import ReturnOrder

OPEN_RETURNS = ", ".join(f"'{state}'" for state in ReturnOrder.OPEN)

# Of the order ``o`` in a statement of SQL; NULL where there is none.
IS_HELD = f"""(o.payout_held OR EXISTS (SELECT 1 FROM supplier_returnorder b
                                        WHERE b.order_id = o.id AND b.state IN ({OPEN_RETURNS})))"""
