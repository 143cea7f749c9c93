"""One shape for everything that goes wrong: ``{"error": {"code", "message", "field", "params"}}``.

``code`` is stable and for programs, ``message`` is in the caller's language, ``field`` a JSON pointer or null,
``params`` what a program may need besides. Several wrong fields are all in ``params.fields``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db import DataError, connection
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from s2b2c.kernel.errors import OutOfStock, PriceOutOfBand, Refused


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Give the answer for an error somebody can act on, None for a bug.

    Services have rolled back what they began when it gets here.
    """
    known = _translated(error)
    if known is None:
        return None
    if isinstance(error, DataError) and connection.in_atomic_block:
        connection.set_rollback(True)  # PostgreSQL has given this transaction up
    if isinstance(known, Refused):
        return Response(_refused(known), status=known.status)
    headers: dict[str, str] = {}
    if getattr(known, "auth_header", None):
        headers["WWW-Authenticate"] = known.auth_header  # type: ignore[attr-defined]
    if getattr(known, "wait", None):
        headers["Retry-After"] = str(int(known.wait) + 1)  # type: ignore[attr-defined]
    status = 422 if isinstance(known, exceptions.ValidationError) else known.status_code
    return Response(_drf(known), status=status, headers=headers)


def body(code: str, message: str, *, field: str | None = None, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """Give the envelope."""
    return {"error": {"code": code, "message": str(message), "field": field, "params": params or {}}}


def not_found(request: Any, exception: Exception | None = None) -> JsonResponse:
    """Answer an address below ``/api/`` that is nobody's."""
    return JsonResponse(body("not_found", _("There is nothing at this address.")), status=404)


def _translated(error: Exception) -> Refused | exceptions.APIException | None:
    """Give the API's own error for Django's and the database's."""
    if isinstance(error, Refused | exceptions.APIException):
        return error
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, RequestDataTooBig):
        return Refused("too_large", _("This is too much at once."), status=413)
    if isinstance(error, BadRequest | SuspiciousOperation):
        return exceptions.ParseError()
    if isinstance(error, ValidationError):
        return exceptions.ValidationError({"": error.messages})
    if isinstance(error, DataError):  # a number or text no column holds, past all checks of shape
        return Refused("out_of_range", _("A number or text here is too large."))
    return None


def _refused(error: Refused) -> dict[str, Any]:
    params = dict(error.params)
    if isinstance(error, OutOfStock):
        names = ("variant", "wanted", "available")
        params["lines"] = [dict(zip(names, line, strict=True)) for line in error.lines]
    if isinstance(error, PriceOutOfBand):
        params["nearest_minor"] = error.nearest_minor
    return body(error.code, str(error), field=error.field, params=params)


def _drf(error: exceptions.APIException) -> dict[str, Any]:
    if not isinstance(error, exceptions.ValidationError):
        code = getattr(error.detail, "code", error.default_code)
        return body("not_found" if error.status_code == 404 else code, str(error.detail))
    fields = [{"field": where, "code": d.code, "message": str(d)} for where, d in _leaves(error.detail, "")]
    first = fields[0] if fields else {"field": None, "message": _("Please check what you sent.")}
    return body("invalid", str(first["message"]), field=first["field"] or None, params={"fields": fields})


def _leaves(detail: Any, where: str) -> Iterator[tuple[str, exceptions.ErrorDetail]]:
    """Walk nested errors; non-field ones belong to what surrounds them."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _leaves(inner, where if name in ("non_field_errors", "") else f"{where}/{name}")
    elif isinstance(detail, list | tuple):
        nested = any(isinstance(inner, dict | list) for inner in detail)
        for index, inner in enumerate(detail):
            yield from _leaves(inner, f"{where}/{index}" if nested else where)
    else:
        yield where, detail if isinstance(detail, exceptions.ErrorDetail) else exceptions.ErrorDetail(str(detail))
