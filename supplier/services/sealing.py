"""Seal the books day by day, and keep each account's sums as they were then."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.db import connection, transaction

from s2b2c.kernel import clock
from supplier.models import DailySeal, Journal
from supplier.selectors import seals

# A journal with a small number may still be in an open transaction; none is open that long.
SETTLED = timedelta(hours=1)
KEPT_SUMS = 35
_SUMS = """
    INSERT INTO supplier_accountsum (seal_id, account_id, debit_minor, credit_minor)
    SELECT %(seal)s, account_id, sum(debit), sum(credit) FROM (
        SELECT account_id, debit_minor AS debit, credit_minor AS credit
        FROM supplier_accountsum WHERE seal_id = %(before)s
        UNION ALL SELECT debit_id, amount_minor, 0 FROM supplier_transfer
                  WHERE journal_id > %(after)s AND journal_id <= %(up_to)s
        UNION ALL SELECT credit_id, 0, amount_minor FROM supplier_transfer
                  WHERE journal_id > %(after)s AND journal_id <= %(up_to)s) x
    GROUP BY account_id
"""
# Sums of old days are left out but those at the ends of months: balances as of a day start from the seal before it.
_FORGET = """
    DELETE FROM supplier_accountsum s USING supplier_dailyseal d
    WHERE d.id = s.seal_id AND d."on" < %s AND extract(month FROM d."on") = extract(month FROM d."on" + 1)
"""


def seal_due() -> int:
    """Seal every day (UTC) that is over and holds journals; give how many. May run twice, or at any time."""
    done = 0
    while (day := _next_day()) is not None and _seal(day):
        done += 1
    return done


def _next_day() -> date | None:
    """Give the first day that holds journals no seal covers, if it is over."""
    last = seals.latest()
    rows = Journal.objects.filter(id__gt=last.up_to if last else 0).order_by("id")
    first = rows.values_list("created_at", flat=True).first()
    if first is None:
        return None
    day = max(first.astimezone(UTC).date(), last.on + timedelta(days=1) if last else date.min)
    return day if clock.now() >= _end(day) + SETTLED else None


def _end(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, UTC)


@transaction.atomic
def _seal(day: date) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('supplier.sealing'))")
    last = seals.latest()
    if last is not None and last.on >= day:
        return True  # somebody else was faster
    after, before = (last.up_to, last.digest) if last else (0, "")
    up_to = Journal.objects.filter(id__gt=after, created_at__lt=_end(day)).order_by("-id").values_list("id", flat=True)
    end = up_to.first() or after
    digest, count = seals.digest(before, str(day), after, end)
    made = DailySeal.objects.create(on=day, up_to=end, journals=count, digest=digest, sealed_at=clock.now())
    with connection.cursor() as cursor:
        values = {"seal": made.pk, "before": last.pk if last else 0, "after": after, "up_to": end}
        cursor.execute(_SUMS, values)
        cursor.execute(_FORGET, [day - timedelta(days=KEPT_SUMS)])
    return True
