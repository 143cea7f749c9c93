"""A small in-process memory for what is made from known versions.

Its keys carry the versions of shop and catalogue as the database gave them in this very request, so nothing in it
is ever behind. The time limit only covers the moment between a version's rise and its transaction's end.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Memo(Generic[Value]):
    """At most ``size`` values, the least recently used out first, each for ``seconds``."""

    def __init__(self, *, size: int, seconds: float = 20.0) -> None:
        self._size = size
        self._seconds = seconds
        self._values: OrderedDict[Hashable, tuple[float, Value]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Give what is kept under a key, made anew where it is missing or too old."""
        with self._lock:
            deadline, value = self._values.get(key, (0.0, None))
            if deadline > time.monotonic():
                self._values.move_to_end(key)
                return value  # type: ignore[return-value]
        fresh = make()
        with self._lock:
            self._values[key] = (time.monotonic() + self._seconds, fresh)
            self._values.move_to_end(key)
            if len(self._values) > self._size:
                self._values.popitem(last=False)
        return fresh

    def many(
        self, keys: Sequence[Hashable], make: Callable[[list[Hashable]], Mapping[Hashable, Value]]
    ) -> list[Value | None]:
        """Give what is kept under keys; what is missing or too old is made at one go, None where nothing comes of it."""
        found: dict[Hashable, Value | None] = {}
        now = time.monotonic()
        with self._lock:
            for key in keys:
                deadline, value = self._values.get(key, (0.0, None))
                if deadline > now:
                    self._values.move_to_end(key)
                    found[key] = value
        missing = [key for key in keys if key not in found]
        if missing:
            made = make(missing)
            with self._lock:
                for key in missing:
                    found[key] = made.get(key)
                    self._values[key] = (time.monotonic() + self._seconds, found[key])  # type: ignore[assignment]
                while len(self._values) > self._size:
                    self._values.popitem(last=False)
        return [found[key] for key in keys]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
