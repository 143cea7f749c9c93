"""``request.membership`` for frames and pages that no role decorator guards."""

from __future__ import annotations

from collections.abc import Callable

from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from s2b2c.accounts.http import Request
from s2b2c.accounts.models import Membership
from s2b2c.accounts.selectors import memberships


class MembershipMiddleware:
    """Sets ``request.membership``: asked for only when looked at, and false where there is none."""

    def __init__(self, get_response: Callable[[Request], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        request.membership = SimpleLazyObject(lambda: _membership(request))  # type: ignore[assignment]
        return self.get_response(request)


def _membership(request: Request) -> Membership | None:
    if not getattr(request.user, "is_authenticated", False):
        return None
    if request.audience == "supply" or (request.audience == "office" and request.reseller is not None):
        return memberships.of(request.user, request.reseller)
    return None
