"""The platform's own pages: what this is, and the ways in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import public
from s2b2c.tenancy import hosts
from s2b2c.tenancy.models import Reseller


@public
@require_safe
def home(request: Request) -> HttpResponse:
    """Say what the platform is; in a demo, show the demo's shops and say that it is one."""
    context = {
        "signup_url": hosts.office_url("/open/"),
        "office_url": hosts.office_url("/"),
        "supply_url": hosts.supply_url("/"),
        "supply_docs_url": hosts.supply_url("/api/v1/docs/"),
        "demo": settings.DEMO,
        "shops": _demo_shops() if settings.DEMO else [],
    }
    return render(request, "platform/home.html", context)


def _demo_shops() -> list[tuple[Reseller, str]]:
    found = Reseller.objects.filter(status=Reseller.Status.OPEN).order_by("pk")[:6]
    return [(reseller, hosts.shop_url(reseller)) for reseller in found]
