"""Scripts from anywhere may call a shop's API, never with cookies."""

import pytest

from tests.api.conftest import ApiClient

ORIGIN = {"origin": "https://storefront.example"}


def test_script_from_elsewhere_may_call_a_shop(rose):
    response = ApiClient("rose.localhost").get("/api/v1/schema/", headers=ORIGIN)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response


def test_script_may_ask_first(rose):
    headers = {**ORIGIN, "access-control-request-method": "POST"}
    response = ApiClient("rose.localhost").options("/api/v1/carts/", headers=headers)
    assert (response.status_code, "Idempotency-Key" in response["Access-Control-Allow-Headers"]) == (204, True)


@pytest.mark.parametrize(
    ("host", "path"), [("supply", "/api/v1/schema/"), ("rose", "/"), ("office", "/accounts/login/")]
)
def test_script_from_elsewhere_reads_nothing_else(rose, host, path):
    response = ApiClient(f"{host}.localhost").get(path, headers=ORIGIN)
    assert "Access-Control-Allow-Origin" not in response
