"""Errors a person can act on. Everything else is a bug and rises."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """The request was understood and is refused; nothing was changed.

    ``code`` is stable and part of the API; ``message`` is translatable; ``field`` names the form field
    or JSON pointer concerned; ``status`` is the HTTP status: 422 for content, 409 for state.
    """

    code: str = "refused"
    status: int = 422
    message: str | Promise = _("This can't be done.")

    def __init__(
        self,
        code: str | None = None,
        message: str | Promise | None = None,
        *,
        field: str | None = None,
        status: int | None = None,
        **params: Any,
    ) -> None:
        self.code = code or self.code
        self.field = field
        self.status = status or self.status
        self.params = params
        text = message if message is not None else self.message
        self.message = str(text) % params if params else text
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message)


class NotFound(Refused):
    code, status, message = "not_found", 404, _("This doesn't exist, or isn't yours to see.")


class StateRefused(Refused):
    """The thing is in a state that does not allow this step."""

    code, status, message = "state", 409, _("This is no longer possible.")


class OutOfStock(Refused):
    """``lines``: ``[(variant_id, wanted, available)]`` for every line that cannot be met."""

    code, status = "out_of_stock", 409
    message = _("Some of these are no longer in stock.")

    def __init__(self, lines: list[tuple[int, int, int]]) -> None:
        self.lines = lines
        super().__init__()


class PriceOutOfBand(Refused):
    """``nearest_minor`` is the closest price that would be accepted."""

    code = "price_out_of_band"

    def __init__(self, message: str | Promise, *, nearest_minor: int, field: str | None = None) -> None:
        self.nearest_minor = nearest_minor
        super().__init__(None, message, field=field)


class Unavailable(Refused):
    """A service outside ours did not answer; trying again later is safe."""

    code, status, message = "unavailable", 503, _("A service we need did not answer. Please try again in a minute.")


class GatewayUnavailable(Unavailable):
    """A provider did not answer, or not sensibly. It may have done what was asked: repeat with the same key."""


class GatewayError(RuntimeError):
    """A provider understood and says the request is wrong: a bug or a setting of ours, no user's fault."""
