"""Keep an order's earnings from being paid out, with a reason, and let them go."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from s2b2c.accounts.http import Request
from s2b2c.accounts.permissions import supplier_role
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.ui import toast
from supplier.services import payout_holds


@supplier_role("finance")
@require_POST
def change(request: Request, slug: str, number: str) -> HttpResponse:
    """Hold the earnings, or let them go; disputes hold on by themselves."""
    held = request.POST.get("held") == "1"
    try:
        payout_holds.set_by_finance(
            slug=slug, number=number, held=held, reason=request.POST.get("reason", "")[:300], actor_id=request.user.pk
        )
    except NotFound:
        raise
    except Refused as refused:
        toast.add(request, str(refused), tone="warn")
    else:
        toast.add(request, gettext("Not paid out until you let it go") if held else gettext("Let go"))
    return redirect("supply:order", slug, number)
