"""What the views of every API share: shapes in and out, refusals, and how a method is written down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

# Ids end where the numbers of JavaScript do.
ID: dict[str, Any] = {"min_value": 1, "max_value": 9_007_199_254_740_991}


class Problem(s.Serializer[Any]):
    code = s.CharField(help_text="Stable, for programs.")
    message = s.CharField(help_text="In the caller's language.")
    field = s.CharField(allow_null=True)
    params = s.DictField()


class Refusal(s.Serializer[Any]):
    """Anything that goes wrong."""

    error = Problem()


def described(
    summary: str,
    answer: Any,
    *,
    refusals: Iterable[int],
    body: Any = None,
    status: int = 200,
    parameters: Any = (),
    name: str | None = None,
) -> Any:
    """Write a method down for the schema: its answer, and the refusals it may give."""
    return extend_schema(
        summary=summary,
        operation_id=name,
        request=body,
        responses={status: answer, **dict.fromkeys(refusals, Refusal)},
        parameters=list(parameters),
    )


def valid(shape: Any, data: Any) -> dict[str, Any]:
    """Check data against its shape.

    :raises ValidationError: it doesn't fit.
    """
    serializer = shape(data=data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def query(shape: Any, request: Request) -> dict[str, Any]:
    """Read the query's words that a shape knows."""
    return valid(shape, {name: value for name, value in request.query_params.items() if value})


def answer(shape: Any, data: Any, status: int = 200) -> Response:
    """Give data in a shape."""
    return Response(shape(data).data, status=status)
