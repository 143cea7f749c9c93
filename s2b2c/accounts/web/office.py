"""The way into the resellers' office, and the pages of a shop that are about people and machines."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role, signed_in, step_up, step_up_to_write
from s2b2c.accounts.selectors import memberships
from s2b2c.accounts.web import staff as staff_pages
from s2b2c.api.web import keys


@never_cache
@signed_in
@require_safe
def shops(request: Request) -> HttpResponseBase:
    """Go to the one shop I work for, or list them; without any, lead to opening one."""
    mine = list(memberships.shops_of(request.user))
    if len(mine) == 1 and mine[0].reseller is not None and "all" not in request.GET:
        return redirect(f"/{mine[0].reseller.slug}/")
    try:
        open_url = reverse("office:open_shop")
    except NoReverseMatch:
        open_url = ""
    if not mine and open_url:
        return redirect(open_url)
    return render(request, "account/shops.html", {"memberships": mine, "open_url": open_url})


@never_cache
@reseller_role("owner")
@require_http_methods(["GET", "HEAD", "POST"])
@step_up_to_write
def staff(request: Request) -> HttpResponse:
    """Who works for the shop, in which role."""
    return staff_pages.page(request)


@never_cache
@reseller_role("owner")
@require_http_methods(["GET", "HEAD", "POST"])
@step_up
def api_keys(request: Request) -> HttpResponse:
    """Keys for the shop's own systems."""
    return keys.page(request)
