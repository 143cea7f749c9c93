"""Faults on demand: what can go wrong between us and Stripe, and how often."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass, replace
from typing import Any

API_FAULTS = {
    "error": "answers with `status` (500) and does nothing",
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
    """One thing that goes wrong the next ``times`` times.

    ``only`` limits it: the beginning of a path for API faults (``/v1/refunds``), of an event type for
    webhook faults (``checkout.session``). Empty: whatever comes.
    """

    kind: str
    times: int = 1
    only: str = ""
    seconds: float = 0.0
    copies: int = 2
    status: int = 500

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no fault {self.kind!r}; there are {', '.join(KINDS)}")


class Faults:
    """The faults that wait for their turn. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def add(self, kind: str, **options: Any) -> Fault:
        """Let something go wrong. :raises ValueError: unknown kind."""
        fault = Fault(kind, **options)
        with self._lock:
            self._waiting.append(fault)
        return fault

    def take(self, kind: str, subject: str) -> Fault | None:
        """Use up one occasion of a fault that fits, if there is one."""
        with self._lock:
            for index, fault in enumerate(self._waiting):
                if fault.kind == kind and subject.startswith(fault.only):
                    left = replace(fault, times=fault.times - 1)
                    self._waiting[index : index + 1] = [left] if left.times > 0 else []
                    return fault
        return None

    def clear(self) -> None:
        """Let all go well again."""
        with self._lock:
            self._waiting.clear()

    def list(self) -> list[dict[str, Any]]:
        """Give what waits, as plain data."""
        with self._lock:
            return [asdict(fault) for fault in self._waiting]
