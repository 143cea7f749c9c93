"""The API proper: key, route, parameters, idempotency, answer. Knows nothing of sockets."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import stripe

from tests.fakestripe import params, resources
from tests.fakestripe.errors import ApiError, not_served
from tests.fakestripe.store import new_id
from tests.fakestripe.world import Call, Route, World, expand

KEYS_LIVE = 24 * 3600


@dataclass(frozen=True)
class Request:
    """What came in: ``form`` is the query of a GET, the body of a POST. Header names in lower case."""

    method: str
    path: str
    form: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What goes out."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)


def answer(world: World, request: Request) -> Answer:
    """Answer one request of the API; everything it changed is durable when this returns."""
    headers = {"Request-Id": new_id("req_", 14), "Stripe-Version": request.headers.get("stripe-version", "")}
    headers["Stripe-Version"] = headers["Stripe-Version"] or stripe.api_version
    try:
        with world.lock:
            return _answer(world, request, headers)
    except ApiError as error:
        return Answer(error.status, error.body, headers)


def _answer(world: World, request: Request, headers: dict[str, str]) -> Answer:
    _check_key(world, request.headers.get("authorization", ""))
    found = resources.find(request.method, request.path)
    if found is None:
        raise ApiError(f"Unrecognized request URL ({request.method}: {request.path}).", status=404)
    route, ids = found
    account = _account(world, route, request.headers.get("stripe-account", ""))
    checked = params.check(params.decode(request.form), route.shape)
    route.refuse_unserved(checked)
    key = request.headers.get("idempotency-key")
    call = Call(world, checked, ids, headers["Request-Id"], key, request.method, account)

    def work() -> Answer:
        _fail_on_demand(world, request.path, request.method)
        return _done(call, route.answer, headers)

    if request.method != "POST" or call.idempotency_key is None:
        done = work()
        world.commit()
        return done
    headers["Idempotency-Key"] = call.idempotency_key
    return _once(call, work, request, headers)


def _account(world: World, route: Route, account: str) -> str:
    """Give the connected account a call is for; Stripe doesn't say whether it exists or isn't ours."""
    if not account:
        return ""
    if world.store.objects.get(account, {}).get("object") != "account":
        message = f"The provided key does not have access to account '{account}' (or that account does not exist)."
        raise ApiError(message, status=403, code="account_invalid", saved=False)
    if not route.connected:
        raise not_served(f"{route.method} {route.path} for a connected account")
    return account


def _fail_on_demand(world: World, path: str, method: str) -> None:
    """Let a fault happen inside the endpoint: an idempotency key remembers it, as Stripe's do."""
    if refused := world.faults.take("refuse", path, method):
        raise ApiError(f"The request was refused: {refused.code}.", code=refused.code)
    if broken := world.faults.take("broken", path, method):
        raise ApiError("Something went wrong on our end.", status=broken.status, type_="api_error")


def _check_key(world: World, authorization: str) -> None:
    scheme, _, key = authorization.partition(" ")
    if scheme.lower() == "basic":
        key = base64.b64decode(key + "==").decode(errors="replace").partition(":")[0]
    if not key:
        message = "You did not provide an API key. You need to provide your API key in the Authorization header."
        raise ApiError(message, status=401, saved=False)
    if key != world.api_key:
        shown = f"{key[:8]}{'*' * 8}{key[-4:]}" if len(key) > 16 else "*" * 8
        raise ApiError(f"Invalid API Key provided: {shown}", status=401, saved=False)


def _done(call: Call, function: Any, headers: dict[str, str]) -> Answer:
    body = expand(call.world, function(call), call.params.get("expand", []))
    return Answer(200, body, headers)


def _once(call: Call, work: Callable[[], Answer], request: Request, headers: dict[str, str]) -> Answer:
    """Do it once per idempotency key; the same request again gets the same answer again.

    The effect and the remembered answer are committed together.
    """
    world, key = call.world, call.idempotency_key or ""
    if len(key) > 255:
        raise ApiError("Idempotency keys can be at most 255 characters.", saved=False)
    digest = hashlib.sha256(json.dumps(call.params, sort_keys=True, default=str).encode()).hexdigest()
    known = world.store.answers.get(call.account + key)  # each account has keys of its own
    if known and known["created"] > world.now() - KEYS_LIVE:
        _refuse_other_use(known, key, request.path, digest)
        replay = {"Idempotent-Replayed": "true", "Original-Request": known["request_id"]}
        return Answer(known["status"], known["body"], headers | replay)
    try:
        done = work()
    except ApiError as error:
        if not error.saved:
            raise
        done = Answer(error.status, error.body, headers)
    record = {"id": call.account + key, "created": world.now(), "path": request.path, "digest": digest}
    world.store.put(record | {"request_id": call.request_id, "status": done.status, "body": done.body}, "answers")
    world.commit()
    return done


def _refuse_other_use(known: dict[str, Any], key: str, path: str, digest: str) -> None:
    other = f"Try using a key other than '{key}' if you meant to execute a different request."
    if known["path"] != path:
        where = f"for the same endpoint they were first used for ('{path}' vs '{known['path']}')"
        raise ApiError(
            f"Keys for idempotent requests can only be used {where}. {other}", type_="idempotency_error", saved=False
        )
    if known["digest"] != digest:
        message = "Keys for idempotent requests can only be used with the same parameters they were first used with."
        raise ApiError(f"{message} {other}", type_="idempotency_error", saved=False)
