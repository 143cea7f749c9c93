"""Checkout sessions: made by the API, paid, declined or left on the hosted page, ended by time or by us."""

from __future__ import annotations

from stripe.params.checkout import (
    SessionCreateParams,
    SessionExpireParams,
    SessionLineItemListParams,
    SessionListParams,
    SessionRetrieveParams,
)

from tests.fakestripe import money
from tests.fakestripe.errors import ApiError
from tests.fakestripe.resources import lists, payments, sessions
from tests.fakestripe.store import Record
from tests.fakestripe.world import Call, Route, World, public


def create(call: Call) -> Record:
    """POST /v1/checkout/sessions"""
    return public(call.world.store.put(sessions.make(call.world, call.params)))


def retrieve(call: Call) -> Record:
    """GET /v1/checkout/sessions/{id}"""
    return load(call.world, call.id)


def load(world: World, id_: str) -> Record:
    """Give a session as it is now, ended if its time is over. :raises ApiError: there is none."""
    return _aged(world, world.get(id_, "checkout.session", name="checkout.session", param="session"))


def _aged(world: World, session: Record) -> Record:
    if session["status"] == "open" and session["expires_at"] <= world.now():
        _end(world, session)
    return session


def age(world: World) -> None:
    """End every session whose time is over."""
    for session in list(world.store.of("checkout.session")):
        _aged(world, session)


def list_(call: Call) -> Record:
    """GET /v1/checkout/sessions"""
    filters = ("payment_intent", "status")
    items = [_aged(call.world, item) for item in list(call.world.store.of("checkout.session"))]
    return lists.page(call, items, "/v1/checkout/sessions", filters=filters)


def line_items(call: Call) -> Record:
    """GET /v1/checkout/sessions/{id}/line_items"""
    items = load(call.world, call.id)["_line_items"]
    return lists.page(call, items["data"], items["url"])


def expire(call: Call) -> Record:
    """POST /v1/checkout/sessions/{id}/expire"""
    session = load(call.world, call.id)
    if session["status"] != "open":
        raise ApiError(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of `{session['status']}`."
        )
    return public(_end(call.world, session, call))


def _end(world: World, session: Record, call: Call | None = None) -> Record:
    session |= {"status": "expired", "url": None}
    world.store.put(session)
    world.emit("checkout.session.expired", session, call)
    return session


def pay(world: World, id_: str, method: str, *, later: bool = False) -> Record:
    """Pay an open session on the hosted page. A session that is not open stays as it is.

    ``later``: the money is not there yet, as with every debit from a bank account; see ``end_payment``.
    """
    session = load(world, id_)
    if session["status"] != "open" or method not in session["payment_method_types"]:
        return session
    later = later or method in money.BANK_DEBIT
    act = payments.start if later else payments.succeed
    act(world, _intent(world, session), method, session["customer_email"])
    details = dict.fromkeys(("address", "business_name", "individual_name", "name", "phone"))
    session |= {
        "status": "complete",
        "payment_status": "unpaid" if later else "paid",
        "url": None,
        "customer_details": details | {"email": session["customer_email"], "tax_exempt": "none", "tax_ids": []},
    }
    world.store.put(session)
    world.emit("checkout.session.completed", session)
    return session


def end_payment(world: World, id_: str, *, failed: bool = False) -> Record:
    """Let the bank answer a payment that was begun and is processing. :raises ApiError: none is."""
    session = load(world, id_)
    intent = world.store.objects.get(session["payment_intent"] or "", {})
    if intent.get("status") != "processing":
        raise ApiError("This payment is not processing.")
    payments.end(world, intent, failed=failed)
    session["payment_status"] = "unpaid" if failed else "paid"
    world.store.put(session)
    world.emit(f"checkout.session.async_payment_{'failed' if failed else 'succeeded'}", session)
    return session


def decline(world: World, id_: str) -> Record:
    """Let the card be declined; the session stays open."""
    session = load(world, id_)
    if session["status"] == "open":
        payments.fail(world, _intent(world, session), session["customer_email"])
    return session


def _intent(world: World, session: Record) -> Record:
    if session["payment_intent"] is None:
        session["payment_intent"] = payments.begin(world, session)["id"]
        world.store.put(session)
    return world.get(session["payment_intent"], "payment_intent")


ROUTES = (
    Route("POST", "/v1/checkout/sessions", SessionCreateParams, create, sessions.SERVED),
    Route("GET", "/v1/checkout/sessions", SessionListParams, list_, lists.PAGING | {"payment_intent", "status"}),
    Route("GET", "/v1/checkout/sessions/{id}", SessionRetrieveParams, retrieve),
    Route("POST", "/v1/checkout/sessions/{id}/expire", SessionExpireParams, expire),
    Route(
        "GET",
        "/v1/checkout/sessions/{id}/line_items",
        SessionLineItemListParams,
        line_items,
        lists.PAGING - {"created"},
    ),
)
