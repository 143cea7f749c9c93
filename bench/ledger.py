"""The books when they are large: balances of every reseller, and what sealing and checking a day cost.

``BENCH_ENTRIES`` sets how many entries (1,000,000; the goal is asked of 10,000,000).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

from bench import rig
from bench.results import Result

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "1000000"))
RESELLERS, DAYS = 10_000, 30
# A journal is a sale of five legs; days go by evenly, the last one is today and not sealed.
_FILL = """
    SET session_replication_role = replica;
    INSERT INTO tenancy_reseller (slug, schema_name, name, status, currency, country, language, created_at,
        schema_version, suspended_reason)
    SELECT 'bench' || n, 'shop_' || lpad(n::text, 10, '0'), 'B ' || n, 'closed', 'USD', 'US', 'en', now(), '', '' FROM generate_series(1, {resellers}) n;
    INSERT INTO supplier_account (kind, reseller_id, currency)
    SELECT 'reseller_payable', id, 'USD' FROM tenancy_reseller;
    INSERT INTO supplier_account (kind, currency)
    SELECT kind, 'USD' FROM unnest(ARRAY['clearing', 'wholesale_deferred', 'fee', 'tax_payable', 'shipping']) kind;
    INSERT INTO supplier_journal (key, digest, kind, reseller_id, order_number, at, created_at)
    SELECT 'sale:' || n, '', 'sale', b.first + n % {resellers}, 'N' || n, moment, moment
    FROM generate_series(1, {journals}) n, (SELECT min(id) AS first FROM tenancy_reseller) b,
         LATERAL (SELECT now() - interval '1 day' * ({days} - 1) * (1 - n::numeric / {journals}) AS moment) m ORDER BY n;
    INSERT INTO supplier_transfer (journal_id, debit_id, credit_id, amount_minor, currency, memo)
    SELECT j.id, s.clearing, CASE leg WHEN 1 THEN a.id ELSE s.others[leg - 1] END, 100 + j.id % 977, 'USD', ''
    FROM supplier_journal j JOIN supplier_account a ON a.reseller_id = j.reseller_id
    CROSS JOIN (SELECT min(id) FILTER (WHERE kind = 'clearing') AS clearing,
                       array_agg(id ORDER BY id) FILTER (WHERE kind NOT IN ('clearing', 'reseller_payable')) AS others
                FROM supplier_account) s
    CROSS JOIN generate_series(1, 5) leg ORDER BY j.id, leg;
    SET session_replication_role = origin;
"""


def measure() -> Iterator[Result]:
    """Fill the books, seal the days, then ask for every balance at once, as the ledger's page does."""
    with rig.servers():
        import django

        django.setup()
        _fill()
        yield from _sealed()
        yield from _balances()


def _fill() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_FILL.format(resellers=RESELLERS, journals=ENTRIES // 5, days=DAYS))
        cursor.execute("ANALYZE")


def _sealed() -> Iterator[Result]:
    from supplier.selectors import seals
    from supplier.services import sealing

    days, seconds = _timed(sealing.seal_due)
    yield Result(
        "sealing the days, with the sums of every account", seconds, "s", note=f"{days} days, {ENTRIES:,} entries"
    )
    broken, seconds = _timed(lambda: list(seals.broken()))
    yield Result("checking the seals", seconds, "s", note=f"{len(broken)} broken")


def _balances() -> Iterator[Result]:
    from supplier.models import AccountSum
    from supplier.selectors import ledger

    kept, seconds = min((_timed(ledger.sums) for _ in range(5)), key=lambda each: each[1])
    AccountSum.objects.all().delete()
    anew, whole = _timed(ledger.sums)
    if kept != anew or len(kept) != RESELLERS + 5:
        raise RuntimeError("the kept sums are not the sums anew")
    yield Result(
        f"balances of {RESELLERS:,} resellers",
        seconds,
        "s",
        ratio=seconds / whole,
        goal="< 1 s of 10,000,000 entries",
        met=seconds < 1 if ENTRIES >= 10_000_000 else None,
        note=f"{ENTRIES:,} entries; summed anew: {whole:.2f} s",
    )


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    return act(), time.perf_counter() - began
