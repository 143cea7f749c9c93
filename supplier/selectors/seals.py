"""The chain of daily seals: what a stretch of the books digests to, and whether each seal still fits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from itertools import groupby

from django.db import connection

from supplier.models import DailySeal

_AT_ONCE = 20_000
_ROWS = """
    SELECT encode(sha256(convert_to(concat_ws('|', j.id, j.key, j.digest, j.kind, j.reseller_id, j.order_number,
               j.reverses_id, extract(epoch FROM j.at), extract(epoch FROM j.created_at),
               (SELECT string_agg(concat_ws(',', t.id, d.kind, d.reseller_id, c.kind, c.reseller_id, t.debit_id, t.credit_id,
                                            t.amount_minor, t.currency, t.memo), ';' ORDER BY t.id)
                FROM supplier_transfer t JOIN supplier_account d ON d.id = t.debit_id
                JOIN supplier_account c ON c.id = t.credit_id WHERE t.journal_id = j.id)), 'UTF8')), 'hex'), j.id
    FROM supplier_journal j WHERE j.id > %s AND j.id <= %s ORDER BY j.id LIMIT %s
"""


def digest(before: str, on: str, after: int, up_to: int) -> tuple[str, int]:
    """Give the digest of the journals after one up to another, chained to ``before``, and how many there are."""
    found, count = hashlib.sha256(f"{before}|{on}|{up_to}".encode()), 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_ROWS, [after, up_to, _AT_ONCE])
            rows = cursor.fetchall()
            for row, _id in rows:
                found.update(row.encode())
            count += len(rows)
            if len(rows) < _AT_ONCE:
                return found.hexdigest(), count
            after = rows[-1][1]


def latest() -> DailySeal | None:
    """Give the newest seal."""
    return DailySeal.objects.order_by("-on").first()


def broken() -> Iterator[str]:
    """Go through the whole chain; give each day whose journals are no longer what was sealed."""
    before, after = "", 0
    for seal in DailySeal.objects.order_by("on"):
        now, count = digest(before, str(seal.on), after, seal.up_to)
        if (now, count) != (seal.digest, seal.journals):
            yield f"{seal.on}: {seal.journals} journals sealed, {count} there{'' if count != seal.journals else ', changed'}"
        before, after = seal.digest, seal.up_to


_CONTENT = """
    SELECT j.id, j.key, j.digest, j.kind, j.reseller_id, j.order_number, t.currency, d.kind, c.kind, t.amount_minor
    FROM supplier_journal j LEFT JOIN supplier_transfer t ON t.journal_id = j.id
    LEFT JOIN supplier_account d ON d.id = t.debit_id LEFT JOIN supplier_account c ON c.id = t.credit_id
    WHERE j.id > %s AND j.id <= %s ORDER BY j.id, t.id
"""


def altered(after: int) -> Iterator[str]:
    """Give the journals after one whose entries are not those they were written with: what no seal covers yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(max(id), 0) FROM supplier_journal")
        (end,) = cursor.fetchone()
        for start in range(after, end, _AT_ONCE):
            cursor.execute(_CONTENT, [start, min(start + _AT_ONCE, end)])
            for (_id, key, kept, kind, owner, number), rows in groupby(cursor.fetchall(), key=lambda row: row[:6]):
                legs = [row[6:] for row in rows if row[6] is not None]
                content = [kind, legs[0][0] if legs else None, owner, number, [list(leg[1:]) for leg in legs]]
                if legs and hashlib.sha256(json.dumps(content).encode()).hexdigest() != kept:
                    yield key
