"""A bounded memory inside the process, for what every request asks and seldom changes."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import Any

_all: list[Memory] = []


class Memory:
    """A bounded mapping, least recently used out first, whose entries live for ``seconds``."""

    def __init__(self, size: int, seconds: float) -> None:
        self._size, self._seconds = size, seconds
        self._entries: OrderedDict[str, tuple[float, Any]] = OrderedDict()
        self._lock = threading.Lock()
        _all.append(self)

    def get(self, key: str) -> Any:
        with self._lock:
            deadline, value = self._entries.get(key, (0.0, None))
            if deadline < time.monotonic():
                return None
            self._entries.move_to_end(key)
            return value

    def put(self, key: str, value: Any) -> None:
        with self._lock:
            self._entries[key] = (time.monotonic() + self._seconds, value)
            self._entries.move_to_end(key)
            if len(self._entries) > self._size:
                self._entries.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()

    def __len__(self) -> int:
        return len(self._entries)


def clear_all() -> None:
    """Empty every memory of this process; the cache's ``clear`` does it too."""
    for memory in _all:
        memory.clear()
