"""Canary words in every text column: what sings elsewhere has leaked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import models

from s2b2c.tenancy.models import Reseller
from tests import factories

# Columns whose words are the program's, not somebody's.
MACHINE = {
    "look", "hero_plate", "plate", "tint", "currency", "country", "countries", "language", "method", "status", "state",
    "paid", "kind", "provider", "shipping", "pricing", "terms", "look_overrides", "topic", "handler", "key", "key_hash",
    "digest", "token_hash", "prefix", "schema_name", "schema_version", "file", "scopes", "search_text", "request_key", "page_url",
    "session_id", "payment_intent", "login", "order_token",
}  # fmt: skip
# Kept as they are.
NAMES = {"slug", "sku", "code"}
# Known only to whom they were told: kept, and looked for.
SECRET = {"number", "token", "order_number"}
KEYS_KEPT = {"country", "carrier_code", "tint", "type", "status"}


def hang(rows: Iterable[models.QuerySet[Any]], word: str) -> Iterator[str]:
    """Write a canary into every text column of the rows; give all canaries, and the secrets that were there."""
    for queryset in rows:
        for row in queryset:
            changed = {field.name: _sung(field, row, word) for field in _texts(type(row))}
            changed = {name: value for name, value in changed.items() if value is not None}
            type(row)._base_manager.filter(pk=row.pk).update(**changed)
            yield from (str(getattr(row, name)) for name in SECRET if hasattr(row, name) and getattr(row, name))
    yield word


def tables_of_a_shop() -> list[models.QuerySet[Any]]:
    """Give all rows of the shop one is in."""
    return [
        model._base_manager.all()
        for label in ("reseller", "orders")
        for model in apps.get_app_config(label).get_models()
    ]


def _texts(model: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    for field in model._meta.concrete_fields:
        if isinstance(field, models.CharField | models.TextField | models.JSONField) and not field.choices:
            if field.name not in MACHINE | SECRET | NAMES:
                yield field


def _sung(field: models.Field[Any, Any], row: models.Model, word: str) -> Any:
    value = getattr(row, field.name)
    if isinstance(field, models.JSONField):
        return _in_json(value, word)
    if isinstance(field, models.EmailField):
        return f"{word}{row.pk}@example.com"
    text = f"{word} {row.pk}" if field.unique else word
    return text if field.max_length is None or len(text) <= field.max_length else None


def _in_json(value: Any, word: str) -> Any:
    if isinstance(value, dict):
        return {key: inner if key in KEYS_KEPT else _in_json(inner, word) for key, inner in value.items()}
    if isinstance(value, list):
        return [_in_json(inner, word) for inner in value]
    return word if isinstance(value, str) and not value.isdigit() else value


def furnish(reseller: Reseller, products: list[Any], *, cost: int = 1_000) -> Any:
    """Give a shop of the network goods, customers and orders in several states; give the first order."""
    from orders.services import cancellation
    from tests.orders.buying import ship_all

    own = factories.listing(reseller, products[0], title_en="Own title", text_en="Own text", seen={"text_en": "Seen"})
    factories.listing(reseller, products[1])
    factories.customer(reseller, name="Known", phone="555 0100", address=factories.address())
    variant = factories.first_variant(own.product)
    shipped, cancelled, waiting = (factories.buy(reseller, variant, 2) for _ in range(3))
    ship_all(reseller, shipped)
    with factories.context.entered(reseller):
        cancellation.cancel(order_number=cancelled.number, actor="customer", reason="changed_mind")
    factories.drain()
    return waiting
