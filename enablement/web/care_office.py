"""Where a shop's complaints were listed once: they are cases of help, and old addresses lead there."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from enablement.selectors import care
from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import reseller_role
from s2b2c.kernel.errors import NotFound
from s2b2c.tenancy import context


@reseller_role()
@require_safe
def index(request: Request) -> HttpResponseBase:
    """Lead to the cases."""
    assert request.reseller is not None
    return redirect("office:cases", request.reseller.slug)


@reseller_role()
@require_safe
def page(request: Request, number: str) -> HttpResponseBase:
    """Lead to the case of a complaint of this shop."""
    assert request.reseller is not None
    with context.reading():
        found = care.complaint(number, reseller_id=request.reseller.pk)
    case = care.case_number(found)
    if not case:
        raise NotFound()
    return redirect("office:case", request.reseller.slug, case)
