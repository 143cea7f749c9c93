"""Lists as Stripe gives them: newest first, a page at a time, filtered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tests.fakestripe.errors import ApiError
from tests.fakestripe.store import Record
from tests.fakestripe.world import Call, public

PAGING = frozenset(["limit", "starting_after", "ending_before", "created"])
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
}


def page(call: Call, items: Iterable[Record], url: str, *, filters: Iterable[str] = ()) -> Record:
    """Give one page of ``items`` (newest first) after equality ``filters`` and ``created``."""
    chosen = [item for item in items if _fits(item, call.params, filters)]
    limit = call.params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise ApiError("Invalid integer: limit must be between 1 and 100", param="limit", saved=False)
    chosen, more = _cut(chosen, call.params, limit)
    return {"object": "list", "data": [public(item) for item in chosen], "has_more": more, "url": url}


def _fits(item: Record, params: dict[str, Any], filters: Iterable[str]) -> bool:
    if any(name in params and item.get(name) != params[name] for name in filters):
        return False
    created = params.get("created")
    if isinstance(created, int):
        return item["created"] == created
    return all(_COMPARE[name](item["created"], limit) for name, limit in (created or {}).items())


def _cut(items: list[Record], params: dict[str, Any], limit: int) -> tuple[list[Record], bool]:
    ids = [item["id"] for item in items]
    for name in ("starting_after", "ending_before"):
        if name in params and params[name] not in ids:
            raise ApiError(f"No such object: '{params[name]}'", param=name, code="resource_missing")
    if "ending_before" in params:
        before = items[: ids.index(params["ending_before"])]
        return before[-limit:], len(before) > limit
    after = items[ids.index(params["starting_after"]) + 1 :] if "starting_after" in params else items
    return after[:limit], len(after) > limit
