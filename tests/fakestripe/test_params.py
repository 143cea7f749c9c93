"""Requests are held against the library's own types."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.fakestripe import params
from tests.fakestripe.conftest import wanted
from tests.fakestripe.resources import ROUTES


@pytest.mark.parametrize(
    ("changes", "param", "code"),
    [
        ({"colour": "red"}, "colour", "parameter_unknown"),
        ({"payment_method_types": ["card"]}, "payment_method_types", "parameter_unknown"),  # gone since 2026-09-30
        ({"payment_intent_data": {"colour": "red"}}, "payment_intent_data[colour]", "parameter_unknown"),
        ({"line_items": [{"price_data": {"x": 1}}]}, "line_items[0][price_data][x]", "parameter_unknown"),
        (
            {"line_items": [{"price_data": {"unit_amount": 1}}]},
            "line_items[0][price_data][currency]",
            "parameter_missing",
        ),
        ({"expires_at": "soon"}, "expires_at", "parameter_invalid_integer"),
        ({"adaptive_pricing": {"enabled": "perhaps"}}, "adaptive_pricing[enabled]", "parameter_invalid_boolean"),
        ({"client_reference_id": ""}, "client_reference_id", "parameter_invalid_empty"),
        ({"locale": "xx"}, "locale", None),
        ({"line_items": "pot"}, "line_items", None),
        ({"metadata": {"k" * 41: "v"}}, "metadata", "parameter_invalid"),
        ({"metadata": {"k": "v" * 501}}, "metadata[k]", "parameter_invalid"),
        ({"metadata": {str(n): "v" for n in range(51)}}, "metadata", "parameter_invalid"),
    ],
)
def test_request_with_wrong_parameter_is_refused(
    client: stripe.StripeClient, changes: dict[str, Any], param: str, code: str | None
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(wanted(**changes))
    assert (refusal.value.http_status, refusal.value.param, refusal.value.code) == (400, param, code)


def test_unknown_parameter_is_refused_in_stripes_words(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(wanted(payment_method_types=["card"]))
    assert refusal.value.user_message == "Received unknown parameter: payment_method_types"


def test_parameter_the_fake_would_ignore_is_refused(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(wanted(customer="cus_1"))
    assert (refusal.value.param, refusal.value.code) == ("customer", "fake_not_served")


def test_checked_parameters_have_python_types() -> None:
    form = "limit=3&created[gte]=5&types[0]=a.b&types[1]=c.d"
    shape = next(route.shape for route in ROUTES if route.path == "/v1/events")
    assert params.check(params.decode(form), shape) == {"limit": 3, "created": {"gte": 5}, "types": ["a.b", "c.d"]}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_route_serves_only_parameters_the_library_has(route: Any) -> None:
    fields = params._fields(route.shape)
    assert sorted(name for name in route.serves if name not in fields) == []
