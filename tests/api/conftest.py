"""Keys, clients and a small API to try the ground on. ``tests/api`` of an app may import what is here."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from s2b2c.api.services import keys
from s2b2c.tenancy.models import Reseller
from tests import factories


class ApiClient(Client):
    """Speaks JSON to one host, with a key if there is one.

    >>> ApiClient("rose.localhost", key).send("post", "/api/v1/carts/", {"lines": []})
    """

    def __init__(self, host: str, key: str = "") -> None:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        super().__init__(HTTP_HOST=host, headers=headers, raise_request_exception=False)

    def send(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        """Send JSON and give the response."""
        body = json.dumps(data) if data is not None else ""
        return self.generic(method.upper(), path, body, content_type="application/json", headers=headers or None)


def make_key(reseller: Reseller | None, *scopes: str) -> str:
    """Give the secret of a new key of a shop, or of S."""
    owner = factories.member(reseller, "owner" if reseller else "admin")
    return keys.create(actor=owner, name="test", scopes=scopes, reseller=reseller)[1]


@pytest.fixture
def rose(db: None) -> Reseller:
    return factories.reseller("rose")


@pytest.fixture
def tulip(db: None) -> Reseller:
    return factories.reseller("tulip")


Call = Callable[..., Response]


@pytest.fixture
def call(db: None) -> Call:
    """``call(View, "post", {...}, reseller=rose, key=secret)``: a view, as HostMiddleware would have reached it."""
    factory = APIRequestFactory()

    def run(
        view: Any,
        method: str = "get",
        data: Any = None,
        *,
        reseller: Reseller | None = None,
        key: str = "",
        query: str = "",
        address: str = "192.0.2.1",
        raw: bytes | None = None,
        headers: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> Response:
        content = raw if raw is not None else (b"" if data is None else json.dumps(data).encode())
        given = {**({"authorization": f"Bearer {key}"} if key else {}), **(headers or {})}
        request = factory.generic(
            method.upper(),
            f"/api/v1/things/{query}",
            content,
            content_type="application/json",
            headers=given,
            REMOTE_ADDR=address,
        )
        request.reseller = reseller
        request.audience = "shop" if reseller else "supply"
        response = view.as_view()(request, **kwargs)
        response.render()
        return response

    return run
