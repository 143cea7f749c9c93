"""Account links: one visit to the hosted onboarding page."""

from __future__ import annotations

from urllib.parse import urlsplit

from stripe.params import AccountLinkCreateParams

from tests.fakestripe.errors import ApiError
from tests.fakestripe.resources import accounts
from tests.fakestripe.store import Record, new_id
from tests.fakestripe.world import Call, Route, World

FIVE_MINUTES = 300


def create(call: Call) -> Record:
    """POST /v1/account_links"""
    params, world = call.params, call.world
    account = accounts.load(world, params["account"])
    if params["type"] == "account_update":
        raise ApiError("Account links of type account_update are not for Express accounts.", param="type")
    for name in ("refresh_url", "return_url"):
        parts = urlsplit(params.get(name, ""))
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ApiError("Not a valid URL", param=name, code="url_invalid")
    token = new_id("", 20)
    urls = {"_refresh_url": params["refresh_url"], "_return_url": params["return_url"]}
    link = {
        "id": f"_link_{token}",  # kept under this name; the API shows none
        "_account_id": account["id"],
        **urls,
        "object": "account_link",
        "created": world.now(),
        "expires_at": world.now() + FIVE_MINUTES,
        "url": f"{world.public_url}/setup/e/{account['id']}/{token}",
    }
    world.store.put(link)
    return {name: link[name] for name in ("object", "created", "expires_at", "url")}


def load(world: World, account: str, token: str) -> Record:
    """Give a link by the parts of its address. :raises ApiError: there is none."""
    link = world.get(f"_link_{token}", "account_link")
    if link["_account_id"] != account:
        raise ApiError("No such link", status=404)
    return link


def over(world: World, link: Record) -> bool:
    """Say whether the link was used or is too old: Stripe then sends the browser to ``refresh_url``."""
    return link.get("_used", False) or link["expires_at"] <= world.now()


def use(world: World, link: Record, outcome: str) -> None:
    """End the visit: ``submit``, ``more`` (and be asked for a document) or ``leave`` (nothing changes)."""
    if outcome in ("submit", "more"):
        accounts.submit(world, link["_account_id"], more=outcome == "more")
    link["_used"] = True
    world.store.put(link)


ROUTES = (
    Route(
        "POST",
        "/v1/account_links",
        AccountLinkCreateParams,
        create,
        frozenset(["account", "collection_options", "refresh_url", "return_url", "type"]),
    ),
)
