"""Pages by key: no page number, no COUNT, and nothing shown twice when rows come in meanwhile."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from s2b2c.kernel.errors import Refused

_SALT = "api.cursor"


class KeysetPagination(BasePagination):
    """Answers ``{"items": […], "next": "https://…" | null}``; the view's ``ordering`` names fields without nulls.

    The order is made total by the primary key. A cursor is signed, and good for the list it came from only.
    """

    ordering: tuple[str, ...] = ("-pk",)
    page_size = 50
    max_page_size = 200

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        size = _size(request, self.page_size, self.max_page_size)
        order = _total(tuple(getattr(view, "ordering", None) or self.ordering))
        self._request = request
        after = request.query_params.get("cursor")
        if after:
            queryset = queryset.filter(_beyond(queryset.model, order, _opened(after, order)))
        rows = list(queryset.order_by(*order)[: size + 1])
        self._next = _sealed(rows[size - 1], order) if len(rows) > size else None
        return rows[:size]

    def get_paginated_response(self, data: Any) -> Response:
        link = None
        if self._next:
            link = replace_query_param(self._request.build_absolute_uri(), "cursor", self._next)
        return Response({"items": data, "next": link})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["items", "next"],
            "properties": {
                "items": schema,
                "next": {"type": "string", "format": "uri", "nullable": True},
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        limit = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return [
            {"name": "limit", "in": "query", "required": False, "description": "Rows a page.", "schema": limit},
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "As given in `next` of the page before.",
                "schema": {"type": "string"},
            },
        ]


def _size(request: Request, usual: int, most: int) -> int:
    text = request.query_params.get("limit")
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= most):
        raise Refused("limit", _("“limit” is a number from 1 to %(most)s."), field="limit", most=most)
    return int(text)


def _total(order: tuple[str, ...]) -> tuple[str, ...]:
    if any(name.lstrip("-") in ("pk", "id") for name in order):
        return order
    return (*order, "-pk" if order[-1].startswith("-") else "pk")


def _sealed(row: Model, order: tuple[str, ...]) -> str:
    fields = [_field(type(row), name) for name in order]
    values = [field.value_to_string(row) for field in fields]
    return signing.dumps([list(order), values], salt=_SALT, compress=False)


def _opened(cursor: str, order: tuple[str, ...]) -> list[str]:
    try:
        sealed_order, values = signing.loads(cursor, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Refused("cursor", _("This cursor is not valid. Begin with the first page."), field="cursor") from error
    if tuple(sealed_order) != order:
        raise Refused("cursor", _("This cursor belongs to another list."), field="cursor")
    return list(values)


def _beyond(model: type[Model], order: tuple[str, ...], values: list[str]) -> Q:
    """Give ``a > x OR (a = x AND b > y) …``, with ``a >= x`` in front so that an index is used."""
    condition, equal, first = Q(), Q(), Q()
    for index, (name, text) in enumerate(zip(order, values, strict=True)):
        field, sign = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        value = _field(model, name).to_python(text)
        if index == 0:
            first = Q(**{f"{field}__{sign}e": value})
        condition |= equal & Q(**{f"{field}__{sign}": value})
        equal &= Q(**{field: value})
    return first & condition


def _field(model: type[Model], name: str) -> Any:
    plain = name.lstrip("-")
    return model._meta.pk if plain == "pk" else model._meta.get_field(plain)
