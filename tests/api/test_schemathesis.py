"""Every operation of both APIs, fed with what the schema allows and with what it forbids (Schemathesis).

No answer is an error of ours, each is described, and each has the shape that was promised.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import pytest
import schemathesis
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from s2b2c.api import scopes
from s2b2c.wsgi import application
from tests import factories
from tests.api.conftest import make_key

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

EXAMPLES = 15
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
HOSTS = {"shop": "rose.localhost", "supply": "supply.localhost"}


def load(audience: str) -> Any:
    described = SchemaGenerator(urlconf=f"s2b2c.urls.{audience}").get_schema(public=True)
    schema = schemathesis.openapi.from_dict(json.loads(json.dumps(described)))
    schema.app = application
    return schema


@pytest.fixture
def world(settings: Any) -> dict[str, Any]:
    """A shop with goods, a bag and orders, and what is needed to find them."""
    settings.REST_FRAMEWORK = {
        **settings.REST_FRAMEWORK,
        "DEFAULT_THROTTLE_RATES": dict.fromkeys(("shop", "supply", "client"), "1000000/min"),
    }
    factories.company()
    factories.terms()
    rose = factories.reseller("rose")
    product = factories.product("Mug", slug="mug", code="MUG", variants=2, stock=50)
    factories.listing(rose, product)
    variant = factories.first_variant(product)
    order = factories.buy(rose, variant, 2)
    return {
        "keys": {"shop": make_key(rose, *scopes.SHOP), "supply": make_key(None, *scopes.SUPPLY)},
        "known": known(rose, product, variant, order),
    }


def known(rose: Any, product: Any, variant: Any, order: Any) -> dict[str, Any]:
    """Give what a path may name, so that not all requests end in 404."""
    from orders.services import cart
    from supplier.models import FulfilmentOrder, Settlement
    from tests.supplier import settling

    with factories.inside(rose):
        token = str(cart.add_line(token=None, variant_id=variant.id, quantity=1).token)
    paths = {"slug": "mug", "code": "MUG", "sku": variant.sku, "variant": variant.id}
    settling.bank(rose)
    settling.sold(rose)
    settling.released()
    sent = FulfilmentOrder.objects.get(order__order_number=order.number).number
    number = {"settlement": Settlement.objects.get().number, "shop": order.number}
    return {
        **paths,
        "number": defaultdict(lambda: sent, number),
        "token": {"carts": token, "orders": order.token},
        "cart": token,
    }


def strategy(operation: Any) -> st.SearchStrategy[Any]:
    right = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    wrong = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    return st.tuples(st.one_of(right, right, wrong), st.integers(0, 2))


@pytest.mark.parametrize("audience", HOSTS)
def test_answers_keep_to_the_schema(audience: str, world: dict[str, Any], subtests: Any) -> None:
    headers = {"Authorization": f"Bearer {world['keys'][audience]}"}
    operations = [found.ok() for found in load(audience).get_all_operations()]
    assert len(operations) > 10
    for operation in operations:
        with subtests.test(operation.label):
            feed(operation, f"http://{HOSTS[audience]}", headers, world["known"])


def feed(operation: Any, base_url: str, headers: dict[str, str], known: dict[str, Any]) -> None:
    """Send what fits and what does not, to things that exist and to others."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy(operation))
    def run(drawn: tuple[Any, int]) -> None:
        case, luck = drawn
        if luck:
            lead_home(case, known)
        case.headers.pop("Authorization", None)
        answer = case.call(base_url=base_url, headers=headers)
        case.validate_response(answer, checks=CHECKS)

    run()


def lead_home(case: Any, known: dict[str, Any]) -> None:
    """Let path and body name what exists."""
    for name in case.path_parameters or {}:
        value = known.get(name)
        case.path_parameters[name] = value[case.path.split("/")[3]] if isinstance(value, dict) else value
    if isinstance(case.body, dict):
        for name in ("variant", "sku", "cart"):
            if name in case.body:
                case.body[name] = known[name]
