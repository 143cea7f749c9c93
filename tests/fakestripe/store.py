"""Everything the fake remembers: in memory, and in an SQLite file when it shall survive a restart."""

from __future__ import annotations

import json
import secrets
import sqlite3
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Record = dict[str, Any]
TABLES = ("objects", "answers", "deliveries")
_ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    """Make an id as Stripe's look: prefix and unguessable letters."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(length))


class Store:
    """Three tables of JSON records by id. ``commit`` writes what changed in one SQLite transaction.

    Not thread-safe: the world's lock is held around every use.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.objects: dict[str, Record] = {}
        self.answers: dict[str, Record] = {}
        self.deliveries: dict[str, Record] = {}
        self._changed: dict[tuple[str, str], None] = {}
        self._file = _open(path) if path else None
        for table, id_, text in self._file.execute("SELECT * FROM record ORDER BY rowid") if self._file else ():
            getattr(self, table)[id_] = json.loads(text)

    def put(self, record: Record, table: str = "objects") -> Record:
        """Add or change a record; it is durable after ``commit``."""
        getattr(self, table)[record["id"]] = record
        self._changed[table, record["id"]] = None
        return record

    def drop(self, id_: str, table: str) -> None:
        """Forget a record."""
        getattr(self, table).pop(id_, None)
        self._changed[table, id_] = None

    def of(self, kind: str) -> Iterator[Record]:
        """Give the objects of a Stripe type, newest first."""
        return (item for item in reversed(self.objects.values()) if item["object"] == kind)

    def commit(self) -> None:
        """Write what changed, all or nothing."""
        if self._file is not None and self._changed:
            with self._file:
                for table, id_ in self._changed:
                    self._write(table, id_)
        self._changed.clear()

    def _write(self, table: str, id_: str) -> None:
        record = getattr(self, table).get(id_)
        if record is None:
            self._file.execute("DELETE FROM record WHERE tab = ? AND id = ?", (table, id_))
            return
        text = json.dumps(record, ensure_ascii=False)
        self._file.execute(
            "INSERT INTO record VALUES (?, ?, ?) ON CONFLICT (tab, id) DO UPDATE SET json = excluded.json",
            (table, id_, text),
        )

    def close(self) -> None:
        """Release the file."""
        if self._file is not None:
            self._file.close()


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = sqlite3.connect(path, check_same_thread=False, timeout=1)
    file.execute("PRAGMA locking_mode = EXCLUSIVE")  # two fakes on one file would overwrite each other
    file.execute("PRAGMA journal_mode = WAL")  # one sync per commit, and a commit is on the disk when it returns
    file.execute("PRAGMA synchronous = FULL")
    with file:
        file.execute("CREATE TABLE IF NOT EXISTS record (tab TEXT, id TEXT, json TEXT, PRIMARY KEY (tab, id))")
    return file
