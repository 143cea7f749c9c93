"""What every event has: whose it is, its key, and how it travels."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

_NAMES: dict[Any, tuple[str, ...]] = {}


def names(cls: Any) -> tuple[str, ...]:
    if cls not in _NAMES:
        _NAMES[cls] = tuple(field.name for field in dataclasses.fields(cls))
    return _NAMES[cls]


def _as_json(value: Any) -> Any:
    """Give a field as JSON has it; ``dataclasses.asdict`` would copy it deeply, at ten times the cost."""
    if isinstance(value, list):
        return [_as_json(each) for each in value]
    if dataclasses.is_dataclass(value):
        return {name: getattr(value, name) for name in names(type(value))}
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """``key`` orders events: those of one key are handled strictly one after the other.

    Events that reach outside have keys of their own, so that a dead mail server never stops an order.
    """

    reseller_id: int
    order_number: str

    @property
    def key(self) -> str:
        return f"{self.reseller_id}:{self.order_number}"

    @classmethod
    def topic(cls) -> str:
        return cls.__name__

    def to_payload(self) -> dict[str, Any]:
        return {name: _as_json(getattr(self, name)) for name in names(type(self))}
