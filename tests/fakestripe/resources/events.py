"""Events: the list that remains true when every webhook was lost."""

from __future__ import annotations

from stripe.params import EventListParams, EventRetrieveParams

from tests.fakestripe.resources import lists
from tests.fakestripe.store import Record
from tests.fakestripe.world import Call, Route


def retrieve(call: Call) -> Record:
    """GET /v1/events/{id}"""
    return call.world.get(call.id, "event", account=call.account)


def list_(call: Call) -> Record:
    """GET /v1/events"""
    types = call.params.get("types")
    items = (item for item in call.world.of("event", call.account) if not types or item["type"] in types)
    return lists.page(call, items, "/v1/events", filters=("type",))


ROUTES = (
    Route("GET", "/v1/events", EventListParams, list_, lists.PAGING | {"type", "types"}, connected=True),
    Route("GET", "/v1/events/{id}", EventRetrieveParams, retrieve, connected=True),
)
