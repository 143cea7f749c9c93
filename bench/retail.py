"""Real invoices through the services: the 541,909 rows of Online Retail.

``ONLINE_RETAIL`` names the file (``online_retail.csv.xz``); ``BENCH_ROWS=5000`` takes a slice of it.
The command itself holds the books against the file to the penny and fails when they differ.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from bench import rig
from bench.results import Result
from s2b2c.embedded import places

FILE = Path(os.environ.get("ONLINE_RETAIL", places.PROJECT.parent / "shared" / "data" / "online_retail.csv.xz"))
ROWS = os.environ.get("BENCH_ROWS", "all")


def measure() -> Iterator[Result]:
    """Import into a fresh database."""
    if not FILE.exists():
        yield Result("online retail: rows", 0, "rows/s", note="no file: set ONLINE_RETAIL")
        return
    with rig.servers():
        import django

        django.setup()
        from django.core.management import call_command

        said = StringIO()
        rows = {} if ROWS == "all" else {"rows": int(ROWS)}
        began = time.perf_counter()
        call_command("import_online_retail", str(FILE), stdout=said, **rows)
        seconds = time.perf_counter() - began
    found = re.search(r"([\d,]+) orders in [\d,]+ s, ([\d,]+) rows/s", said.getvalue())
    assert found
    yield Result(
        "online retail: rows as orders and refunds",
        float(found[2].replace(",", "")),
        "rows/s",
        note=f"{ROWS} rows, {found[1]} orders, {seconds:.0f} s with reading, catalogue and audit; to the penny",
    )
