"""Who may open a view. Every view of ours carries one of these decorators; tests/house holds that.

``@public`` anyone · ``@signed_in`` any staff user · ``@supplier_role("catalogue")`` staff of S in that role
· ``@reseller_role("manager")`` staff of the shop in the URL in that role. Without names any role of that
side will do; ``admin`` and ``owner`` always may. The anonymous are asked to sign in, strangers are told
404, the wrong role 403. Below a shop the URL's ``shop`` argument is taken off: the shop is ``request.reseller``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from s2b2c.accounts.http import Request
from s2b2c.accounts.models import Membership
from s2b2c.accounts.selectors import memberships

View = TypeVar("View", bound=Callable[..., Any])

ANYONE: frozenset[str] = frozenset()
SIDES = {"supply": Membership.SUPPLIER_ROLES, "office": Membership.RESELLER_ROLES}
CHIEFS = {"supply": "admin", "office": "owner"}


def public(view: View) -> View:
    """Mark a view as open to anyone; for a class: ``public(View.as_view())``."""
    view.required_side, view.required_roles = "public", ANYONE  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Let any staff user in, whatever their memberships."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        return view(request, *args, **kwargs)

    return _marked(guarded, "signed_in", ANYONE)


def supplier_role(*roles: str) -> Callable[[View], View]:
    """Let staff of S in one of these roles in. Sets ``request.membership``."""
    return _role("supply", roles)


def reseller_role(*roles: str) -> Callable[[View], View]:
    """Let staff of ``request.reseller`` in one of these roles in. Sets ``request.membership``."""
    return _role("office", roles)


def step_up(view: View) -> View:
    """Ask for the password or second factor again unless that was within the last minutes (keys, payouts, banks).

    Goes below the role decorator. A form that was sent meanwhile is shown again, empty, after the confirmation.
    """

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_reauthentication_required(request, app="s2b2c.accounts"):
            return view(request, *args, **kwargs)
        return _go(request, f"{reverse('account_reauthenticate')}?{urlencode({'next': _here(request)})}")

    return guarded  # type: ignore[return-value]


def step_up_to_write(view: View) -> View:
    """As ``step_up``, but whoever only looks is not asked."""
    asked = step_up(view)

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        chosen = view if request.method in ("GET", "HEAD") else asked
        return chosen(request, *args, **kwargs)

    return guarded  # type: ignore[return-value]


def ask_to_sign_in(request: Request) -> HttpResponseBase:
    """Send to the log-in page, and back here afterwards."""
    return _go(request, redirect_to_login(_here(request), reverse(settings.LOGIN_URL)).url)


def _role(side: str, roles: tuple[str, ...]) -> Callable[[View], View]:
    unknown = set(roles) - set(SIDES[side])
    if unknown:
        raise ValueError(f"{sorted(unknown)} are no roles of {side}: {SIDES[side]}")
    wanted = frozenset(roles or SIDES[side]) | {CHIEFS[side]}

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if side == "office":
                kwargs.pop("shop", None)
            refused = _refusal(request, side, wanted)
            return view(request, *args, **kwargs) if refused is None else refused

        return _marked(guarded, side, wanted)

    return decorate


def _refusal(request: Request, side: str, wanted: frozenset[str]) -> HttpResponseBase | None:
    """Give the answer for who may not enter, None for who may.

    :raises Http404: a stranger. :raises PermissionDenied: the wrong role.
    """
    if request.audience != side or (side == "office" and request.reseller is None):
        raise Http404
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    membership = memberships.of(request.user, request.reseller)
    request.membership = membership
    if membership is None:
        raise Http404
    if side == "supply" and settings.SUPPLIER_MFA_REQUIRED and membership.needs_second_factor:
        return _go(request, f"{reverse('mfa_index')}?{urlencode({'next': _here(request)})}")
    if membership.role not in wanted:
        raise PermissionDenied
    return None


def _here(request: Request) -> str:
    """Give the page the user is on: of a form or an htmx fragment, the page around it."""
    if not request.headers.get("HX-Request"):
        return request.get_full_path()
    address = request.headers.get("HX-Current-URL", "").removeprefix(f"{request.scheme}://{request.get_host()}")
    return address if address.startswith("/") and not address.startswith("//") else "/"


def _go(request: Request, url: str) -> HttpResponse:
    """Redirect the whole page, also when only a fragment was asked for."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponse(status=302, headers={"Location": url})


def _marked(view: Callable[..., Any], side: str, roles: frozenset[str]) -> Any:
    view.required_side, view.required_roles = side, roles  # type: ignore[attr-defined]
    return view
