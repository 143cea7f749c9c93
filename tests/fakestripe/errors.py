"""Errors in Stripe's shape: ``{"error": {"type", "code", "message", "param"}}`` and a status."""

from __future__ import annotations

from typing import Any

DOCS = "https://docs.stripe.com/error-codes/"


class ApiError(Exception):
    """An answer other than 200. ``saved`` says whether an idempotency key remembers it.

    Stripe remembers an answer once the endpoint began its work: a refusal of the parameters, the key
    or the rate is not remembered and may be tried again with the same idempotency key.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        type_: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        saved: bool = True,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.saved = saved
        error = {"message": message, "type": type_, "code": code, "param": param, **extra}
        if code:
            error["doc_url"] = DOCS + code.replace("_", "-")
        self.body = {"error": {name: value for name, value in error.items() if value is not None}}


def no_such(kind: str, id_: str, param: str) -> ApiError:
    """Give the 404 Stripe answers for an id it doesn't have."""
    return ApiError(f"No such {kind}: '{id_}'", status=404, code="resource_missing", param=param)


def not_served(what: str, param: str | None = None) -> ApiError:
    """Give a plain refusal of something Stripe has and this fake has not: better loud than ignored."""
    return ApiError(f"The fake Stripe does not serve {what}.", code="fake_not_served", param=param, saved=False)
