"""Which segment each customer of a shop is in, by what it bought: how lately, how often, for how much.

Recency, frequency and monetary value (Hughes 1994; Fader, Hardie and Lee 2005 on why these three). Written on the
customer once a day by one statement. It is the shop's own and never leaves its schema.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction

from reseller.models import Customer
from s2b2c.kernel import clock

NEW, SLIPPING, GONE = timedelta(days=30), timedelta(days=60), timedelta(days=180)
_SORT = """
    WITH bought AS (
        SELECT customer_id, count(*) AS times, min(placed_at) AS first, max(placed_at) AS last,
               percent_rank() OVER (ORDER BY sum(total_minor - refunded_minor)) AS place
        FROM orders_order
        WHERE customer_id IS NOT NULL AND status NOT IN ('pending', 'expired', 'cancelled') GROUP BY customer_id
    ), sorted AS (
        SELECT c.id, CASE
            WHEN b.last < %(gone)s THEN 'gone'
            WHEN b.times >= 2 AND b.last < %(slipping)s THEN 'slipping'
            WHEN b.times >= 2 AND b.place >= 0.8 THEN 'best'
            WHEN b.times >= 2 THEN 'regular'
            WHEN b.first >= %(new)s THEN 'new'
            WHEN b.times = 1 THEN 'once' END AS segment
        FROM reseller_customer c LEFT JOIN bought b ON b.customer_id = c.id AND c.erased_at IS NULL
    )
    UPDATE reseller_customer c SET segment = s.segment FROM sorted s
    WHERE s.id = c.id AND c.segment IS DISTINCT FROM s.segment
"""


@transaction.atomic
def sort() -> int:
    """Put each customer of the shop we are in into its segment; give how many changed. Asked again, it is none."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_SORT, {"gone": now - GONE, "slipping": now - SLIPPING, "new": now - NEW})
        return int(cursor.rowcount)


def of(email: str) -> str | None:
    """Give the segment of the customer with an e-mail, None where there is none. Call inside a transaction."""
    rows = Customer.objects.filter(email=email.strip().lower(), erased_at=None)
    return rows.values_list("segment", flat=True).first()
