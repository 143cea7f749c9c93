"""JSON whose keys keep their order: jsonb sorts them by length."""

from __future__ import annotations

from typing import Any

from django.db import models

_AT = "at"


class OrderedJSONField(models.JSONField):
    """Keeps the order of dictionaries of dictionaries: each inner one carries its place, seen by nobody but here."""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(numbered(value), connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return in_order(super().from_db_value(value, expression, connection))

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """To a migration this is a plain JSONField: the column is the same."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", list(args), kwargs


def numbered(value: Any) -> Any:
    """Give the value with the place of each dictionary among its siblings."""
    if not isinstance(value, dict):
        return value
    inner = {key: numbered(each) for key, each in value.items()}
    if inner and all(isinstance(each, dict) for each in inner.values()):
        return {key: {**each, _AT: place} for place, (key, each) in enumerate(inner.items())}
    return inner


def in_order(value: Any) -> Any:
    """Give the value as it was before ``numbered``."""
    if not isinstance(value, dict):
        return value
    inner = [(key, in_order(each)) for key, each in value.items()]
    if inner and all(isinstance(each, dict) for _key, each in inner):
        inner.sort(key=lambda pair: pair[1].get(_AT, len(inner)))
        return {key: {name: word for name, word in each.items() if name != _AT} for key, each in inner}
    return dict(inner)
