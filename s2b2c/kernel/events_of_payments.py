"""What is to happen at the payment provider."""

from __future__ import annotations

from dataclasses import dataclass

from s2b2c.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCloseRequested(Event):
    """A hosted payment page must no longer take money: its order expired or was cancelled."""

    session_id: str

    @property
    def key(self) -> str:
        return f"page:{self.reseller_id}:{self.order_number}"
