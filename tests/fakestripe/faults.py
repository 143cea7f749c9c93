"""Faults on demand: what can go wrong between us and Stripe, how often, until when."""

from __future__ import annotations

import random
import threading
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

API_FAULTS = {
    "error": "answers with `status` (500) and does nothing; no idempotency key remembers it",
    "broken": "fails inside with `status` (500) and does nothing; the idempotency key replays it",
    "refuse": "refuses with `code` (balance_insufficient) and does nothing; the idempotency key replays it",
    "busy": "says the idempotency key is in use by another call (409) and does nothing",
    "timeout": "does it, then hangs up after `seconds` without an answer",
}
WEBHOOK_FAULTS = {
    "duplicate": "sends the event `copies` (2) times",
    "reorder": "sends what is due in reverse order",
    "delay": "sends the event `seconds` later",
    "drop": "never sends the event; it stays in the list of events",
}
KINDS = API_FAULTS | WEBHOOK_FAULTS


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong the next ``times`` times (0: until it is switched off).

    ``only`` limits it: the beginning of a path for API faults (``/v1/refunds``, or with the method
    ``POST /v1/refunds``), of an event type for webhook faults (``checkout.session``); ``*`` stands for
    anything (``/v1/transfers/*/reversals``).
    Empty: whatever comes. ``percent`` lets it happen on so many of the calls that fit, by chance.
    """

    kind: str
    times: int = 1
    only: str = ""
    seconds: float = 0.0
    copies: int = 2
    status: int = 500
    code: str = "balance_insufficient"
    percent: int = 100
    id: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no fault {self.kind!r}; there are {', '.join(KINDS)}")
        if not 1 <= self.percent <= 100 or self.times < 0:
            raise ValueError("percent is 1 to 100, times is 0 or more")

    def fits(self, kind: str, subject: str, method: str = "") -> bool:
        """Say whether it may fall on this call or event."""
        names = (subject, f"{method} {subject}")
        return self.kind == kind and any(fnmatchcase(name, f"{self.only}*") for name in names)


class Faults:
    """The faults that wait for their turn. Thread-safe; chance is seeded, so a test can be repeated."""

    def __init__(self, seed: int = 0) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []
        self._chance = random.Random(seed)
        self._last = 0

    def add(self, kind: str, **options: Any) -> Fault:
        """Let something go wrong. :raises ValueError: unknown kind, senseless numbers."""
        with self._lock:
            self._last += 1
            fault = Fault(kind, **options | {"id": self._last})
            self._waiting.append(fault)
        return fault

    def take(self, kind: str, subject: str, method: str = "") -> Fault | None:
        """Use up one occasion of a fault that fits, if there is one."""
        with self._lock:
            for index, fault in enumerate(self._waiting):
                if fault.fits(kind, subject, method) and self._chance.randrange(100) < fault.percent:
                    self._use(index, fault)
                    return fault
        return None

    def _use(self, index: int, fault: Fault) -> None:
        if fault.times:
            left = replace(fault, times=fault.times - 1)
            self._waiting[index : index + 1] = [left] if left.times else []

    def remove(self, id_: int) -> None:
        """Switch one off."""
        with self._lock:
            self._waiting = [fault for fault in self._waiting if fault.id != id_]

    def clear(self) -> None:
        """Let all go well again."""
        with self._lock:
            self._waiting.clear()

    def list(self) -> list[dict[str, Any]]:
        """Give what waits, as plain data."""
        with self._lock:
            return [asdict(fault) for fault in self._waiting]
