"""The API proper: key, route, parameters, idempotency, answer. Knows nothing of sockets."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import stripe

from tests.fakestripe import params, resources
from tests.fakestripe.errors import ApiError, not_served
from tests.fakestripe.store import new_id
from tests.fakestripe.world import Call, World, expand

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
    if "stripe-account" in request.headers:
        raise not_served("calls for a connected account")
    found = resources.find(request.method, request.path)
    if found is None:
        raise ApiError(f"Unrecognized request URL ({request.method}: {request.path}).", status=404)
    route, ids = found
    checked = params.check(params.decode(request.form), route.shape)
    route.refuse_unserved(checked)
    call = Call(world, checked, ids, headers["Request-Id"], request.headers.get("idempotency-key"), request.method)
    if request.method != "POST" or call.idempotency_key is None:
        done = _done(call, route.answer, headers)
        world.commit()
        return done
    headers["Idempotency-Key"] = call.idempotency_key
    return _once(call, route.answer, request, headers)


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


def _once(call: Call, function: Any, request: Request, headers: dict[str, str]) -> Answer:
    """Do it once per idempotency key; the same request again gets the same answer again.

    The effect and the remembered answer are committed together.
    """
    world, key = call.world, call.idempotency_key or ""
    if len(key) > 255:
        raise ApiError("Idempotency keys can be at most 255 characters.", saved=False)
    digest = hashlib.sha256(json.dumps(call.params, sort_keys=True, default=str).encode()).hexdigest()
    known = world.store.answers.get(key)
    if known and known["created"] > world.now() - KEYS_LIVE:
        _refuse_other_use(known, key, request.path, digest)
        replay = {"Idempotent-Replayed": "true", "Original-Request": known["request_id"]}
        return Answer(known["status"], known["body"], headers | replay)
    try:
        done = _done(call, function, headers)
    except ApiError as error:
        if not error.saved:
            raise
        done = Answer(error.status, error.body, headers)
    record = {"id": key, "created": world.now(), "path": request.path, "digest": digest}
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
